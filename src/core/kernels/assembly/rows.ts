/** Sums over the rows of a matrix and along them, which attention and its gradient are made of. */
import { packTurned } from './packing';
import { multiplyRows } from './tile';
import { load4, store4 } from './vectors';

/**
 * to[c] = Σ_n weights[n]·rows[n][c] for c < size, in rising order of n
 * @param weightStride, rowStride bytes
 */
export function weighRows(to: usize, weights: usize, weightStride: usize, rows: usize, rowStride: usize, count: u32, size: i32): void {
  let c: i32 = 0;
  for (; c + 16 <= size; c += 16) weighSixteen(to + 4 * c, weights, weightStride, rows + 4 * c, rowStride, count);
  for (; c < size; c += 4) {
    let sum = f32x4.splat(0);
    let weight = weights;
    let row = rows + 4 * c;
    for (let n: u32 = 0; n < count; n++, weight += weightStride, row += rowStride)
      sum = f32x4.add(sum, f32x4.mul(v128.load_splat<f32>(weight), load4(row, size - c)));
    store4(to + 4 * c, sum, size - c);
  }
}

function weighSixteen(to: usize, weight: usize, weightStride: usize, row: usize, rowStride: usize, count: u32): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let n: u32 = 0; n < count; n++, weight += weightStride, row += rowStride) {
    const w = v128.load_splat<f32>(weight);
    s0 = f32x4.add(s0, f32x4.mul(w, v128.load(row)));
    s1 = f32x4.add(s1, f32x4.mul(w, v128.load(row, 16)));
    s2 = f32x4.add(s2, f32x4.mul(w, v128.load(row, 32)));
    s3 = f32x4.add(s3, f32x4.mul(w, v128.load(row, 48)));
  }
  v128.store(to, s0);
  v128.store(to, s1, 16);
  v128.store(to, s2, 32);
  v128.store(to, s3, 48);
}

/**
 * The same for two sums over the same rows, to the same bits.
 * @param toStride, nextStride bytes from the first sum to the second, and from its weights to the other's
 */
export function weighRowsTwice(
  to: usize,
  toStride: usize,
  weights: usize,
  nextStride: usize,
  weightStride: usize,
  rows: usize,
  rowStride: usize,
  count: u32,
  size: i32,
): void {
  const tiled = size & ~15;
  for (let c: i32 = 0; c < tiled; c += 16)
    multiplyRows(to + 4 * c, toStride, weights, nextStride, weightStride, rows + 4 * c, rowStride, count, false, false);
  if (tiled == size) return;
  weighRows(to + 4 * tiled, weights, weightStride, rows + 4 * tiled, rowStride, count, size - tiled);
  weighRows(to + toStride + 4 * tiled, weights + nextStride, weightStride, rows + 4 * tiled, rowStride, count, size - tiled);
}

/**
 * scores[j] = Σ_d query[d]·turned[d][j] for j from `from` to `end`, sixteen at a time
 * @param turned [size, pitch / 4], room for whole sixteens; @param pitch bytes; @param from a multiple of 16
 */
export function scoreColumns(scores: usize, query: usize, turned: usize, pitch: usize, size: u32, from: u32, end: u32): void {
  for (let j = from; j < end; j += 16) {
    let column = turned + 4 * j;
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let d: u32 = 0; d < size; d++, column += pitch) {
      const q = v128.load_splat<f32>(query + 4 * d);
      s0 = f32x4.add(s0, f32x4.mul(q, v128.load(column)));
      s1 = f32x4.add(s1, f32x4.mul(q, v128.load(column, 16)));
      s2 = f32x4.add(s2, f32x4.mul(q, v128.load(column, 32)));
      s3 = f32x4.add(s3, f32x4.mul(q, v128.load(column, 48)));
    }
    v128.store(scores + 4 * j, s0);
    v128.store(scores + 4 * j, s1, 16);
    v128.store(scores + 4 * j, s2, 32);
    v128.store(scores + 4 * j, s3, 48);
  }
}

/** The same for two queries, to the same bits. @param scoresStride, queryStride bytes from the first to the second */
export function scoreColumnsTwice(
  scores: usize,
  scoresStride: usize,
  query: usize,
  queryStride: usize,
  turned: usize,
  pitch: usize,
  size: u32,
  from: u32,
  end: u32,
): void {
  for (let j = from; j < end; j += 16)
    multiplyRows(scores + 4 * j, scoresStride, query, queryStride, 4, turned + 4 * j, pitch, size, false, false);
}

/**
 * scores[j] = Σ_d query[d]·keys[j][d] for j < count, each the same sum as in `scoreColumns`
 * @param stride bytes; @param turned room for four keys
 */
export function scoreKeys(
  scores: usize,
  query: usize,
  keys: usize,
  stride: usize,
  size: u32,
  count: u32,
  turned: usize,
): void {
  for (let j: u32 = 0; j < count; j += 4, keys += 4 * stride) {
    packTurned(turned, 16, keys, stride, min(4, count - j), size);
    let sum = f32x4.splat(0);
    for (let d: u32 = 0; d < size; d++)
      sum = f32x4.add(sum, f32x4.mul(v128.load_splat<f32>(query + 4 * d), v128.load(turned + 16 * d)));
    store4(scores + 4 * j, sum, <i32>(count - j));
  }
}

/** Σ a[c]·b[c] for c < size: four sums side by side, then added up */
export function dot(a: usize, b: usize, size: i32): f32 {
  let sum = f32x4.splat(0);
  for (let c: i32 = 0; c < size; c += 4) sum = f32x4.add(sum, f32x4.mul(load4(a + 4 * c, size - c), load4(b + 4 * c, size - c)));
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}
