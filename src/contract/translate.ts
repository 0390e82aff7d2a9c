/** What the translator tells the page: plain data. */
import type { MetricPoint } from './observations';

export interface TranslateProgress {
  step: number;
  totalSteps: number;
  /** milliseconds that training took so far */
  elapsedMs: number;
  /** new since the last call */
  points: MetricPoint[];
}

/** The shape of the model, in the words of the paper. */
export interface TranslateShape {
  /** blocks of each stack */
  layers: number;
  heads: number;
  width: number;
  mlpWidth: number;
  parameters: number;
  /** held-out sentences that exact match is measured on */
  heldOut: number;
  /** words of either language */
  sourceWords: number;
  targetWords: number;
}

export type Decoding = 'greedy' | 'beam';
export const BEAM_WIDTH = 4;

export type WordClass = 'noun' | 'adjective' | 'verb' | 'article' | 'pronoun' | 'preposition' | 'other' | 'mark';
/** whose true partner is counted: the other classes say how a sentence is built, not what it is about */
export const CONTENT_CLASSES: readonly WordClass[] = ['noun', 'adjective', 'verb'];

/** One translation that the search found. */
export interface TranslateCandidate {
  words: string[];
  /** natural logarithm of the probability of all of it, end included */
  logProbability: number;
  /** it came to an end, and was not cut */
  ended: boolean;
  /** for every word, whether it is an adjective with an ending that does not agree */
  disagrees: boolean[];
}

/** A word of the best translation. */
export interface WrittenWord {
  word: string;
  wordClass: WordClass;
  /**
   * place in the sentence of the word that it translates, as the grammar knows it; null for a word of another sentence
   */
  partner: number | null;
}

/** Row-major weights of all heads of all layers; [L,H,Q,K]. */
export interface TranslateAttention {
  queries: number;
  keys: number;
  weights: Float32Array;
}

/** How a model read a sentence and what it wrote. */
export interface TranslateReading {
  /** of the model that read it */
  step: number;
  source: string[];
  /** the likeliest first */
  candidates: TranslateCandidate[];
  /** of the likeliest */
  written: WrittenWord[];
  /** what is right, by the rules of the language */
  truth: string[];
  layers: number;
  heads: number;
  /** the head of cross-attention that finds the true partner most often, in so large a share of held-out words */
  strongest: { layer: number; head: number; agreement: number };
  /** rows are the words that are written, columns the words of the sentence */
  encoder: TranslateAttention;
  /** columns: the beginning, then the words written before */
  decoder: TranslateAttention;
  /** null where it is cut */
  cross: TranslateAttention | null;
}

/** words of the longest sentence that is learned from */
export const LEARNED_WORDS = 10;
/** words of the longest sentence that is read */
export const MOST_SENTENCE_WORDS = 24;

export type TranslateAnswer =
  | { kind: 'read'; reading: TranslateReading }
  | { kind: 'empty' }
  /** these words are not of the stories */
  | { kind: 'unknown'; words: string[] }
  /** of more than MOST_SENTENCE_WORDS */
  | { kind: 'long'; words: number };
