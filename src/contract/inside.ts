/**
 * What is inside one forward pass, number by number. Everything is row-major; T tokens, H heads of width D, C = H·D.
 */
import type { ModelConfig } from './config';

/** One head of one layer, both counted from 0. */
export interface HeadAt {
  layer: number;
  head: number;
}

/** LayerNorm of every position: (x − mean) · scale, then gain and bias. */
export interface Normalised {
  /** [T] */
  mean: Float32Array;
  /** 1 / √(variance + ε), [T] */
  scale: Float32Array;
  /** [T,C] */
  out: Float32Array;
}

/** One block for one text. `pre` normalises what a sublayer reads, `post` (2017) what it has added up. */
export interface BlockNumbers {
  /** the residual stream that comes in, [T,C] */
  before: Float32Array;
  norm1: Normalised;
  /** [H,T,D] each */
  q: Float32Array;
  k: Float32Array;
  v: Float32Array;
  /** q·k / √D of all pairs, before the mask; [H,T,T], row looks */
  scores: Float32Array;
  /** softmax of the masked scores; exactly 0 right of the diagonal; [H,T,T] */
  weights: Float32Array;
  /** Σ weight · v, [H,T,D] */
  mixed: Float32Array;
  /** the heads side by side, through W_O, plus its bias; [T,C] */
  attention: Float32Array;
  /** before + attention, [T,C] */
  sum1: Float32Array;
  norm2: Normalised;
  /** of the MLP after its first matrix, [T,4C], and after the activation */
  inner: Float32Array;
  active: Float32Array;
  /** what the MLP adds, [T,C] */
  mlp: Float32Array;
  /** what it is added to, plus that; [T,C] */
  sum2: Float32Array;
}

/** The weights of one block, matrices [in,out]. */
export interface BlockWeights {
  wQkv: Float32Array;
  bQkv: Float32Array;
  wOut: Float32Array;
  bOut: Float32Array;
  gain1: Float32Array;
  bias1: Float32Array;
  gain2: Float32Array;
  bias2: Float32Array;
  wIn: Float32Array;
  bIn: Float32Array;
  wDown: Float32Array;
  bDown: Float32Array;
}

/** One block of a model on one text: all numbers and the weights they were summed with. */
export interface Arithmetic {
  tokens: string[];
  /** words of the text that the model does not know and so did not read */
  unknownWords: string[];
  model: ModelConfig;
  layer: number;
  numbers: BlockNumbers;
  weights: BlockWeights;
  /** vectors of the tokens, as they are added; [T,C] */
  tokenVectors: Float32Array;
  /** what says where each token stands, [T,C] */
  positions: Float32Array;
  /**
   * largest distance between what the page computed again and the executor's own numbers: attention of all layers, and
   * the last hidden state
   */
  check: { attention: number; hidden: number };
  /** of the run whose model it is; null for a checkpoint */
  step: number | null;
}

/** A token that a model may say next, with its probability at temperature 1. */
export interface SaidToken {
  text: string;
  probability: number;
}
/** The same token for two models, or for one with heads on and off. */
export interface TokenChange {
  text: string;
  before: number;
  after: number;
}

/** nats per token on held-out texts */
export interface HeldOutChange {
  before: number;
  after: number;
  texts: number;
  /** false where the difference is within what other texts would bring */
  clear: boolean;
}

/** What grows from block to block at one position of a text. */
export interface LayersView {
  tokens: string[];
  unknownWords: string[];
  model: ModelConfig;
  position: number;
  /** likeliest tokens before the first block and after each */
  lens: SaidToken[][];
  /** Euclidean length of the residual stream at the same places */
  lengths: number[];
  /** of each block, how far attention and MLP carry the stream along the direction that it then has */
  written: { attention: number; mlp: number }[];
  /** [L,H,T,T] of the executor */
  maps: Float32Array;
  /** what it says next, with all heads on and with some off; the same when none is off */
  next: TokenChange[];
  /** of the grammar's words, what share of the next token is joy and what sorrow; null on other texts */
  moods: { joy: Change; sorrow: Change } | null;
  step: number | null;
}
export interface Change {
  before: number;
  after: number;
}

/** One head left out, on held-out texts. */
export interface HeadLoss extends HeadAt, HeldOutChange {}

/** Two models on one text. */
export interface ModelDifference {
  tokens: string[];
  unknownWords: string[];
  /** the first token that counts: what stands before it is the prompt */
  from: number;
  /** log π(token) under each, nats; null where nothing stands before it */
  logprobs: ({ before: number; after: number } | null)[];
  /** next-token bars after each token */
  next: TokenChange[][];
  /** attention of both, [L,H,T,T] each; null where the models have another shape */
  maps: { layers: number; heads: number; before: Float32Array; after: Float32Array } | null;
  /** of the run that trains one of them; null for two checkpoints */
  step: number | null;
}

/** What the grammar knows of a word. */
export const WORD_KINDS = ['animal', 'thing', 'joy', 'sorrow', 'person', 'look', 'place'] as const;
export type WordKind = (typeof WORD_KINDS)[number];

/** from : to = base : ?, that is to − from + base */
export interface Analogy {
  from: string;
  to: string;
  base: string;
}
export type AnalogyFamily = 'gender' | 'number' | 'mood';

/** How many of the grammar's analogies word vectors solve. */
export interface AnalogyScore {
  solved: number;
  of: number;
  /** the share that guessing gets right */
  chance: number;
  families: { family: AnalogyFamily; solved: number; of: number }[];
  /** one that failed, with what was answered instead; null where all are solved */
  missed: (Analogy & { answers: readonly string[]; answer: string }) | null;
}

/** What guessing solves of the grammar's analogies; a test computes it. */
export const ANALOGIES_CHANCE = 0.0195;

/** Another word and the cosine between both. */
export interface NearWord {
  word: string;
  cosine: number;
}

/** The token embeddings of a model on a map. */
export interface WordMap {
  words: string[];
  /** null for a word of no kind, and for all words of the visitor's own text */
  kinds: (WordKind | null)[];
  /** of each word, [N,2] */
  at: Float32Array;
  /** share of the spread that the two directions hold */
  spread: number;
  /** numbers a word */
  width: number;
  /** one table reads words and says them */
  tied: boolean;
  /** words that the model knows, special tokens left out; the map may show fewer */
  known: number;
  /** nearest first, in all numbers, of each word among all that the map shows */
  near: NearWord[][];
  /** ready questions of the grammar and of the text */
  questions: Analogy[];
  /** null on other texts than the grammar's */
  analogies: AnalogyScore | null;
  unknownWords: string[];
  step: number | null;
}

/** @returns the newest token that begins a word, else the last one: what to begin looking at */
export function tellingToken(tokens: readonly string[]): number {
  const index = tokens.findLastIndex((token) => /^\p{L}/u.test(token.trim()));
  return index < 0 ? tokens.length - 1 : index;
}
