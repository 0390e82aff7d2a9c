/**
 * A taste that the visitor says in words, so that any text has a gold score: a sum of parts, each with a weight of its
 * own.
 *
 *   liked        how often liked words and phrases stand in the text, each twice at most
 *   disliked     the same of disliked ones, counted against it
 *   length       −|words − aimed at| ÷ aimed at, −2 at worst
 *   repetition   −share of the pairs of neighbouring words that stood in the text before
 *   ends         1 where the text ends with the end of a sentence, else 0
 *   pattern      1 where a regular expression is found, else 0; its weight may be below 0
 */
export const TASTE_PARTS = ['liked', 'disliked', 'length', 'repetition', 'ends', 'pattern'] as const;
export type TastePart = (typeof TASTE_PARTS)[number];

export interface OwnTaste {
  /** words and phrases; capitals do not matter */
  liked: string[];
  disliked: string[];
  /** words that a text should have */
  length: number;
  /** in the syntax of JavaScript, without looking ahead or back; '' for none */
  pattern: string;
  /** 0 leaves a part out */
  weights: Record<TastePart, number>;
}

export const TASTE_LIMITS = {
  /** of a word or a phrase, in code points */
  phrase: 200,
  /** phrases of either kind */
  phrases: 50,
  /** of a regular expression, in code points */
  pattern: 500,
  length: { min: 1, max: 1000 },
  weight: { min: 0, max: 5 },
  patternWeight: { min: -5, max: 5 },
} as const;

/** says nothing yet */
export const NO_TASTE: OwnTaste = {
  liked: [],
  disliked: [],
  length: 20,
  pattern: '',
  weights: { liked: 1, disliked: 1, length: 0, repetition: 0, ends: 0, pattern: 1 },
};

/** What a text gets by one part: what was found in it, and what that is worth. */
export interface TastePoints {
  part: TastePart;
  found: number;
  points: number;
}

/** A text and what an own rater makes of it. */
export interface TastedText {
  /** sum of the points */
  score: number;
  /** of the parts that have a say */
  parts: TastePoints[];
}

/** whether there is anything to look for, whatever it weighs */
const isSaid: Record<TastePart, (taste: OwnTaste) => boolean> = {
  liked: ({ liked }) => liked.length > 0,
  disliked: ({ disliked }) => disliked.length > 0,
  length: () => true,
  repetition: () => true,
  ends: () => true,
  pattern: ({ pattern }) => pattern !== '',
};

/** @returns the parts that a text can have */
export const partsSaid = (taste: OwnTaste): TastePart[] => TASTE_PARTS.filter((part) => isSaid[part](taste));

/** @returns the parts that move the score */
export const partsAsked = (taste: OwnTaste): TastePart[] =>
  partsSaid(taste).filter((part) => taste.weights[part] !== 0);

/** Whether the taste says anything: only then is there a gold score. */
export const asksAnything = (taste: OwnTaste): boolean => partsAsked(taste).length > 0;

const OFFSETS = [0x811c9dc5, 0x1b873593];
const PRIME = 0x01000193;

/** @returns the same for two tastes that score every text the same, by Fowler, Noll and Vo's hash, 64 bits of two */
export function tasteKey(taste: OwnTaste): string {
  const parts = partsAsked(taste);
  const said = JSON.stringify([
    parts.map((part) => [part, taste.weights[part]]),
    parts.includes('liked') ? taste.liked : [],
    parts.includes('disliked') ? taste.disliked : [],
    parts.includes('length') ? taste.length : 0,
    parts.includes('pattern') ? taste.pattern : '',
  ]);
  const hashes = OFFSETS.map((offset) => {
    let hash = offset;
    for (let i = 0; i < said.length; i++) hash = Math.imul(hash ^ said.charCodeAt(i), PRIME);
    return (hash >>> 0).toString(16).padStart(8, '0');
  });
  return hashes.join('');
}
