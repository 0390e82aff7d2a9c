/**
 * WGSL that the forward and the backward pass of `attentionSolitary.ts` share: vectors four to a matrix, read and
 * written through loops, and one line written out for each unit of a head.
 */
import type { HeadShape } from './headLayout';

const THREADS = 4;
export const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

export interface Solitary {
  code: string;
  /** threads for one batch row */
  threads(length: number): number;
  threadsPerGroup: number;
}

/** @param blocks of four vectors that a thread owns */
export const head = ({ heads, width }: HeadShape, blocks: number): string => {
  const size = width / heads;
  return `
alias Four = vec4<f32>;
alias Block = mat4x4<f32>;
const HEADS = ${heads}u;
const SIZE = ${size}u;
const WIDTH = ${width}u;
const OWNED = ${4 * blocks}u;
const SCALE : f32 = ${1 / Math.sqrt(size)};
const NEVER : f32 = -1e30;
/** which of four columns are seen from these rows */
fn sees(i : vec4<u32>, j : vec4<u32>, pad : u32) -> vec4<bool> { return (j <= i) & ((j >= vec4<u32>(pad)) | (j == i)); }
fn next(first : u32) -> vec4<u32> { return vec4<u32>(first, first + 1u, first + 2u, first + 3u); }
`;
};

/** `<name>Four(offset, c)`: numbers c … c+3 of the vector that begins at `offset`, zeros beyond its end */
export const reader = (name: string, size: number): string => {
  const numbers = range(4).map((i) => `${name}[offset + c + ${i}u]`);
  const guarded = numbers.map((number, i) => (i === 0 ? number : `select(0.0, ${number}, c + ${i}u < SIZE)`));
  return `
fn ${name}Four(offset : u32, c : u32) -> Four { return ${size % 4 === 0 ? `${name}[(offset + c) / 4u]` : `Four(${guarded.join(', ')})`}; }`;
};

export const writer = (name: string, size: number): string => `
fn write_${name}(offset : u32, c : u32, four : Four) {
  ${
    size % 4 === 0
      ? `${name}[(offset + c) / 4u] = four;`
      : range(4)
          .map((i) => `if (c + ${i}u < SIZE) { ${name}[offset + c + ${i}u] = four[${i}]; }`)
          .join('\n  ')
  }
}`;

/** Writes vector after vector of many blocks, in one loop so that it is compiled once. */
export const writeAll = (name: string, blocks: string[], units: number, factor = ''): string => `
  {
    var all = array<Block, ${blocks.length}>(${blocks.join(', ')});
    for (var e = 0u; e < ${4 * blocks.length}u; e++) {
      let i = first + e / ${4 * units}u * 4u + e % 4u;
      if (i >= shape.length) { continue; }
      write_${name}(offsetOf_${name}(start + i) + column, e / 4u % ${units}u * 4u, all[e / 4u][e % 4u]${factor});
    }
  }`;

/** rows of four columns; a column beyond the end stands for the last */
export const ROWS = `
fn rowsOf(start : u32, i : u32) -> vec4<u32> { return start + min(next(i), vec4<u32>(shape.length - 1u)); }`;

export const begin = (halves: number): string => `
@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id : vec3<u32>, @builtin(num_workgroups) groups : vec3<u32>) {
  let index = id.x + id.y * groups.x * ${THREADS}u;
  let tiles = (shape.length + OWNED - 1u) / OWNED;
  let half = tiles * HEADS * shape.batch;
  if (index >= ${halves}u * half) { return; }
  let b = index % half / HEADS / tiles;
  let column = index % half % HEADS * SIZE;
  let first = index % half / HEADS % tiles * OWNED;
  let start = b * shape.length;
  let pad = u32(leftPad[b]);`;

export const vectors = (name: string, blocks: number, units: number): string[] =>
  range(blocks).flatMap((c) => range(units).map((u) => `${name}${c}_${u}`));

/** one line for each block and unit */
export const each = (blocks: number, units: number, line: (c: number, u: number) => string): string =>
  range(blocks)
    .flatMap((c) => range(units).map((u) => line(c, u)))
    .join('\n  ');

export const eachBlock = (blocks: number, line: (c: number) => string): string => range(blocks).map(line).join('\n  ');

export const unitsOf = ({ heads, width }: HeadShape): number => Math.ceil(width / heads / 4);

export const solitary = (code: string, blocks: number, shape: HeadShape, halves: number): Solitary => ({
  code,
  threads: (length) => halves * shape.heads * Math.ceil(length / (4 * blocks)),
  threadsPerGroup: THREADS,
});
