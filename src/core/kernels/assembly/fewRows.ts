/**
 * Products of one row or two, where every number of B is used once or twice: a token that is written at a time. Then a
 * core waits for memory, and what counts is that B is read once, in the order in which it lies, and nothing is packed.
 *
 *   nn   rows of B, four at a time: out[j] += a[k]·B[k][j] … a[k+3]·B[k+3][j]       the sums lie in out, near by
 *   nt   rows of B, eight at a time, each a sum of its own, turned in registers
 *
 * Terms are added in rising order of k, as in tile.ts: the bits are the same.
 */
import { added } from './tile';
import { load4, store4 } from './vectors';

/** out[j] = Σ_k a[k]·B[k][j] for `columns` j, going on where `begun`; @param stride bytes from a row of B to the next */
export function multiplyAcross(out: usize, a: usize, b: usize, stride: usize, columns: i32, count: u32, begun: bool, fused: bool): void {
  if (ASC_FEATURE_RELAXED_SIMD) if (fused) return across(out, a, b, stride, columns, count, begun, true);
  across(out, a, b, stride, columns, count, begun, false);
}

@inline
function across(out: usize, a: usize, b: usize, stride: usize, columns: i32, count: u32, begun: bool, fused: bool): void {
  let k: u32 = 0;
  for (; k + 4 <= count; k += 4, a += 16, b += 4 * stride) addFour(out, a, b, stride, columns, begun || k > 0, fused);
  for (; k < count; k++, a += 4, b += stride) addOne(out, a, b, columns, begun || k > 0, fused);
}

@inline
function addFour(out: usize, a: usize, b: usize, stride: usize, columns: i32, begun: bool, fused: bool): void {
  const a0 = v128.load_splat<f32>(a), a1 = v128.load_splat<f32>(a, 4);
  const a2 = v128.load_splat<f32>(a, 8), a3 = v128.load_splat<f32>(a, 12);
  const none = f32x4.splat(0);
  let b1 = b + stride, b2 = b1 + stride, b3 = b2 + stride;
  for (; columns >= 4; columns -= 4, out += 16, b += 16, b1 += 16, b2 += 16, b3 += 16) {
    const first = added(begun ? v128.load(out) : none, a0, v128.load(b), fused);
    const second = added(first, a1, v128.load(b1), fused);
    const third = added(second, a2, v128.load(b2), fused);
    v128.store(out, added(third, a3, v128.load(b3), fused));
  }
  if (columns == 0) return;
  const first = added(begun ? load4(out, columns) : none, a0, load4(b, columns), fused);
  const second = added(first, a1, load4(b1, columns), fused);
  const third = added(second, a2, load4(b2, columns), fused);
  store4(out, added(third, a3, load4(b3, columns), fused), columns);
}

@inline
function addOne(out: usize, a: usize, b: usize, columns: i32, begun: bool, fused: bool): void {
  const a0 = v128.load_splat<f32>(a);
  for (; columns > 0; columns -= 4, out += 16, b += 16)
    store4(out, added(begun ? load4(out, columns) : f32x4.splat(0), a0, load4(b, columns), fused), columns);
}

/** out[n] = Σ_k a[k]·B[n][k] for `rows` n; @param stride bytes from a row of B to the next */
export function multiplyAlong(out: usize, a: usize, b: usize, stride: usize, rows: i32, count: u32, fused: bool): void {
  if (ASC_FEATURE_RELAXED_SIMD) if (fused) return along(out, a, b, stride, rows, count, true);
  along(out, a, b, stride, rows, count, false);
}

@inline
function along(out: usize, a: usize, b: usize, stride: usize, rows: i32, count: u32, fused: bool): void {
  for (; rows >= 8; rows -= 8, out += 32, b += 8 * stride) {
    const low = b, high = b + 4 * stride;
    let sum = f32x4.splat(0), other = sum;
    let k: u32 = 0;
    for (; k + 4 <= count; k += 4) {
      sum = addTurned(sum, a + 4 * k, low + 4 * k, stride, fused);
      other = addTurned(other, a + 4 * k, high + 4 * k, stride, fused);
    }
    for (; k < count; k++) {
      const factor = v128.load_splat<f32>(a + 4 * k);
      sum = added(sum, factor, column(low + 4 * k, stride), fused);
      other = added(other, factor, column(high + 4 * k, stride), fused);
    }
    v128.store(out, sum);
    v128.store(out, other, 16);
  }
  for (; rows > 0; rows--, out += 4, b += stride) {
    let sum = f32x4.splat(0);
    for (let k: u32 = 0; k < count; k++) sum = added(sum, v128.load_splat<f32>(a + 4 * k), v128.load_splat<f32>(b + 4 * k), fused);
    store<f32>(out, f32x4.extract_lane(sum, 0));
  }
}

@inline
function column(b: usize, stride: usize): v128 {
  return f32x4(load<f32>(b), load<f32>(b + stride), load<f32>(b + 2 * stride), load<f32>(b + 3 * stride));
}

/** four terms of four sums: numbers k … k + 3 of four rows */
@inline
function addTurned(sum: v128, a: usize, b: usize, stride: usize, fused: bool): v128 {
  const r0 = v128.load(b), r1 = v128.load(b + stride), r2 = v128.load(b + 2 * stride), r3 = v128.load(b + 3 * stride);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  const first = added(sum, v128.load_splat<f32>(a), v128.shuffle<f32>(low01, low23, 0, 1, 4, 5), fused);
  const second = added(first, v128.load_splat<f32>(a, 4), v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), fused);
  const third = added(second, v128.load_splat<f32>(a, 8), v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), fused);
  return added(third, v128.load_splat<f32>(a, 12), v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), fused);
}
