/**
 * exp, log and GELU of our own, from plain IEEE operations: every browser rounds them alike, and every number of
 * threads. The polynomial of exp is that of Moshier's Cephes (expf.c).
 */

const LOG2E: f32 = 1.44269504088896341;
/** ln 2 in two parts, so that n·ln 2 is exact enough */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
/** beyond, the power of two has no exponent */
const LOWEST: f32 = -87.0;
const HIGHEST: f32 = 88.0;
/** 1.5·2²³: a number plus this has its whole part in the lowest bits */
const ROUNDER: f32 = 12582912.0;

/** e^x for −87 ≤ x ≤ 88 */
@inline
function expWithin(x: v128): v128 {
  const rounded = f32x4.add(f32x4.mul(x, f32x4.splat(LOG2E)), f32x4.splat(ROUNDER));
  const n = f32x4.sub(rounded, f32x4.splat(ROUNDER));
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, f32x4.splat(LN2_HIGH))), f32x4.mul(n, f32x4.splat(LN2_LOW)));
  let p = f32x4.add(f32x4.mul(f32x4.splat(1.9875691500e-4), r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1));
  return i32x4.add(p, i32x4.shl(rounded, 23)); // times 2ⁿ: n is added to the exponent
}

@inline
function bounded(x: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, f32x4.splat(LOWEST)), f32x4.splat(HIGHEST));
}

/** e^x; 0 below e^−87, e^88 above; what is not a number stays none */
@inline
export function exp4(x: v128): v128 {
  return v128.andnot(expWithin(bounded(x)), f32x4.lt(x, f32x4.splat(LOWEST)));
}

@inline
export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

const SQRT2: f64 = 1.4142135623730951;
const LN2: f64 = 0.6931471805599453;

/** ln x for x > 0: x = 2^e·m with m around 1, ln m = 2·artanh((m − 1)/(m + 1)) as a series */
export function log1(x: f32): f32 {
  const bits = reinterpret<u64>(<f64>x);
  let exponent = <f64>(<i32>((bits >> 52) & 0x7ff) - 1023);
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > SQRT2) {
    m *= 0.5;
    exponent += 1;
  }
  const s = (m - 1) / (m + 1);
  const q = s * s;
  const series = 1 + q * (1.0 / 3 + q * (1.0 / 5 + q * (1.0 / 7 + q * (1.0 / 9 + q * (1.0 / 11 + q * (1.0 / 13))))));
  return <f32>(exponent * LN2 + 2 * s * series);
}

/** 2√(2/π) and that times 0.044715, as in ops/gelu.ts */
const LINEAR: f32 = 1.5957691216057308;
const CUBIC: f32 = 0.07135481627159862;

/** σ(2u) of GELU in the form x·σ(2u) */
@inline
export function geluGate(x: v128): v128 {
  const bend = f32x4.add(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-CUBIC)), f32x4.splat(-LINEAR));
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), expWithin(bounded(f32x4.mul(x, bend)))));
}

/** d/dx x·σ(w) = σ + x·σ·(1−σ)·w′; @param bent x·σ */
@inline
export function geluSlope(x: v128, gate: v128, bent: v128): v128 {
  const slope = f32x4.add(f32x4.mul(f32x4.mul(x, x), f32x4.splat(3 * CUBIC)), f32x4.splat(LINEAR));
  return f32x4.add(gate, f32x4.mul(f32x4.mul(bent, f32x4.sub(f32x4.splat(1), gate)), slope));
}
