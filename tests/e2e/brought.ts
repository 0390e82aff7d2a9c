/** What a class, an arena and a lesson hold that others wrote, all of it in words of the test's own. */
import type { ClassPairs } from '../../src/contract/classroom';

/** @returns the words, in at most so many letters */
export type Words = (most: number) => string;

export const pairsSaying = (words: Words): ClassPairs => ({
  seed: 7,
  modelHash: 'ab'.repeat(32),
  pairs: Array.from({ length: 12 }, (_, i) => ({
    prompt: `the fox ${words(2000)} found kite ${i} .`,
    completions: [`he ${words(2000)} was glad ${i} .`, `she was sad ${words(2000)} ${i} .`],
  })),
});

/** duels of one model with two others */
export const duelsSaying = (words: Words, count: number): object[] =>
  Array.from({ length: count }, (_, i) => ({
    prompt: `the fox ${words(2000)} ${i}`,
    completions: [`he was ${words(2000)} .`, 'she was sad .'],
    choice: ['a', 'b', 'tie'][i % 3],
    models: [words(200), `other${i % 2}${words(150)}`],
    names: [words(80), `${i % 2}${words(79)}`],
    at: 1_700_000_000_000 + i,
  }));

export const lessonSaying = (words: Words, id: string) => ({
  format: 1,
  id,
  language: 'en',
  title: words(80),
  about: words(400),
  minutes: 5,
  seed: 1,
  settings: { preset: 'tiny' },
  steps: [
    {
      id: 'first',
      place: 'compare',
      show: ['pair'],
      text: { heading: words(100), body: words(600), why: words(600) },
      ask: { text: words(200), order: ['a', 'b'], answers: { a: `a${words(90)}`, b: `b${words(90)}` } },
      note: words(400),
    },
    { id: 'second', place: 'compare', text: { heading: 'The end', body: words(600) } },
  ],
});
