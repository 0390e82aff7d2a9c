/**
 * The corpus of micro-stories: `config.stories` of them are written at once and split into training and held-out
 * stories.
 *
 *   <bos> the shy owl found a kite . | then she went home . <eos> <pad> <pad> …      one story is one row
 *         1   1   1   1     1 1    1   1    1   1    1    1 1     0     0       mask: what it is taught to predict
 *
 * The split goes by a hash of the text, so a story that was drawn twice is on one side only, and no held-out story is
 * ever trained on.
 */

import type { StoryConfig } from '../../contract/config';
import type { CorpusSummary, TextSample } from '../../contract/domain';
import { maxOf } from '../../contract/many';
import { Random } from '../tensor/random';
import { storyAttributes } from './checker';
import type { Corpus, Tokenizer, TokenRows } from './corpus';
import { storyEntropy } from './entropy';
import { type Story, writePrompt, writeStory } from './generator';
import { ownGold } from './ownRater';
import { goldScore } from './raters';
import { HELD_OUT_OF, isHeldOut } from './split';
import { finish, type TrainingProgress } from './steps';
import { MAX_COMPLETION_WORDS, storyRates } from './storyRates';
import { PROMPTS } from './templates';
import { ANIMAL_NAMES } from './words';
import { createStoryTokenizer } from './wordTokenizer';

/** <bos> and the longest prompt */
export const STORY_PROMPT_TOKENS = 1 + maxOf(PROMPTS.map((template) => template.parts.length));
/** the longest completion and <eos> */
export const STORY_COMPLETION_TOKENS = MAX_COMPLETION_WORDS + 1;
const ROW_TOKENS = STORY_PROMPT_TOKENS + STORY_COMPLETION_TOKENS;

const SHOWN_SAMPLES = 12;

const textOf = (story: Story): string => `${story.prompt} ${story.completion}`;

/** stories written or encoded between two reports */
const STORIES_PER_STEP = 500;

/** [stories,ROW_TOKENS] ids, right-padded */
function* tokenTable(texts: readonly string[], tokenizer: Tokenizer): Generator<TrainingProgress, Uint16Array> {
  const table = new Uint16Array(texts.length * ROW_TOKENS).fill(tokenizer.padId);
  for (const [i, text] of texts.entries()) {
    table.set([tokenizer.bosId ?? 0, ...tokenizer.encode(text), tokenizer.eosId ?? 0], i * ROW_TOKENS);
    if (i % STORIES_PER_STEP === 0) yield { done: i, total: texts.length, label: 'encoding stories' };
  }
  return table;
}

/** these stories of the table, as much of each as the context holds */
function rowsOf(table: Uint16Array, padId: number, stories: readonly number[], contextLength: number): TokenRows {
  const columns = Math.min(ROW_TOKENS, contextLength);
  const tokens = new Int32Array(stories.length * columns);
  for (const [row, story] of stories.entries())
    tokens.set(table.subarray(story * ROW_TOKENS, story * ROW_TOKENS + columns), row * columns);
  const mask = Float32Array.from(tokens, (id, i) => (i % columns > 0 && id !== padId ? 1 : 0));
  return { rows: stories.length, columns, tokens, mask };
}

/** Rows drawn with replacement; the same `random` gives the same rows. */
function drawRows(table: Uint16Array, padId: number, random: Random, rows: number, contextLength: number): TokenRows {
  const drawn = Array.from({ length: rows }, () => random.integer(table.length / ROW_TOKENS));
  return rowsOf(table, padId, drawn, contextLength);
}

/** of different stories, written until so many fell on the held-out side; the same `random` gives the same rows */
function writeHeldOut(config: StoryConfig, tokenizer: Tokenizer, random: Random, rows: number, contextLength: number) {
  const rates = storyRates(config);
  const texts = new Set<string>();
  for (let written = 0; texts.size < rows && written < rows * HELD_OUT_OF * HELD_OUT_OF; written++) {
    const text = textOf(writeStory(random, rates));
    if (isHeldOut(text)) texts.add(text);
  }
  const table = finish(tokenTable([...texts], tokenizer));
  return rowsOf(
    table,
    tokenizer.padId,
    [...texts.keys()].map((_, row) => row),
    contextLength,
  );
}

const drawSamples = (random: Random, config: StoryConfig, count: number): TextSample[] => {
  const rates = storyRates(config);
  return Array.from({ length: count }, () => {
    const story = writeStory(random, rates);
    return { ...story, attributes: storyAttributes(story.prompt, story.completion, true) };
  });
};

/** of a table of whole stories: all but the first of each, and the padding */
const predictedTokens = (table: Uint16Array, padId: number): number =>
  table.reduce((sum, id) => sum + (id === padId ? 0 : 1), -table.length / ROW_TOKENS);

/**
 * stories beyond those asked for, until both sides have one: of a hundred in a row all fall on one side once in 40,000
 * times
 */
const MOST_SPARE = 1000;

/** Writes until both sides have a story, which `config.stories` below twenty or so may need a few more for. */
function* writeCorpus(
  config: StoryConfig,
  random: Random,
): Generator<TrainingProgress, { train: string[]; heldOut: string[] }> {
  const rates = storyRates(config);
  const train: string[] = [];
  const heldOut: string[] = [];
  const isOneSided = () => train.length === 0 || heldOut.length === 0;
  for (
    let written = 0;
    written < config.stories || (isOneSided() && written < config.stories + MOST_SPARE);
    written++
  ) {
    const text = textOf(writeStory(random, rates));
    (isHeldOut(text) ? heldOut : train).push(text);
    if (written % STORIES_PER_STEP === 0)
      yield { done: Math.min(written, config.stories), total: config.stories, label: 'writing stories' };
  }
  return { train, heldOut };
}

const summarise = (
  config: StoryConfig,
  tokenizer: Tokenizer,
  { train, heldOut }: { train: Uint16Array; heldOut: Uint16Array },
  samples: TextSample[],
) => {
  const { natsPerToken, natsPerStory } = storyEntropy(config);
  return {
    kind: 'stories',
    config: { ...config },
    vocabSize: tokenizer.vocabSize,
    trainTokens: predictedTokens(train, tokenizer.padId),
    heldOutTokens: predictedTokens(heldOut, tokenizer.padId),
    entropy: { natsPerToken, natsPerStory },
    size: (train.length + heldOut.length) / ROW_TOKENS,
    samples,
    animals: [...ANIMAL_NAMES],
  } satisfies CorpusSummary;
};

/** The same knobs and seed give the same corpus. */
export const createStoryCorpus = (config: StoryConfig, seed: number): Corpus =>
  finish(storyCorpusInSteps(config, seed));

/** The same, by way of progress reports: a hundred thousand stories take seconds. */
export function* storyCorpusInSteps(config: StoryConfig, seed: number): Generator<TrainingProgress, Corpus> {
  const random = Random.fromSeed(seed).fork('stories');
  const tokenizer = createStoryTokenizer();
  const texts = yield* writeCorpus(config, random.fork('texts'));
  const train = yield* tokenTable(texts.train, tokenizer);
  const heldOut = yield* tokenTable(texts.heldOut, tokenizer);
  return {
    kind: 'stories',
    tokenizer,
    summary: summarise(
      config,
      tokenizer,
      { train, heldOut },
      drawSamples(random.fork('samples'), config, SHOWN_SAMPLES),
    ),
    promptLength: STORY_PROMPT_TOKENS,
    completionLength: STORY_COMPLETION_TOKENS,
    trainRows: (rng, rows, contextLength) => drawRows(train, tokenizer.padId, rng, rows, contextLength),
    heldOutRows: (rng, rows, contextLength) => drawRows(heldOut, tokenizer.padId, rng, rows, contextLength),
    unseenRows: (rng, rows, contextLength) => writeHeldOut(config, tokenizer, rng, rows, contextLength),
    prompts: (rng, count) => Array.from({ length: count }, () => writePrompt(rng).prompt),
    encodePrompt: (prompt) => [tokenizer.bosId ?? 0, ...tokenizer.encode(prompt)],
    samples: (rng, count) => drawSamples(rng, config, count),
    shown: (rng, count) => drawSamples(rng, config, count),
    attributes: storyAttributes,
    gold: (rater, prompt, completion, finished) =>
      rater.name === 'own'
        ? ownGold(rater, { before: '', completion, finished })
        : goldScore(rater, storyAttributes(prompt, completion, finished)),
  };
}
