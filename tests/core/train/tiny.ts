/** The whole pipeline in miniature: a model of a few hundred weights on a corpus of a few hundred stories. */

import { afterAll, afterEach, expect } from 'vitest';
import { type ModelConfig, presetConfig } from '../../../src/contract/config';
import type { Ranking, Vote } from '../../../src/contract/preferences';
import type { CausalNetwork, NamedTensors } from '../../../src/core/model/causalNetwork';
import { createNetwork } from '../../../src/core/model/createNetwork';
import { Random } from '../../../src/core/tensor/random';
import type { Corpus } from '../../../src/core/text/corpus';
import { createStoryCorpus } from '../../../src/core/text/storyCorpus';
import { tf } from '../../../src/core/tf';
import { plainVote } from '../../helpers/plainVote';

export const LAB = presetConfig('tiny', 1);
export const corpus: Corpus = createStoryCorpus({ ...LAB.stories, stories: 200 }, 1);

export const MODEL: ModelConfig = {
  ...LAB.model,
  vocabSize: corpus.tokenizer.vocabSize,
  layers: 1,
  width: 8,
  heads: 2,
};

/** Untrained, but told apart from other seeds. */
export const untrained = (seed = 1): CausalNetwork =>
  createNetwork(MODEL, { language: true, scalar: false }, Random.fromSeed(seed), 'base');

/** @returns an untrained model, one for all tests of a file */
export function sharedBase(): () => CausalNetwork {
  let base: CausalNetwork | null = null;
  afterAll(() => base?.dispose());
  return () => {
    base ??= untrained();
    return base;
  };
}

/** @returns takes what a test has made, to be freed after it, or `now` */
export function freedAfterEach<T extends { dispose(): void }>() {
  const made = new Set<T>();
  const now = (one: T): void => {
    made.delete(one);
    one.dispose();
  };
  afterEach(() => {
    for (const one of made) now(one);
  });
  const freed = (one: T): T => {
    made.add(one);
    return one;
  };
  return Object.assign(freed, { now });
}

/** Votes for the longer of two stories of the grammar. */
export function votesForLonger(count: number, source: Vote['source'] = 'human'): Vote[] {
  const samples = corpus.samples(Random.fromSeed(5), 2 * count);
  return Array.from({ length: count }, (_, i) => {
    const [first, second] = [samples[2 * i]!, samples[2 * i + 1]!];
    const choice = first.completion.length >= second.completion.length ? 'a' : 'b';
    const said = { a: first.completion, b: second.completion, choice, source } as const;
    return plainVote(i, { prompt: first.prompt, ...said, policyId: 'base', at: i });
  });
}

/** Votes for the longer of two texts of a few letters, as the toy corpus has them. */
export const toyVotes = (count: number): Vote[] =>
  Array.from({ length: count }, (_, i) => {
    const letter = 'abcdefgh'[i % 8]!;
    return plainVote(i, { prompt: letter, a: `${letter}cde`, b: 'h', at: i, policyId: 'base' });
  });

/** Rankings of stories of the grammar, the longest first, the equally long tied. */
export function rankingsForLonger(count: number, size: number): Ranking[] {
  const samples = corpus.samples(Random.fromSeed(6), size * count);
  return Array.from({ length: count }, (_, i) => {
    const completions = samples.slice(size * i, size * (i + 1)).map(({ completion }) => completion);
    const lengths = completions.map((text) => text.split(' ').length);
    const places = [...new Set(lengths)].sort((a, b) => b - a);
    const ranks = lengths.map((length) => 1 + places.indexOf(length));
    const meta = { strengths: null, source: 'human' as const, rater: null, policyId: 'base', seconds: 1, at: i };
    return { rankingId: `r${i}`, prompt: samples[size * i]!.prompt, completions, ranks, ...meta };
  });
}

/** A clock that ticks a millisecond per look. */
export const ticking = (): (() => number) => {
  let time = 0;
  return () => time++;
};

export async function take<T>(loop: AsyncGenerator<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  for (let i = 0; i < count; i++) {
    const { value, done } = await loop.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

/** The same weights to the last bit. */
export function expectSameTensors(actual: NamedTensors, expected: NamedTensors): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, tensor] of Object.entries(expected))
    expect([name, [...actual[name]!.data]]).toEqual([name, [...tensor.data]]);
}

/** As stored and read back: JSON for the state, bytes for the tensors. */
export const throughStorage = <S>(saved: { tensors: NamedTensors; state: S }): { tensors: NamedTensors; state: S } => ({
  tensors: Object.fromEntries(
    Object.entries(saved.tensors).map(([name, { shape, data }]) => [
      name,
      { shape: [...shape], data: new Float32Array(data) },
    ]),
  ),
  state: JSON.parse(JSON.stringify(saved.state)) as S,
});

/** Tensors and bytes after the loop's first reports and after many more. */
export async function expectNoLeak<T>(loop: AsyncGenerator<T>, warmUp: number, reports: number): Promise<void> {
  await take(loop, warmUp);
  const { numTensors, numBytes } = tf.memory();
  const taken = await take(loop, reports);
  expect(taken.length).toBe(reports);
  expect(tf.memory().numTensors - numTensors, 'tensors gained').toBe(0);
  expect(tf.memory().numBytes - numBytes, 'bytes gained').toBe(0);
  await loop.return(undefined as T);
}
