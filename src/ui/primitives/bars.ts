/** Bars beside each other. A model whose training has broken computes numbers that have no length. */
import { maxOf } from '../../contract/many';

/** @returns the largest of those that are numbers, `least` where there is none */
export const longest = (values: readonly number[], least = 1e-9): number =>
  maxOf(values.filter(Number.isFinite), least);

/** @returns how much of the longest a bar has, 0 to 1: none below 0 or without a number, all where it is endless */
export function shareOfLongest(value: number, most: number): number {
  if (!(value > 0)) return 0;
  return value < most ? value / most : 1;
}

/** @returns the same to either side of zero, −1 to 1 */
export const signedShare = (value: number, most: number): number =>
  value < 0 ? -shareOfLongest(-value, most) : shareOfLongest(value, most);

/** @param whole percent of the longest bar; "37%" */
export const barLength = (value: number, most: number, whole = 100): string =>
  `${whole * shareOfLongest(value, most)}%`;
