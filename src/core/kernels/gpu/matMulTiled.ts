/**
 * Matrix product for a real GPU: a workgroup computes a square tile of the result. Slices of A and B go through
 * workgroup memory, so that every number of a slice is read once from afar and used by a whole row or column of
 * threads.
 *
 *            B slice  depth × side
 *   A slice  ┌──────┐
 *      side  │ tile │  each thread holds 8 rows × 4 columns of it, or 8
 *   × depth  └──────┘
 *
 * A small tile has teams: each takes its share of a slice's terms for the whole tile, and their sums are added at the
 * end. That keeps the card busy when the result has few tiles, and halves how often a workgroup waits for memory.
 */
import { type Groups, inLine } from './kernel';
import { count, finish, type Product, readFours, SIDE } from './matMulBlocks';

/** rows of a thread */
const TALL = 8;
/** 4×4 blocks of a slice of A, and of B, in both tiles */
const BLOCKS = 64;

interface Tile {
  side: number;
  depth: number;
  teams: 1 | 4;
  /** columns of a thread, in fours that lie apart: neighbouring threads read neighbours */
  wide: 4 | 8;
}

const LARGE = { side: 64, depth: 16, teams: 1 } as const;
const SMALL = { side: 32, depth: 32, teams: 4 } as const;

/** the large tile reads less, the small one makes enough workgroups of a small result */
const tileOf = ({ form, outRows, columns }: Product, wide: 4 | 8): Tile => ({
  ...((form === 'tn' ? outRows! * columns >= 512 * 1024 : columns >= 576) ? LARGE : SMALL),
  wide,
});

/** fours of columns of a thread */
const foursOf = ({ wide }: Tile): number => wide / SIDE;
/** threads side by side in a team */
const threadsAcross = ({ side, wide }: Tile): number => side / wide;
const membersOf = (tile: Tile): number => (tile.side / TALL) * threadsAcross(tile);
const threadsOf = (tile: Tile): number => membersOf(tile) * tile.teams;

export function tiled(
  product: Product,
  wide: 4 | 8,
): { code: string; groups(shape: Readonly<Record<string, number>>): Groups } {
  const tile = tileOf(product, wide);
  const across = Math.ceil(product.columns / tile.side);
  const groups = ({ rows }: Readonly<Record<string, number>>): Groups =>
    inLine(Math.ceil((product.outRows ?? rows!) / tile.side) * across);
  return {
    code: [
      readFours(product, { rows: tile.side, terms: tile.depth, columns: tile.side }),
      finish(product),
      fetchBlocks(product, tile),
      main(product, tile, across),
    ].join('\n'),
    groups,
  };
}

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
const matrix = (column: (i: number) => string): string => `mat4x4<f32>(${range(SIDE).map(column).join(', ')})`;

/** fours of a slice's line: one more than it holds, so that lines begin in different banks */
const lineOf = ({ side }: Tile): number => side / SIDE + 1;
/** where the slice of B begins */
const halfOf = (tile: Tile): number => tile.depth * lineOf(tile);

/** four columns of term k of B, in the forms where they are neighbours; 0 past the last of a running number of terms */
const termOfB = ({ form }: Product, k: string, column: string): string => {
  const four = `bFour(bStart(${k}), ${column})`;
  return form === 'tn' ? `select(vec4<f32>(), ${four}, ${k} < shape.rows)` : four;
};

/**
 * fn fetchA(row, k, block), fn fetchB(k, column, block): a line of a slice holds one term of all rows, or of all
 * columns
 */
function fetchBlocks(product: Product, tile: Tile): string {
  const [fours, down, line] = [tile.side / SIDE, tile.depth / SIDE, lineOf(tile)];
  const { form } = product;
  const a =
    form === 'tn'
      ? matrix((i) => `aFour(aStart(k + term + ${i}u), row + 4u * four)`)
      : `transpose(${matrix((i) => `aFour(aStart(row + 4u * four + ${i}u), k + term)`)})`;
  const b =
    form === 'nt'
      ? `transpose(${matrix((i) => `bFour(bStart(column + 4u * four + ${i}u), k + term)`)})`
      : matrix((i) => termOfB(product, `k + term + ${i}u`, 'column + 4u * four'));
  /** neighbouring threads read neighbours in memory */
  const indices = (alongTerms: boolean): string =>
    alongTerms
      ? `let term = block % ${down}u * 4u;\n  let four = block / ${down}u;`
      : `let term = block / ${fours}u * 4u;\n  let four = block % ${fours}u;`;
  const keep = (offset: number): string =>
    range(SIDE)
      .map((i) => `slices[${offset}u + (term + ${i}u) * ${line}u + four] = found[${i}];`)
      .join('\n  ');
  return `var<workgroup> slices : array<vec4<f32>, ${2 * halfOf(tile)}>;
fn fetchA(row : u32, k : u32, block : u32) {
  ${indices(form !== 'tn')}
  let found = ${a};
  ${keep(0)}
}
fn fetchB(k : u32, column : u32, block : u32) {
  ${indices(form === 'nt')}
  let found = ${b};
  ${keep(halfOf(tile))}
}`;
}

/** sum<row>_<four of columns> */
const sumsOf = (tile: Tile): string[] => range(TALL).flatMap((i) => range(foursOf(tile)).map((j) => `sum${i}_${j}`));

function main(product: Product, tile: Tile, across: number): string {
  const { outRows, inner, columnSums } = product;
  const { side, depth, teams } = tile;
  const [line, members, threads, abreast] = [lineOf(tile), membersOf(tile), threadsOf(tile), threadsAcross(tile)];
  const share = depth / teams;
  const fours = range(foursOf(tile));
  const totals = columnSums ? fours.map((j) => `columnSum${j}`) : [];
  const sums = [...sumsOf(tile), ...totals];
  return `@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(num_workgroups) groups : vec3<u32>, @builtin(local_invocation_index) local : u32) {
  let tile = group.x + group.y * groups.x;
  let row = tile / ${across}u * ${side}u;
  let column = tile % ${across}u * ${side}u;
  if (row >= ${count(outRows)}) { return; }
  let team = local / ${members}u;
  let member = local % ${members}u;
  let high = member / ${abreast}u;
  let four = member % ${abreast}u;
  ${sums.map((sum) => `var ${sum} = vec4<f32>();`).join('\n  ')}
  for (var k = 0u; k < ${count(inner)}; k += ${depth}u) {
    ${fetchSlices(threads)}
    workgroupBarrier();
    for (var term = team * ${share}u; term < (team + 1u) * ${share}u; term++) {
      ${fours.map((j) => `let b${j} = slices[${halfOf(tile)}u + term * ${line}u + four + ${j * abreast}u];`).join('\n      ')}
      let upper = slices[term * ${line}u + 2u * high];
      let lower = slices[term * ${line}u + 2u * high + 1u];
      ${range(TALL)
        .flatMap((i) => fours.map((j) => `sum${i}_${j} += ${i < SIDE ? 'upper' : 'lower'}[${i % SIDE}] * b${j};`))
        .join('\n      ')}
      ${totals.map((total, j) => `${total} += b${j};`).join('\n      ')}
    }
    workgroupBarrier();
  }
  ${teams === 1 ? finishOwn(tile) : addTeams(sums, tile)}
  ${columnSums ? `if (row == 0u && team == 0u && high == 0u) {${totals.map((total, j) => ` finishSums(column + 4u * (four + ${j * abreast}u), ${total});`).join('')} }` : ''}
}`;
}

/** half of the threads fetch a block of A, half of them one of B; half as many fetch one of each */
const fetchSlices = (threads: number): string =>
  threads === BLOCKS
    ? 'fetchA(row, k, local);\n    fetchB(k, column, local);'
    : `if (local < ${BLOCKS}u) { fetchA(row, k, local); } else { fetchB(k, column, local - ${BLOCKS}u); }`;

const finishOwn = (tile: Tile): string =>
  range(TALL)
    .flatMap((i) =>
      range(foursOf(tile)).map(
        (j) =>
          `finish(row + ${TALL}u * high + ${i}u, column + 4u * (four + ${j * threadsAcross(tile)}u), sum${i}_${j});`,
      ),
    )
    .join('\n  ');

/**
 * teams 2 and 3 hand their sums to 0 and 1, then 1 to 0, through the slices' memory; then every thread finishes some of
 * the total
 */
function addTeams(sums: readonly string[], tile: Tile): string {
  const [members, abreast, fours] = [membersOf(tile), threadsAcross(tile), foursOf(tile)];
  const at = (i: number, element: string): string =>
    `slices[${element} * ${sums.length * members}u + ${i * members}u + member]`;
  const handOver = (half: number): string => `if (team >= ${half}u && team < ${2 * half}u) {
    ${sums.map((sum, i) => `${at(i, `(team - ${half}u)`)} = ${sum};`).join('\n    ')}
  }
  workgroupBarrier();
  if (team < ${half}u) {
    ${sums.map((sum, i) => `${sum} += ${at(i, 'team')};`).join('\n    ')}
  }
  workgroupBarrier();`;
  return `${handOver(2)}
  ${handOver(1)}
  if (team == 0u) {
    ${sumsOf(tile)
      .map((sum, i) => `${at(i, 'team')} = ${sum};`)
      .join('\n    ')}
  }
  workgroupBarrier();
  for (var i = local; i < ${TALL * fours * members}u; i += ${threadsOf(tile)}u) {
    let by = i % ${members}u;
    let sum = i / ${members}u;
    finish(row + ${TALL}u * (by / ${abreast}u) + sum / ${fours}u, column + 4u * (by % ${abreast}u + sum % ${fours}u * ${abreast}u), slices[i]);
  }`;
}
