/** How many more duels would tell two models apart, if the difference that stands there now is real. */
import { sigmoid } from './scale';

/** of the normal distribution, two sides, 95 % */
export const Z = 1.959963984540054;

export const isSeparated = (difference: number, variance: number): boolean =>
  Math.abs(difference) > Z * Math.sqrt(variance);

/**
 * The smallest m with |d| > z √(v / (1 + m w v)): each further duel between the two adds the information w = p (1 − p).
 * @param difference d of log strengths
 * @param variance   v of that difference now; Infinity where there is no duel yet
 * @returns Infinity where they are equal
 */
export function votesNeeded(difference: number, variance: number): number {
  const p = sigmoid(difference);
  const missing = Z ** 2 / difference ** 2 - 1 / variance;
  return Math.max(0, Math.ceil(missing / (p * (1 - p))));
}
