import type { CorpusSummary } from './domain';

/** what stands between spaces: in a story a mark is a word of its own, as it is to the model */
export const countWordsAndMarks = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

/** words as a reader counts them: a mark that stands alone is none */
export const countWords = (text: string): number =>
  text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

/** what the length of a text is counted in: where tokens are no words, spaces need not stand between any */
export type LengthUnit = 'word' | 'character';

/** @returns what texts of a corpus are as long in; of none yet as of the stories, with which a visit begins */
export const lengthUnit = (summary: CorpusSummary | null): LengthUnit =>
  summary?.kind !== 'text' || ('tokenizer' in summary.config && summary.config.tokenizer === 'word')
    ? 'word'
    : 'character';

export const lengthIn = (unit: LengthUnit, text: string): number =>
  unit === 'word' ? countWordsAndMarks(text) : [...text].length;

/** what two texts of one length may differ in: a word, or a short one and its space */
const ONE_LENGTH: Record<LengthUnit, number> = { word: 1, character: 5 };

export const areOfOneLength = (unit: LengthUnit, one: string, other: string): boolean =>
  Math.abs(lengthIn(unit, one) - lengthIn(unit, other)) <= ONE_LENGTH[unit];
