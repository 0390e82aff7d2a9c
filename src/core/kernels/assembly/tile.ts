/**
 * The inner loop of every matrix product, and of attention: eight vectors of sums stay in registers while the terms go
 * by. More would not fit: engines leave a kernel fifteen, and a number that has to wait in memory costs more than a
 * larger tile saves. Nor does a loop of two terms a turn: their loads come first, and again the registers do not do. Two
 * rows of sixteen columns are better than four of eight: as many loads, and fewer addresses to reckon.
 *
 *   [2,16]   two rows of A, whose terms lie one after the other or in steps; sixteen columns of B
 *
 * Terms are added in rising order of k, and a sum that was begun goes on: wherever a tile is cut, it is the same sum.
 * The loop is there twice in the module of fast arithmetic, and once in the other.
 */
/** bytes of the results of a tile */
export const TILE_BYTES: usize = 128;

/** @param fused rounds once instead of twice, where a machine can */
@inline
export function added(sum: v128, a: v128, b: v128, fused: bool): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) if (fused) return f32x4.relaxed_madd(a, b, sum);
  return f32x4.add(sum, f32x4.mul(a, b));
}

/**
 * out[i,j] = Σ_k A[i,k]·B[k,j] for two rows and sixteen columns
 * @param outStride, stride bytes from the first row to the second; 0 where there is one
 * @param step bytes from one k to the next in A
 * @param pitch and in B
 * @param begun adds to what is there
 * @param fused terms are added with one rounding; false in the module of plain arithmetic
 */
export function multiplyRows(
  out: usize,
  outStride: usize,
  a: usize,
  stride: usize,
  step: usize,
  b: usize,
  pitch: usize,
  count: u32,
  begun: bool,
  fused: bool,
): void {
  if (ASC_FEATURE_RELAXED_SIMD) if (fused) return rowsOf(out, outStride, a, stride, step, b, pitch, count, begun, true);
  rowsOf(out, outStride, a, stride, step, b, pitch, count, begun, false);
}

@inline
function rowsOf(
  out: usize,
  outStride: usize,
  a: usize,
  stride: usize,
  step: usize,
  b: usize,
  pitch: usize,
  count: u32,
  begun: bool,
  fused: bool,
): void {
  const out1 = out + outStride;
  let c00 = f32x4.splat(0), c01 = c00, c02 = c00, c03 = c00;
  let c10 = c00, c11 = c00, c12 = c00, c13 = c00;
  if (begun) {
    c00 = v128.load(out);
    c01 = v128.load(out, 16);
    c02 = v128.load(out, 32);
    c03 = v128.load(out, 48);
    c10 = v128.load(out1);
    c11 = v128.load(out1, 16);
    c12 = v128.load(out1, 32);
    c13 = v128.load(out1, 48);
  }
  let a1 = a + stride;
  for (const end = a + step * count; a < end; a += step, a1 += step, b += pitch) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    const first = v128.load_splat<f32>(a);
    c00 = added(c00, first, b0, fused);
    c01 = added(c01, first, b1, fused);
    c02 = added(c02, first, b2, fused);
    c03 = added(c03, first, b3, fused);
    const second = v128.load_splat<f32>(a1);
    c10 = added(c10, second, b0, fused);
    c11 = added(c11, second, b1, fused);
    c12 = added(c12, second, b2, fused);
    c13 = added(c13, second, b3, fused);
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  v128.store(out, c02, 32);
  v128.store(out, c03, 48);
  v128.store(out1, c10);
  v128.store(out1, c11, 16);
  v128.store(out1, c12, 32);
  v128.store(out1, c13, 48);
}
