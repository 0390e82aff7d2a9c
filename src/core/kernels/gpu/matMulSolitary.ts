/**
 * Matrix product for an emulated GPU. There a read costs as much as twenty multiplications, whether four lanes read one
 * number or four, and nothing is gained by sharing; so an invocation computes a large tile of the result alone, and
 * each number it reads serves as many products as the tile is wide. Four terms at a time, because carrying a sum
 * through a loop is dear as well.
 */
import { append } from '../../../contract/many';
import { type Groups, inLine } from './kernel';
import { count, finish, type Product, readFours, SIDE } from './matMulBlocks';

const WORKGROUP = 8;

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

interface Tile {
  rows: number;
  /** in blocks of four columns */
  across: number;
}

/** a larger tile reads less, but takes longer to compile: small products, which take no time anyway, get a small one */
function tileOf({ form, outRows, inner, columns }: Product): Tile {
  const large = columns >= 48 && (form === 'tn' ? outRows! : inner!) >= 48;
  return { rows: large ? 16 : 8, across: Math.min(large ? 4 : 2, Math.ceil(columns / SIDE)) };
}

export function solitary(product: Product): { code: string; groups(shape: Readonly<Record<string, number>>): Groups } {
  const tile = tileOf(product);
  const tilesAcross = Math.ceil(product.columns / (SIDE * tile.across));
  const groups = ({ rows }: Readonly<Record<string, number>>): Groups =>
    inLine(Math.ceil((Math.ceil((product.outRows ?? rows!) / tile.rows) * tilesAcross) / WORKGROUP));
  const code = `${readFours(product, { rows: tile.rows, terms: SIDE, columns: SIDE * tile.across })}
${finish(product)}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(num_workgroups) groups : vec3<u32>, @builtin(local_invocation_index) local : u32) {
  let tile = (group.x + group.y * groups.x) * ${WORKGROUP}u + local;
  let row = tile / ${tilesAcross}u * ${tile.rows}u;
  let column = tile % ${tilesAcross}u * ${SIDE * tile.across}u;
  if (row >= ${count(product.outRows)}) { return; }
  ${sumUp(product, tile)}
  ${storeTile(tile)}
  ${
    product.columnSums
      ? `if (row == 0u) {\n    ${range(tile.across)
          .map((j) => `finishSums(column + ${SIDE * j}u, columnSum${j});`)
          .join('\n    ')}\n  }`
      : ''
  }
}`;
  return { code, groups };
}

/** declares sum<row>_<block> and columnSum<block>, and fills them */
function sumUp(product: Product, { rows, across }: Tile): string {
  const { form, inner, columnSums } = product;
  const sums = range(rows).flatMap((i) => range(across).map((j) => `sum${i}_${j}`));
  if (columnSums)
    append(
      sums,
      range(across).map((j) => `columnSum${j}`),
    );
  const lines = [
    ...sums.map((sum) => `var ${sum} = vec4<f32>();`),
    ...(form === 'tn' ? [] : range(rows).map((i) => `let aStart${i} = aStart(row + ${i}u);`)),
    ...(form === 'nt' ? range(SIDE * across).map((j) => `let bStart${j} = bStart(column + ${j}u);`) : []),
    `for (var k = 0u; k < ${count(inner)}; k += 4u) {`,
    ...linesOfTerms(product),
    ...range(across).map((j) => `  let b${j} = ${blockOfB(product, j)};`),
    ...(columnSums ? range(across).map((j) => `  columnSum${j} += b${j}[0] + b${j}[1] + b${j}[2] + b${j}[3];`) : []),
    ...range(rows / SIDE).flatMap((i) => multiply(product, i, across)),
    '}',
  ];
  return lines.join('\n  ');
}

/** where four terms begin, in the forms where a term is a line, and which of them there are */
function linesOfTerms({ form }: Product): string[] {
  const b = form === 'nt' ? [] : range(SIDE).map((i) => `  let bLine${i} = bStart(k + ${i}u);`);
  if (form !== 'tn') return b;
  return [
    ...b,
    ...range(SIDE).flatMap((i) => [`  let aLine${i} = aStart(k + ${i}u);`, `  let real${i} = k + ${i}u < shape.rows;`]),
  ];
}

/** a matrix whose column i holds four columns of term k + i */
function blockOfB({ form }: Product, block: number): string {
  const four = (i: number): string => {
    if (form === 'nt') return `bFour(bStart${SIDE * block + i}, k)`;
    const found = `bFour(bLine${i}, column + ${SIDE * block}u)`;
    return form === 'tn' ? `select(vec4<f32>(), ${found}, real${i})` : found;
  };
  const fours = `mat4x4<f32>(${range(SIDE).map(four).join(', ')})`;
  return form === 'nt' ? `transpose(${fours})` : fours;
}

/** four terms of each of four rows */
function multiply({ form }: Product, block: number, across: number): string[] {
  const rows = range(SIDE).map((i) => SIDE * block + i);
  const turned = `  let a${block} = transpose(mat4x4<f32>(${range(SIDE)
    .map((i) => `aFour(aLine${i}, row + ${SIDE * block}u)`)
    .join(', ')}));`;
  const read = form === 'tn' ? [turned] : [];
  const term = (row: number): string => (form === 'tn' ? `a${block}[${row % SIDE}]` : `terms${row}`);
  return [
    ...read,
    ...rows.flatMap((row) => [
      ...(form === 'tn' ? [] : [`  let terms${row} = aFour(aStart${row}, k);`]),
      ...range(across).map((j) => `  sum${row}_${j} += b${j} * ${term(row)};`),
    ]),
  ];
}

/** through an array and a loop, so that the code that finishes a sum is compiled once */
function storeTile({ rows, across }: Tile): string {
  const all = range(rows).flatMap((i) => range(across).map((j) => `sum${i}_${j}`));
  return `var sums = array<vec4<f32>, ${rows * across}>(${all.join(', ')});
  for (var i = 0u; i < ${rows * across}u; i++) { finish(row + i / ${across}u, column + i % ${across}u * 4u, sums[i]); }`;
}
