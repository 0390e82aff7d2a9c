/**
 * How far a share can be trusted that was counted on a few cases, and what the agreement of a voter with themselves
 * says of a judge.
 */

/** 95 % of a standard normal lie within ±this */
export const Z_95 = 1.959963984540054;

/** A share with its 95 % interval, and how many cases it was counted on. */
export interface Share {
  share: number;
  low: number;
  high: number;
  count: number;
}

/**
 * From so many cases on a share is shown as one: below, a single case moves it by more than a tenth. Fewer are shown as
 * a count with its interval, no curve is drawn of them, and nothing (an epoch, a number of steps) is chosen by them.
 */
export const ENOUGH_CASES = 10;

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

/** @returns successes ÷ count with its interval; 0 when nothing was counted */
export const counted = (successes: number, count: number): Share => ({
  share: count === 0 ? 0 : successes / count,
  ...wilsonInterval(successes, count),
  count,
});

/**
 * How often a voter chooses what they really prefer, from how often two answers of theirs to the same pair agree. They
 * agree when both are right or both are slips; with slips that are independent and equally likely on either occasion
 *   c = p² + (1 − p)²,   so   p = (1 + √(2c − 1)) / 2
 * A judge that knew the voter's mind would side with single votes as often, so p is the ceiling of accuracy on them,
 * and c is not.
 * @param agreement c, a share of repeats
 * @returns ½ … 1; ½ where repeats agree no more than by chance (c ≤ ½)
 */
export const intendedShare = (agreement: number): number => (1 + Math.sqrt(Math.max(0, 2 * agreement - 1))) / 2;

/** The same of an agreement with its interval: p grows with c, so the ends stay the ends. */
export const intended = ({ share, low, high, count }: Share): Share => ({
  share: intendedShare(share),
  low: intendedShare(low),
  high: intendedShare(high),
  count,
});
