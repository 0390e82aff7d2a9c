/**
 * The visitor's own text as a corpus: one long stream of tokens, its end held out. Rows are windows of the stream that
 * begin anywhere; texts have no beginning or end of their own, so there is no <bos> and no <eos>, and only a rater of the
 * visitor's own can give them a gold score.
 *
 *   stream   t0 t1 t2 …                    … | … tn       the last share, at least one window, is held out
 */

import type { TextConfig } from '../../contract/config';
import type { CorpusSummary, TextSample } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import { countOf } from '../../contract/numbers';
import { Random } from '../tensor/random';
import { BYTES } from './bpeMerges';
import { createBpeTokenizer } from './bpeTokenizer';
import { trainBpe } from './bpeTraining';
import { type Corpus, promptIdsOf, type TextTokenizer, type Tokenizer, type TokenRows } from './corpus';
import { ownGold } from './ownRater';
import { finishTelling, type OnProgress, type TrainingProgress } from './steps';
import { learnCharTokenizer, learnWordTokenizer } from './textTokenizers';

const SHOWN_SAMPLES = 6;
/** a text that holds fewer contexts than this has shorter ones, down to a length */
const FEW_WINDOWS = 16;
const LEAST_SHORTENED = 48;
/** how far a prompt's start is moved to meet the start of a word */
const WORD_SEARCH = 40;
/** BPE merges only what it saw twice */
const MIN_PAIR_COUNT = 2;
/** larger ones would cost a tiny model most of its parameters, and a browser minutes */
const MAX_VOCABULARY = 8192;

/** a ruler of ten thousand "=" must not become one token; the longest of GPT-2's has as many */
const MAX_TOKEN_BYTES = 128;

const isSpace = (character: string | undefined): boolean => character !== undefined && /\s/.test(character);

function* learnTokenizer(text: string, config: TextConfig): Generator<TrainingProgress, TextTokenizer> {
  if (config.tokenizer === 'char') return yield* learnCharTokenizer(text);
  const vocabSize = Math.min(MAX_VOCABULARY, config.vocabSize);
  if (config.tokenizer === 'word') return yield* learnWordTokenizer(text, vocabSize);
  const tokens = Math.max(BYTES, vocabSize - 1); // one id is <pad>
  return createBpeTokenizer(
    yield* trainBpe(text, tokens, 'gpt2_split', { minCount: MIN_PAIR_COUNT, maxTokenBytes: MAX_TOKEN_BYTES }),
  );
}

export function* encodeAll(text: string, tokenizer: TextTokenizer): Generator<TrainingProgress, Int32Array> {
  const encoding = tokenizer.encodeInSteps(text);
  for (;;) {
    const step = encoding.next();
    yield { done: step.done ? text.length : step.value, total: text.length, label: 'encoding' };
    if (step.done) return step.value;
  }
}

/**
 * @param known of a model that is to read the text; null to learn one from the whole text
 * @returns the tokenizer, and the text in its tokens
 */
export async function tokenizeText(
  text: string,
  config: TextConfig,
  onProgress: OnProgress = () => {},
  known: TextTokenizer | null = null,
): Promise<{ tokenizer: TextTokenizer; stream: Int32Array }> {
  const tokenizer = known ?? (await finishTelling(learnTokenizer(text, config), onProgress));
  return { tokenizer, stream: await finishTelling(encodeAll(text, tokenizer), onProgress) };
}

/** @throws LabError text/tooShort unless both sides hold a window */
export function needTwoWindows(tokens: number, contextLength: number): void {
  const needed = 2 * contextLength;
  if (tokens >= needed) return;
  throw new LabError(
    'text/tooShort',
    `The text is ${countOf(tokens, 'token')} long; a context of ${contextLength} needs at least ${needed}, half to learn from and half to test on.`,
  );
}

function splitStream(
  stream: Int32Array,
  heldOutShare: number,
  contextLength: number,
): { train: Int32Array; heldOut: Int32Array } {
  needTwoWindows(stream.length, contextLength);
  const wanted = Math.round(stream.length * Math.min(0.5, Math.max(0, heldOutShare)));
  const heldOut = Math.max(contextLength, wanted);
  return { train: stream.subarray(0, stream.length - heldOut), heldOut: stream.subarray(stream.length - heldOut) };
}

function drawWindows(stream: Int32Array, random: Random, rows: number, contextLength: number): TokenRows {
  const columns = Math.min(contextLength, stream.length);
  const tokens = new Int32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const start = random.integer(stream.length - columns + 1);
    tokens.set(stream.subarray(start, start + columns), row * columns);
  }
  return { rows, columns, tokens, mask: Float32Array.from(tokens, (_, i) => (i % columns > 0 ? 1 : 0)) };
}

/** Prompts and their true continuations, from one side of the stream. */
class Windows {
  constructor(
    private readonly stream: Int32Array,
    private readonly tokenizer: Tokenizer,
    private readonly promptLength: number,
    private readonly completionLength: number,
  ) {}

  /** @param part of `parts` equal ones of the stream, in which the piece begins */
  draw(random: Random, part = 0, parts = 1): TextSample {
    const room = Math.max(1, this.stream.length - this.promptLength - this.completionLength + 1);
    const [from, to] = [Math.floor((room * part) / parts), Math.floor((room * (part + 1)) / parts)];
    const start = this.wordStart(from + random.integer(Math.max(1, to - from)), room);
    const promptEnd = start + this.promptLength;
    return {
      prompt: this.fitting(this.read(start, promptEnd)),
      completion: this.read(promptEnd, promptEnd + this.completionLength),
      attributes: null,
    };
  }

  /** bytes cut off a character at an edge are left out */
  private read(start: number, end: number): string {
    return this.tokenizer.decode(this.stream.subarray(start, end)).replace(/^\uFFFD+|\uFFFD+$/g, '');
  }

  private wordStart(from: number, room: number): number {
    for (let start = from; start < Math.min(room, from + WORD_SEARCH); start++) {
      const before = this.tokenizer.tokenText(this.stream[start - 1] ?? -1);
      if (isSpace(before.at(-1)) || this.tokenizer.tokenText(this.stream[start] ?? -1).startsWith(' ')) return start;
    }
    return from;
  }

  /**
   * A piece of text may need more tokens than the stream spent on it: then it loses as large a share as is too much.
   */
  private fitting(text: string): string {
    let characters = [...text];
    for (;;) {
      const needed = this.tokenizer.encode(characters.join('')).length;
      if (needed <= this.promptLength) return characters.join('');
      characters = characters.slice(0, Math.floor((characters.length * this.promptLength) / needed));
    }
  }
}

const countCharacters = (text: string): number => {
  let count = 0;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) !== 0xdc00) count++;
  return count;
};

/**
 * @param text as `decodeText` of formats gives it: plain line ends, not only white space
 * @param known tokens of a model that is to read it; null to learn some
 * @param shortens a text that holds few such contexts has shorter ones
 * @throws LabError text/tooShort
 */
export async function createTextCorpus(
  text: string,
  config: TextConfig,
  contextLength: number,
  seed: number,
  onProgress: OnProgress = () => {},
  known: TextTokenizer | null = null,
  shortens = false,
): Promise<Corpus> {
  const { tokenizer, stream } = await tokenizeText(text, config, onProgress, known);
  const share = Math.max(LEAST_SHORTENED, Math.floor(stream.length / FEW_WINDOWS));
  return corpusOf({ text, tokenizer, stream }, config, shortens ? Math.min(contextLength, share) : contextLength, seed);
}

/** A text with what was made of it. */
export interface EncodedText {
  text: string;
  tokenizer: TextTokenizer;
  stream: Int32Array;
}

/** @throws LabError text/tooShort */
export function corpusOf(
  { text, tokenizer: used, stream }: EncodedText,
  config: TextConfig,
  contextLength: number,
  seed: number,
): Corpus {
  const { train, heldOut } = splitStream(stream, config.heldOutShare, contextLength);
  const promptLength = Math.max(1, Math.floor(contextLength / 3));
  const completionLength = contextLength - promptLength;
  const windows = new Windows(heldOut, used, promptLength, completionLength);
  const samples = (random: Random, count: number): TextSample[] =>
    Array.from({ length: count }, () => windows.draw(random));
  const trained = new Windows(train, used, promptLength, completionLength);
  const shown = (random: Random, count: number): TextSample[] =>
    Array.from({ length: count }, (_, i) =>
      i === 0
        ? { ...windows.draw(random), heldOut: true }
        : { ...trained.draw(random, i - 1, count - 1), heldOut: false },
    );
  const summary: CorpusSummary = {
    kind: 'text',
    config: { ...config },
    vocabSize: used.vocabSize,
    trainTokens: train.length,
    heldOutTokens: heldOut.length,
    entropy: null,
    size: countCharacters(text),
    contextLength,
    samples: shown(Random.fromSeed(seed).fork('samples'), SHOWN_SAMPLES),
    animals: [],
  };
  return {
    kind: 'text',
    tokenizer: used,
    summary,
    promptLength,
    completionLength,
    trainRows: (random, rows, columns) => drawWindows(train, random, rows, columns),
    heldOutRows: (random, rows, columns) => drawWindows(heldOut, random, rows, columns),
    unseenRows: (random, rows, columns) => drawWindows(heldOut, random, rows, columns),
    prompts: (random, count) => samples(random, count).map((sample) => sample.prompt),
    encodePrompt: (prompt) => promptIdsOf(used, prompt),
    samples,
    shown,
    attributes: () => null,
    gold: (rater, prompt, completion, finished) => ownGold(rater, { before: prompt.slice(-1), completion, finished }),
  };
}
