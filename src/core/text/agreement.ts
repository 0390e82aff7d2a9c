/** How far a share that was counted on few cases can be trusted. */

/** 95 % of a standard normal lie within ±this */
export const Z_95 = 1.959963984540054;

/**
 * Wilson's score interval (Wilson 1927), which stays inside 0–1 and is honest about "8 of 8":
 *   (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)
 * @returns 0 … 1 when there are no cases
 */
export function wilsonInterval(successes: number, cases: number, z = Z_95): { low: number; high: number } {
  if (cases === 0) return { low: 0, high: 1 };
  const share = successes / cases;
  const spread = z * Math.sqrt((share * (1 - share)) / cases + (z * z) / (4 * cases * cases));
  const centre = share + (z * z) / (2 * cases);
  const scale = 1 + (z * z) / cases;
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}
