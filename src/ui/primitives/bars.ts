/** Bars beside each other. A model whose training has broken computes numbers that have no length. */
import { maxOf } from '../../contract/many';

/** @returns the largest of those that are numbers, `least` where there is none */
export const longest = (values: readonly number[], least = 1e-9): number =>
  maxOf(values.filter(Number.isFinite), least);

/** @returns how much of the longest a bar has, 0 to 1: none below 0 or without a number, all where it is endless */
export const shareOfLongest = (value: number, most: number): number => (value > 0 ? Math.min(1, value / most) : 0);

/** @param whole percent of the longest bar; "37%" */
export const barLength = (value: number, most: number, whole = 100): string =>
  `${whole * shareOfLongest(value, most)}%`;
