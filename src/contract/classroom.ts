/** A class that votes as one: the same pairs on every laptop, and what each of its students said of them. */

/** how many pairs a class may vote on */
export const CLASS_SIZES = [12, 16, 20, 24, 28, 32] as const;
export type ClassSize = (typeof CLASS_SIZES)[number];
export const isClassSize = (size: number): size is ClassSize => (CLASS_SIZES as readonly number[]).includes(size);

/** seeds that a class code has room for */
export const CLASS_SEEDS = 2 ** 12;
/**
 * From this seed on a class votes on texts of an arena, which no laptop can write by itself: whoever types its code is
 * told so at once, before a minute of writing other pairs.
 */
export const ARENA_SEEDS_FROM = CLASS_SEEDS - 2 ** 8;
export const isArenaSeed = (seed: number): boolean => seed >= ARENA_SEEDS_FROM;
/** numbers on the list that a vote code has room for, from 1 */
export const MOST_NUMBER = 63;

/** What can be said of a pair, in its stored order: the place in this list is its digit in a vote code. */
export const CLASS_CHOICES = ['none', 'first', 'second', 'tie', 'bothBad'] as const;
export type ClassChoice = (typeof CLASS_CHOICES)[number];

export interface ClassPair {
  prompt: string;
  completions: [string, string];
}

/** What every laptop of a class has alike. */
export interface ClassPairs {
  seed: number;
  /** SHA-256 of the numbers of the model that wrote them, in hexadecimal */
  modelHash: string;
  pairs: ClassPair[];
}

/** One student's votes, as a code holds them. */
export interface ClassVotes {
  /** one for every pair */
  choices: ClassChoice[];
  /** on the teacher's list; 0 for none */
  number: number;
}

/** where a completion may end early and none is left out: how the pairs of a class are written */
export const CLASS_SAMPLING = { temperature: 1, topK: 0, topP: 1 } as const;

/** signs that are read out together */
export const CODE_GROUP = 4;
/** "HYF6 25PW", "C45 YKV": as a code is shown */
export const inGroups = (code: string, size = CODE_GROUP): string =>
  code.match(new RegExp(`.{1,${size}}`, 'g'))?.join(' ') ?? '';
/** "C45 YKV" */
export const spacedClassCode = (code: string): string => inGroups(code, 3);
