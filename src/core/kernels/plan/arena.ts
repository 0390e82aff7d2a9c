/**
 * Where the intermediate values of a plan live: one buffer, laid out once. Two values may share memory when one is no
 * longer read before the other is written.
 *
 *   value     a ████
 *             b    ██████         a and c share
 *             c         ████
 *   dispatch    0 1 2 3 4 5
 */

/** The part of a dispatch list in which a value is needed, both ends included. */
export interface Lifetime {
  bytes: number;
  first: number;
  last: number;
}

export interface ArenaLayout {
  /** bytes, one per lifetime, in their order */
  offsets: number[];
  size: number;
}

/** what bind groups may start at on every device */
export const ALIGNMENT = 256;

export const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

const meet = (a: Lifetime, b: Lifetime): boolean => a.first <= b.last && b.first <= a.last;

/** lowest offset where nothing that is alive at the same time lies; @param taken sorted by offset */
function lowestGap(bytes: number, taken: readonly { offset: number; end: number }[]): number {
  let offset = 0;
  for (const range of taken) {
    if (offset + bytes <= range.offset) return offset;
    offset = Math.max(offset, range.end);
  }
  return offset;
}

/**
 * Largest first, each at the lowest offset that is free over its lifetime.
 * @param share false gives every value memory of its own, to find a value that is read before it was written
 */
export function layOut(lifetimes: readonly Lifetime[], share = true): ArenaLayout {
  const offsets: number[] = new Array(lifetimes.length).fill(0);
  const order = lifetimes.map((_, i) => i).sort((a, b) => lifetimes[b]!.bytes - lifetimes[a]!.bytes || a - b);
  const laid: number[] = [];
  let size = 0;
  for (const i of order) {
    const own = lifetimes[i]!;
    const bytes = aligned(own.bytes);
    const taken = laid
      .filter((j) => !share || meet(own, lifetimes[j]!))
      .map((j) => ({ offset: offsets[j]!, end: offsets[j]! + aligned(lifetimes[j]!.bytes) }))
      .sort((a, b) => a.offset - b.offset);
    offsets[i] = lowestGap(bytes, taken);
    size = Math.max(size, offsets[i]! + bytes);
    laid.push(i);
  }
  return { offsets, size };
}
