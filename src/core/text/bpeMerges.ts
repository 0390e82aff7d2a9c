/**
 * What training byte-pair encoding and encoding with it share: merges, pairs, and the plain way to carry a merge out.
 */

/** two token ids; the i-th merge makes token 256 + i */
export type Merge = [left: number, right: number];

export const BYTES = 256;

/** pairs as one number: token ids stay far below 2²⁰ */
const PAIR_BASE = 2 ** 20;
export const pairKey = (left: number, right: number): number => left * PAIR_BASE + right;

/** @returns `ids` with every (left, right) replaced by `id`, from left to right */
export function mergePair(ids: readonly number[], left: number, right: number, id: number): number[] {
  const merged: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === left && ids[i + 1] === right) {
      merged.push(id);
      i++;
    } else merged.push(ids[i] as number);
  }
  return merged;
}
