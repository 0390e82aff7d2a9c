/**
 * What the translator learns from: sentences of the micro-stories, one at a time, over the whole vocabulary of their
 * grammar, and beside them the plain "the brave fox found a red lamp .", which no story begins with.
 *
 *   source   the brave fox found a red lamp . · ·                  [S] ids, right padding
 *   target   <bos> ko vulto dremo na lumma ruva tadik .            what the decoder reads
 *   labels   ko vulto dremo na lumma ruva tadik . <eos>            what it is asked for
 *
 * One sentence in ten is held out, by a hash of its text, so none of those is ever trained on.
 */
import { presetConfig } from '../../contract/config';
import { maxOf } from '../../contract/many';
import type { Random } from '../tensor/random';
import { splitSentences, splitWords } from '../text/checker';
import { writeStory } from '../text/generator';
import { isHeldOut } from '../text/split';
import { type StoryRates, storyRates } from '../text/storyRates';
import { ANIMAL_NAMES, CHOICES, OBJECTS } from '../text/words';
import { SPECIAL_TOKENS } from '../text/wordTokenizer';
import { knownWords, ourWords } from './lexicon';
import { translate } from './translation';

export const [PAD, BOS, EOS] = SPECIAL_TOKENS.map((_, id) => id) as [number, number, number];
/** one sentence in so many is the plain one */
const PLAIN_OF = 6;

const SOURCE_WORDS = [...SPECIAL_TOKENS, ...knownWords()];
const TARGET_WORDS = [...SPECIAL_TOKENS, ...ourWords()];
const SOURCE_IDS = new Map(SOURCE_WORDS.map((word, id) => [word, id]));
const TARGET_IDS = new Map(TARGET_WORDS.map((word, id) => [word, id]));
export const VOCABULARY = { source: SOURCE_WORDS.length, target: TARGET_WORDS.length };

const idsOf = (ids: ReadonlyMap<string, number>, words: readonly string[]): number[] =>
  words.map((word) => ids.get(word) as number);
/** @param words all known */
export const sourceIds = (words: readonly string[]): number[] => idsOf(SOURCE_IDS, words);
/** @param words all of the made-up language */
export const targetIds = (words: readonly string[]): number[] => idsOf(TARGET_IDS, words);
export const targetWord = (id: number): string => TARGET_WORDS[id] ?? '';

/** A batch for teacher forcing; row-major, padded on the right. */
export interface SentencePairs {
  rows: number;
  /** S and T, <bos> or <eos> included */
  sourceColumns: number;
  targetColumns: number;
  source: Int32Array;
  target: Int32Array;
  labels: Int32Array;
  /** [B], tokens of each side */
  sourceLengths: Int32Array;
  targetLengths: Int32Array;
}

const plainSentence = (random: Random): string[] => {
  const { character, got, look } = CHOICES;
  return [
    ...['the', random.pick(character), random.pick(ANIMAL_NAMES), random.pick(got)],
    ...['a', random.pick(look), random.pick(OBJECTS), '.'],
  ];
};

const RATES: StoryRates = storyRates(presetConfig('tiny').stories);

function drawSentence(random: Random): string[] {
  if (random.integer(PLAIN_OF) === 0) return plainSentence(random);
  const { prompt, completion } = writeStory(random, RATES);
  return random.pick(splitSentences(splitWords(`${prompt} ${completion}`)));
}

/** @returns sentences that are all trained on, or all held out; those of one text may come twice */
export function drawSentences(random: Random, count: number, heldOut: boolean): string[][] {
  const drawn: string[][] = [];
  while (drawn.length < count) {
    const sentence = drawSentence(random);
    if (isHeldOut(sentence.join(' ')) === heldOut) drawn.push(sentence);
  }
  return drawn;
}

function padded(rows: readonly (readonly number[])[], columns: number): Int32Array {
  const table = new Int32Array(rows.length * columns).fill(PAD);
  for (const [i, row] of rows.entries()) table.set(row, i * columns);
  return table;
}

/** @param sentences of known words */
export function pairsOf(sentences: readonly (readonly string[])[]): SentencePairs {
  const sources = sentences.map(sourceIds);
  const targets = sentences.map((words) => targetIds(translate(words).words));
  const sourceColumns = maxOf(sources.map(({ length }) => length));
  const targetColumns = maxOf(targets.map(({ length }) => length + 1));
  return {
    rows: sentences.length,
    sourceColumns,
    targetColumns,
    source: padded(sources, sourceColumns),
    target: padded(
      targets.map((ids) => [BOS, ...ids]),
      targetColumns,
    ),
    labels: padded(
      targets.map((ids) => [...ids, EOS]),
      targetColumns,
    ),
    sourceLengths: Int32Array.from(sources, ({ length }) => length),
    targetLengths: Int32Array.from(targets, ({ length }) => length + 1),
  };
}
