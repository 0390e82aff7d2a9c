/** Rows that say something together: what is found in them, in steps. */
import { rankable, ranksOf } from './ranked';
import { RowRefusal } from './refuse';
import type { ForeignRefusal, ForeignRow } from './rows';
import type { Cells } from './table';

export interface PlacedCells {
  at: number;
  cells: Cells;
}

export interface Grouped {
  found: { at: number; row: ForeignRow }[];
  refused: ForeignRefusal[];
}

/** rows, or groups of them, between two chances to do something else */
const STEP = 1000;

/** In steps: the same work for each of many. */
export function* each<T>(all: Iterable<T>, work: (one: T) => void): Generator<undefined, void> {
  let done = 0;
  for (const one of all) {
    if (++done % STEP === 0) yield;
    work(one);
  }
}

/** @returns what a row says; what it is refused for goes to the others */
export function trying<T>(refused: ForeignRefusal[], at: number, read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RowRefusal)) throw error;
    refused.push({ at, why: error.message });
    return null;
  }
}

/** @param answers 0 is the best rank */
export const rankingOf = (prompt: string, answers: readonly { text: string; rank: number | null }[]): ForeignRow => ({
  prompt,
  completions: rankable(answers.map(({ text }) => text)),
  ranks: ranksOf(answers.map(({ rank }) => -(rank ?? 0))),
});
