/**
 * The inner loops of every matrix product: eight vectors of sums stay in registers while the terms go by. More would
 * not fit: engines leave a kernel fifteen, and a number that has to wait in memory costs more than a larger tile saves.
 * Nor does a loop of two terms a turn: their loads come first, and again the registers do not do.
 *
 *   rows     [2,16]   two rows of A as they lie, a panel of sixteen columns of B
 *   strip    [4,8]    four columns of A, which lie apart and are packed side by side, a panel of eight columns of B
 *
 * Terms are added in rising order of k, and a sum that was begun goes on: wherever a tile is cut, it is the same sum.
 * Each loop is there twice in the module of fast arithmetic, and once in the other.
 */
export const STRIP_ROWS: u32 = 4;
/** bytes from one k to the next in a packed strip */
export const STRIP_PITCH: usize = 16;
/** and in a panel of eight columns */
const STRIP_PANEL: usize = 32;
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
 * @param pitch bytes from one k to the next in the panel
 * @param begun adds to what is there
 * @param fused terms are added with one rounding; false in the module of plain arithmetic
 */
export function multiplyRows(
  out: usize,
  outStride: usize,
  a: usize,
  stride: usize,
  panel: usize,
  pitch: usize,
  count: u32,
  begun: bool,
  fused: bool,
): void {
  if (ASC_FEATURE_RELAXED_SIMD) if (fused) return rowsOf(out, outStride, a, stride, panel, pitch, count, begun, true);
  rowsOf(out, outStride, a, stride, panel, pitch, count, begun, false);
}

@inline
function rowsOf(
  out: usize,
  outStride: usize,
  a: usize,
  stride: usize,
  panel: usize,
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
  for (const end = a + 4 * count; a < end; a += 4, a1 += 4, panel += pitch) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    const b2 = v128.load(panel, 32);
    const b3 = v128.load(panel, 48);
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

/** The same for four rows, packed as a strip, and eight columns. */
export function multiplyStrip(
  out: usize,
  outStride: usize,
  strip: usize,
  panel: usize,
  count: u32,
  begun: bool,
  fused: bool,
): void {
  if (ASC_FEATURE_RELAXED_SIMD) if (fused) return stripOf(out, outStride, strip, panel, count, begun, true);
  stripOf(out, outStride, strip, panel, count, begun, false);
}

@inline
function stripOf(
  out: usize,
  outStride: usize,
  strip: usize,
  panel: usize,
  count: u32,
  begun: bool,
  fused: bool,
): void {
  const out1 = out + outStride, out2 = out1 + outStride, out3 = out2 + outStride;
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00;
  let c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  if (begun) {
    c00 = v128.load(out);
    c01 = v128.load(out, 16);
    c10 = v128.load(out1);
    c11 = v128.load(out1, 16);
    c20 = v128.load(out2);
    c21 = v128.load(out2, 16);
    c30 = v128.load(out3);
    c31 = v128.load(out3, 16);
  }
  for (const end = strip + STRIP_PITCH * count; strip < end; strip += STRIP_PITCH, panel += STRIP_PANEL) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    const a0 = v128.load_splat<f32>(strip);
    c00 = added(c00, a0, b0, fused);
    c01 = added(c01, a0, b1, fused);
    const a1 = v128.load_splat<f32>(strip, 4);
    c10 = added(c10, a1, b0, fused);
    c11 = added(c11, a1, b1, fused);
    const a2 = v128.load_splat<f32>(strip, 8);
    c20 = added(c20, a2, b0, fused);
    c21 = added(c21, a2, b1, fused);
    const a3 = v128.load_splat<f32>(strip, 12);
    c30 = added(c30, a3, b0, fused);
    c31 = added(c31, a3, b1, fused);
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  v128.store(out1, c10);
  v128.store(out1, c11, 16);
  v128.store(out2, c20);
  v128.store(out2, c21, 16);
  v128.store(out3, c30);
  v128.store(out3, c31, 16);
}
