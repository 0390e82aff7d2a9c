import type { TokenizerData } from '../../contract/checkpoint';
import type { CorpusSummary, StoryAttributes, TextSample } from '../../contract/domain';
import type { Rater } from '../../contract/preferences';
import type { Random } from '../tensor/random';

export type { TokenizerData };

export interface Tokenizer {
  readonly kind: TokenizerData['kind'];
  readonly vocabSize: number;
  readonly padId: number;
  /** null when texts have no beginning or end of their own */
  readonly bosId: number | null;
  readonly eosId: number | null;
  /** without <bos> and <eos>; words the vocabulary lacks become `unkId`, or are left out when there is none */
  encode(text: string): number[];
  /** special tokens are left out */
  decode(ids: Iterable<number>): string;
  /** one token as shown in a token view */
  tokenText(id: number): string;
  unknownWords(text: string): string[];
  /** a text may be written in fewer tokens than it is encoded to; absent where both are the same */
  fewestTokens?(text: string): number;
  save(): TokenizerData;
}

/** @returns ids of a prompt as a model sees it, <bos> first where there is one */
export const promptIdsOf = ({ bosId, encode }: Tokenizer, prompt: string): number[] => [
  ...(bosId === null ? [] : [bosId]),
  ...encode(prompt),
];

/** A tokenizer of the visitor's own text, which may be twenty megabytes long. */
export interface TextTokenizer extends Tokenizer {
  /** the same ids as `encode`, four bytes each; stops now and then with the number of characters that are done */
  encodeInSteps(text: string): Generator<number, Int32Array>;
}

/** Row-major [rows,columns] token ids with a mask of the predicted positions. */
export interface TokenRows {
  rows: number;
  columns: number;
  tokens: Int32Array;
  /** 1 where tokens[t] is a training target (never column 0, never padding) */
  mask: Float32Array;
}

/** What a model learns from and is prompted with: micro-stories of the grammar, or the visitor's own text. */
export interface Corpus {
  readonly kind: 'stories' | 'text';
  readonly tokenizer: Tokenizer;
  readonly summary: CorpusSummary;
  /** longest prompt with <bos>, tokens */
  readonly promptLength: number;
  /** longest completion with <eos>, tokens */
  readonly completionLength: number;
  trainRows(random: Random, rows: number, contextLength: number): TokenRows;
  heldOutRows(random: Random, rows: number, contextLength: number): TokenRows;
  /** of texts that no model trained on, at once, even where the corpus is not written yet; fewer when there are fewer */
  unseenRows(random: Random, rows: number, contextLength: number): TokenRows;
  /** prompts as text, drawn like those of the corpus */
  prompts(random: Random, count: number): string[];
  /** ids of a prompt as the model sees it, <bos> first where there is one */
  encodePrompt(prompt: string): number[];
  samples(random: Random, count: number): TextSample[];
  /** texts to look at; of own text also pieces that are trained on, each marked */
  shown(random: Random, count: number): TextSample[];
  /** null for the visitor's own text; `finished`: the completion ended with <eos> */
  attributes(prompt: string, completion: string, finished: boolean): StoryAttributes | null;
  /** graded gold score; for the visitor's own text only by an own rater that says something, else null */
  gold(rater: Rater, prompt: string, completion: string, finished: boolean): number | null;
}
