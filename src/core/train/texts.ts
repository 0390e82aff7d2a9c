/**
 * Between texts and rectangles of token ids: prompts padded on the left so that all completions begin in one column,
 * completions padded on the right, and back again.
 *
 *   · · <bos> the fox … . | she laughed . <eos> ·  ·
 *   0            P        |                      P+G
 */
import type { SamplingConfig } from '../../contract/config';
import type { StoryAttributes } from '../../contract/domain';
import { append } from '../../contract/many';
import type { CausalNetwork, Rollout, TokenBatch } from '../model/causalNetwork';
import type { Random } from '../tensor/random';
import type { Corpus } from '../text/corpus';
import { tf } from '../tf';
import { type Breathe, rollOutTexts } from './slices';

/** Rows of token ids with their prompts ending in column P; owned by whoever asked for it. */
export interface TextBatch {
  batch: TokenBatch;
  /** P */
  promptLength: number;
  /** [B,G] 1 on real completion tokens */
  completionMask: tf.Tensor2D;
}

/** One completion a model wrote. */
export interface Completion {
  prompt: string;
  completion: string;
  /** the model ended it itself; always true where texts have no end of their own */
  finished: boolean;
  /** ids of the counted tokens, <eos> included */
  tokens: number[];
  /** null for the visitor's own text */
  attributes: StoryAttributes | null;
}

/** Last `length` ids, padded on the left. */
const leftPadded = (ids: readonly number[], length: number, padId: number): number[] => {
  const kept = ids.slice(Math.max(0, ids.length - length));
  return [...new Array<number>(length - kept.length).fill(padId), ...kept];
};

/** A prompt needs one token to predict from: where texts have no beginning, the empty prompt is one padding token. */
const promptIds = (corpus: Corpus, prompt: string): number[] => {
  const ids = corpus.encodePrompt(prompt);
  return ids.length > 0 ? ids : [corpus.tokenizer.padId];
};

export const disposeBatch = ({ tokens, leftPad, ends = null }: TokenBatch): void =>
  tf.dispose([tokens, leftPad, ends].filter((one) => one !== null));

/** @returns prompts of P = corpus.promptLength columns, owned by the caller */
export function encodePrompts(corpus: Corpus, prompts: readonly string[]): TokenBatch {
  const length = corpus.promptLength;
  const ids = prompts.map((prompt) => promptIds(corpus, prompt));
  const rows = ids.map((row) => leftPadded(row, length, corpus.tokenizer.padId));
  return {
    tokens: tf.tensor2d(rows, [prompts.length, length], 'int32'),
    leftPad: tf.tensor1d(
      ids.map((row) => Math.max(0, length - row.length)),
      'int32',
    ),
  };
}

/** Completion ids with <eos>, unless the text fills all G tokens and so was never ended. */
function completionIds(corpus: Corpus, completion: string): number[] {
  const { eosId } = corpus.tokenizer;
  const ids = corpus.tokenizer.encode(completion).slice(0, corpus.completionLength);
  return eosId !== null && ids.length < corpus.completionLength ? [...ids, eosId] : ids;
}

/** @returns prompts and completions of P + G columns, owned by the caller */
export function encodeTexts(corpus: Corpus, texts: readonly { prompt: string; completion: string }[]): TextBatch {
  const [length, padId] = [corpus.completionLength, corpus.tokenizer.padId];
  const completions = texts.map(({ completion }) => completionIds(corpus, completion));
  const prompts = encodePrompts(
    corpus,
    texts.map(({ prompt }) => prompt),
  );
  const padded = completions.map((ids) => [...ids, ...new Array<number>(length - ids.length).fill(padId)]);
  const tokens = tf.tidy(() => tf.concat2d([prompts.tokens, tf.tensor2d(padded, [texts.length, length], 'int32')], 1));
  prompts.tokens.dispose();
  const mask = completions.map((ids) => padded[0]!.map((_, t) => (t < ids.length ? 1 : 0)));
  const ends = completions.map((ids) => corpus.promptLength + ids.length);
  return {
    batch: { tokens, leftPad: prompts.leftPad, ends: tf.tensor1d(ends, 'int32') },
    promptLength: corpus.promptLength,
    completionMask: tf.tensor2d(mask, [texts.length, length]),
  };
}

export const disposeTexts = (texts: TextBatch): void => {
  disposeBatch(texts.batch);
  texts.completionMask.dispose();
};

/** Reads what was written: ids of all P + G columns and the mask, on the CPU. */
export function decodeRows(
  corpus: Corpus,
  prompts: readonly string[],
  tokens: ArrayLike<number>,
  mask: ArrayLike<number>,
): Completion[] {
  const [P, G] = [corpus.promptLength, mask.length / prompts.length];
  const { eosId } = corpus.tokenizer;
  return prompts.map((prompt, row) => {
    const ids: number[] = [];
    for (let t = 0; t < G; t++) if (mask[row * G + t]) ids.push(tokens[row * (P + G) + P + t]!);
    const finished = eosId === null || ids.at(-1) === eosId;
    const completion = corpus.tokenizer.decode(ids);
    return { prompt, completion, finished, tokens: ids, attributes: corpus.attributes(prompt, completion, finished) };
  });
}

/** The same of rows that are on the device. */
export async function readRows(
  corpus: Corpus,
  prompts: readonly string[],
  { batch, completionMask }: TextBatch,
): Promise<Completion[]> {
  const [tokens, mask] = await Promise.all([batch.tokens.data(), completionMask.data()]);
  return decodeRows(corpus, prompts, tokens, mask);
}

/**
 * One completion per prompt. The same `random` gives the same texts.
 * @param breathe called between slices
 */
export async function complete(
  network: CausalNetwork,
  corpus: Corpus,
  prompts: readonly string[],
  sampling: SamplingConfig,
  random: Random,
  breathe?: Breathe,
): Promise<Completion[]> {
  if (prompts.length === 0) return [];
  const rollout = await rollOutPrompts(network, corpus, prompts, sampling, random, breathe);
  try {
    return await readRows(corpus, prompts, rollout);
  } finally {
    disposeTexts(rollout);
    rollout.logprobs.dispose();
  }
}

/**
 * Completions of prompts as long as the corpus has them, on the device.
 * @returns owned by the caller
 */
export async function rollOutPrompts(
  network: CausalNetwork,
  corpus: Corpus,
  prompts: readonly string[],
  sampling: SamplingConfig,
  random: Random,
  breathe?: Breathe,
): Promise<Rollout> {
  const { completionLength, tokenizer } = corpus;
  const encoded = encodePrompts(corpus, prompts);
  try {
    const { eosId, padId } = tokenizer;
    return await rollOutTexts(network, encoded, { sampling, completionLength, eosId, padId }, random, breathe);
  } finally {
    disposeBatch(encoded);
  }
}

/**
 * Completions of fresh prompts in groups of at most `rows`, so that memory does not grow with their number.
 * @param breathe called between slices and groups
 */
export async function completeMany(
  network: CausalNetwork,
  corpus: Corpus,
  count: number,
  sampling: SamplingConfig,
  random: Random,
  { rows = 64, breathe }: { rows?: number; breathe?: Breathe | undefined } = {},
): Promise<Completion[]> {
  const completions: Completion[] = [];
  for (let from = 0; from < count; from += rows) {
    const prompts = corpus.prompts(random, Math.min(rows, count - from));
    if (from > 0) await breathe?.();
    append(completions, await complete(network, corpus, prompts, sampling, random, breathe));
  }
  return completions;
}

/** Share of completions for which something holds; 0 of none. */
export const shareOf = (completions: readonly Completion[], holds: (attributes: StoryAttributes) => boolean): number =>
  completions.filter(({ attributes }) => attributes !== null && holds(attributes)).length /
  Math.max(1, completions.length);
