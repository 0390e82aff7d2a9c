/**
 * ln, cos and whole powers from plain IEEE operations. The language leaves the last bits of `Math.log`, `Math.cos` and
 * `**` to each browser; where they decide what a seed gives, or what a step of the optimiser is, these are used
 * instead.
 *
 * ln and cos after fdlibm (Sun Microsystems 1993, e_log.c, k_cos.c, k_sin.c, e_rem_pio2.c), within one unit in the last
 * place.
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const LOG = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
  0.15313837699209373, 0.14798198605116586,
];

const bits = new DataView(new ArrayBuffer(8));

/** x = m·2^exponent, m around 1 */
function split(x: number): { m: number; exponent: number } {
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  const exponent = (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  const m = bits.getFloat64(0);
  return m > Math.SQRT2 ? { m: m / 2, exponent: exponent + 1 } : { m, exponent };
}

/** a polynomial by Horner's rule, lowest power first */
const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);

/**
 *   ln(1 + f) = f − f²/2 + s·(f²/2 + R(s²)),   s = f/(2 + f)
 * @param x above 0, not so small that its exponent is
 */
export function naturalLog(x: number): number {
  const { m, exponent } = split(x);
  const f = m - 1;
  const s = f / (2 + f);
  const half = 0.5 * f * f;
  const rest = s * (half + s * s * polynomial(LOG, s * s));
  return exponent * LN2_HIGH - (half - (rest + exponent * LN2_LOW) - f);
}

const COS = [
  0.0416666666666666, -0.001388888888887411, 0.00002480158728947673, -2.7557314351390663e-7, 2.087572321298175e-9,
  -1.1359647557788195e-11,
];
const SIN = [
  -0.16666666666666632, 0.00833333333332249, -0.0001984126982985795, 0.0000027557313707070068, -2.5050760253406863e-8,
  1.58969099521155e-10,
];
/** π/2 in parts of 33 bits, so that multiples of a few are exact */
const HALF_PI = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21];

function cosineNear(x: number, tail: number): number {
  const square = x * x;
  const half = 0.5 * square;
  const whole = 1 - half;
  return whole + (1 - whole - half + (square * square * polynomial(COS, square) - x * tail));
}

function sineNear(x: number, tail: number): number {
  const square = x * x;
  const rest = polynomial(SIN.slice(1), square);
  return x - (square * (0.5 * tail - square * x * rest) - tail - square * x * SIN[0]!);
}

/** @param x a few turns at most */
export function cosine(x: number): number {
  const quarter = Math.round(x * (2 / Math.PI));
  const coarse = x - quarter * HALF_PI[0]!;
  const fine = quarter * HALF_PI[1]!;
  const near = coarse - fine;
  const tail = coarse - near - fine - quarter * HALF_PI[2]!;
  switch (((quarter % 4) + 4) % 4) {
    case 0:
      return cosineNear(near, tail);
    case 1:
      return -sineNear(near, tail);
    case 2:
      return -cosineNear(near, tail);
    default:
      return sineNear(near, tail);
  }
}

/** base^exponent by squaring; @param exponent a whole number from 0 */
export function wholePower(base: number, exponent: number): number {
  let [power, square] = [1, base];
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2), square *= square)
    if (rest % 2 === 1) power *= square;
  return power;
}
