/**
 * Matrix product for a real GPU: a workgroup computes a square tile of the result. Slices of A and B, 16 terms deep, go through
 * workgroup memory, so that every number of a slice is read once from afar and used by a whole row or column of threads.
 *
 *            B slice   16 × tile
 *   A slice  ┌──────┐
 *  tile × 16 │ tile │  each thread holds 8 rows × 4 columns of it
 *            └──────┘
 */
import { type Groups, inLine } from './kernel';
import { count, finish, type Product, readFours, SIDE, termOfB } from './matMulBlocks';

const DEPTH = 16;
/** rows of a thread */
const TALL = 8;

/** the larger tile reads less, the smaller one makes enough workgroups of a small result */
function tileOf({ form, outRows, columns }: Product): number {
  const large = form === 'tn' ? outRows! * columns >= 512 * 1024 : columns >= 512;
  return large ? 64 : 32;
}

export function tiled(product: Product): { code: string; groups(shape: Readonly<Record<string, number>>): Groups } {
  const side = tileOf(product);
  const across = Math.ceil(product.columns / side);
  const groups = ({ rows }: Readonly<Record<string, number>>): Groups => inLine(Math.ceil((product.outRows ?? rows!) / side) * across);
  return { code: codeOf(product, side, across), groups };
}

const terms = [0, 1, 2, 3] as const;

const matrix = (columns: readonly string[]): string => `mat4x4<f32>(${columns.join(', ')})`;

/** column i: four rows of term k + term + i */
function blockOfA({ form }: Product): string {
  if (form === 'tn') return matrix(terms.map((i) => `aFour(aStart(k + term + ${i}u), row + 4u * four)`));
  return `transpose(${matrix(terms.map((i) => `aFour(aStart(row + 4u * four + ${i}u), k + term)`))})`;
}

/** column i: four columns of term k + term + i */
function blockOfB(product: Product): string {
  if (product.form === 'nt') return `transpose(${matrix(terms.map((i) => `bFour(bStart(column + 4u * four + ${i}u), k + term)`))})`;
  return matrix(terms.map((i) => termOfB(product, `k + term + ${i}u`, 'column + 4u * four')));
}

function codeOf(product: Product, side: number, across: number): string {
  const fours = side / SIDE;
  const threads = (side / TALL) * fours;
  const blocks = (DEPTH / SIDE) * fours;
  /** one four more than a line needs, so that lines begin in different banks */
  const line = fours + 1;
  const rows = Array.from({ length: TALL }, (_, i) => i);
  return `${readFours(product, DEPTH)}
${finish(product)}
var<workgroup> aSlice : array<vec4<f32>, ${DEPTH * line}>;
var<workgroup> bSlice : array<vec4<f32>, ${DEPTH * line}>;

fn fetchA(row : u32, k : u32, block : u32) {
  let term = block % ${DEPTH / SIDE}u * 4u;
  let four = block / ${DEPTH / SIDE}u;
  let found = ${blockOfA(product)};
  ${terms.map((i) => `aSlice[(term + ${i}u) * ${line}u + four] = found[${i}];`).join('\n  ')}
}

fn fetchB(k : u32, column : u32, block : u32) {
  let term = block / ${fours}u * 4u;
  let four = block % ${fours}u;
  let found = ${blockOfB(product)};
  ${terms.map((i) => `bSlice[(term + ${i}u) * ${line}u + four] = found[${i}];`).join('\n  ')}
}

@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(num_workgroups) groups : vec3<u32>, @builtin(local_invocation_index) local : u32) {
  let tile = group.x + group.y * groups.x;
  let row = tile / ${across}u * ${side}u;
  let column = tile % ${across}u * ${side}u;
  if (row >= ${count(product.outRows)}) { return; }
  let high = local / ${fours}u;
  let four = local % ${fours}u;
  ${rows.map((i) => `var sum${i} = vec4<f32>();`).join('\n  ')}
  ${product.columnSums ? 'var columnSum = vec4<f32>();' : ''}
  for (var k = 0u; k < ${count(product.inner)}; k += ${DEPTH}u) {
    for (var block = local; block < ${blocks}u; block += ${threads}u) {
      fetchA(row, k, block);
      fetchB(k, column, block);
    }
    workgroupBarrier();
    for (var term = 0u; term < ${DEPTH}u; term++) {
      let b = bSlice[term * ${line}u + four];
      let upper = aSlice[term * ${line}u + 2u * high];
      let lower = aSlice[term * ${line}u + 2u * high + 1u];
      ${rows.map((i) => `sum${i} += ${i < SIDE ? 'upper' : 'lower'}[${i % SIDE}] * b;`).join('\n      ')}
      ${product.columnSums ? 'columnSum += b;' : ''}
    }
    workgroupBarrier();
  }
  ${rows.map((i) => `finish(row + ${TALL}u * high + ${i}u, column + 4u * four, sum${i});`).join('\n  ')}
  ${product.columnSums ? 'if (row == 0u && high == 0u) { finishSums(column + 4u * four, columnSum); }' : ''}
}`;
}
