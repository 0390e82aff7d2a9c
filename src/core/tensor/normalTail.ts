/**
 * The tail of the standard normal distribution, 1 − Φ(x) for x ≥ 0, as a polynomial in t = 1 / (1 + p·x) times
 * e^(−x²/2): Abramowitz & Stegun 1964, 7.1.26, whose error of erf is at most 1.5e-7.
 */
export const TAIL = {
  /** p of the formula, of a distance in deviations */
  slope: 0.3275911 / Math.SQRT2,
  /** factors of t, t², …; half of those for 1 − erf */
  factors: [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429].map((factor) => factor / 2),
} as const;

/** @returns Φ(x), the share of a standard normal below x */
export function normalShare(x: number): number {
  const t = 1 / (1 + TAIL.slope * Math.abs(x));
  const tail = TAIL.factors.reduceRight((sum, factor) => (sum + factor) * t, 0) * Math.exp((-x * x) / 2);
  return x > 0 ? 1 - tail : tail;
}
