/**
 * How the kernels are best written on the graphics cards that this browser has had, so that no card is tried out twice.
 * It is in localStorage, because the engine starts before the database is open. What an older version of the kernels
 * found says nothing of today's.
 */
import * as v from 'valibot';
import { KERNEL_STYLES } from '../../contract/config';
import type { CardTuning, SwiftestKernels } from '../../contract/domain';
import { localNote } from './localNote';

const KEY = 'rlhf-lab-cards';
/** rises when kernels change so much that another way of writing them may be the swiftest */
const VERSION = 1;
const MOST_CARDS = 8;
const LONGEST_NAME = 200;

const TUNING = v.object({
  adapter: v.pipe(v.string(), v.maxLength(LONGEST_NAME)),
  style: v.picklist(KERNEL_STYLES),
});
const NOTE = v.object({ version: v.literal(VERSION), cards: v.array(v.unknown()) });

export interface CardNotes {
  read(): SwiftestKernels;
  /** of many cards the last few are kept */
  add(tuning: CardTuning): void;
  forget(): void;
}

/** @returns notes in localStorage; where the browser forbids that, every visit tries its card out */
export function browserCards(open: () => Storage = () => globalThis.localStorage): CardNotes {
  const note = localNote(KEY, NOTE, open);
  const all = (): CardTuning[] => (note.read()?.cards ?? []).filter((card) => v.is(TUNING, card)).slice(-MOST_CARDS);
  return {
    read: () => Object.fromEntries(all().map(({ adapter, style }) => [adapter, style])),
    add(tuning) {
      if (!v.is(TUNING, tuning)) return;
      const others = all().filter(({ adapter }) => adapter !== tuning.adapter);
      note.write({ version: VERSION, cards: [...others, tuning].slice(-MOST_CARDS) });
    },
    forget: () => note.write(null),
  };
}

/** where there is no such store */
export const noCards = (): CardNotes => ({ read: () => ({}), add: () => undefined, forget: () => undefined });
