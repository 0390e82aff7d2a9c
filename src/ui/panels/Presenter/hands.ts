/** Hands that went up, by screen: counted in the notes, kept over a reload. */
import { useState } from 'react';
import * as v from 'valibot';
import { localNote } from '../../../store/persistence/localNote';
import { SCREENS } from './screens';

/** by the idea of a screen, so that a screen more moves none of them */
export type Hands = Readonly<Record<string, readonly number[]>>;

const COUNT = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(999));
const note = localNote('rlhf-lab hands', v.record(v.string(), v.array(COUNT)), () => globalThis.sessionStorage);

/** @returns the counts of a screen, one for each of its answers; empty where nothing is asked */
export const handsOf = (hands: Hands, screen: number): number[] => {
  const { answers = [], idea } = SCREENS[screen] ?? { idea: '' };
  return answers.map((_, i) => hands[idea]?.[i] ?? 0);
};

/** one hand more or less; below none there is nothing */
export function counted(hands: Hands, screen: number, answer: number, by: 1 | -1): Hands {
  const before = handsOf(hands, screen);
  const { idea } = SCREENS[screen] ?? {};
  if (idea === undefined || before[answer] === undefined) return hands;
  return {
    ...hands,
    [idea]: before.map((count, i) => (i === answer ? Math.min(999, Math.max(0, count + by)) : count)),
  };
}

export function useHands(): [Hands, (screen: number, answer: number, by: 1 | -1) => void, (screen: number) => void] {
  const [hands, setHands] = useState<Hands>(() => note.read() ?? {});
  const keep = (next: Hands) => {
    note.write(Object.fromEntries(Object.entries(next).map(([idea, counts]) => [idea, [...counts]])));
    setHands(next);
  };
  const clear = (screen: number) => {
    const { [SCREENS[screen]?.idea ?? '']: _, ...rest } = hands;
    keep(rest);
  };
  return [hands, (screen, answer, by) => keep(counted(hands, screen, answer, by)), clear];
}
