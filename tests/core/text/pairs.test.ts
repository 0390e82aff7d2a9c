import { describe, expect, it } from 'vitest';
import type { Vote } from '../../../src/contract/preferences';
import { Random } from '../../../src/core/tensor/random';
import { pairsFromVotes, splitByPrompt } from '../../../src/core/text/pairs';

const vote = (change: Partial<Vote>): Vote => ({
  voteId: 'v',
  pairId: 'p',
  prompt: 'a prompt',
  a: 'left',
  b: 'right',
  choice: 'a',
  source: 'human',
  rater: null,
  swapped: false,
  repeatOf: null,
  policyId: 'base',
  seconds: 1,
  at: 0,
  ...change,
});

describe('pairs from votes', () => {
  it('put the preferred side first', () => {
    expect(pairsFromVotes([vote({})])).toEqual([{ prompt: 'a prompt', chosen: 'left', rejected: 'right', source: 'human', round: 1 }]);
    expect(pairsFromVotes([vote({ choice: 'b' })])[0]).toMatchObject({ chosen: 'right', rejected: 'left' });
  });

  it('leave out ties, both bad, hidden repeats and equal sides', () => {
    const votes = [vote({ choice: 'tie' }), vote({ choice: 'bothBad' }), vote({ repeatOf: 'v' }), vote({ b: 'left' })];
    expect(pairsFromVotes(votes)).toEqual([]);
  });

  it('count simulated and imported votes apart', () => {
    const votes = [vote({ source: 'simulated' }), vote({ source: 'imported' })];
    expect(pairsFromVotes(votes).map(({ source }) => source)).toEqual(['simulated', 'imported']);
  });
});

describe('the split by prompt', () => {
  const pairs = Array.from({ length: 300 }, (_, i) => ({ prompt: `prompt ${i % 60}`, id: i }));

  it('never has a prompt on both sides and loses no pair', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { train, heldOut } = splitByPrompt(pairs, 0.2, Random.fromSeed(seed));
      const trained = new Set(train.map(({ prompt }) => prompt));
      expect(heldOut.some(({ prompt }) => trained.has(prompt))).toBe(false);
      expect([...train, ...heldOut].map(({ id }) => id).sort((a, b) => a - b)).toEqual(pairs.map(({ id }) => id));
      expect(heldOut).toHaveLength(60);
    }
  });

  it('is decided by the random numbers given', () => {
    expect(splitByPrompt(pairs, 0.2, Random.fromSeed(1))).toEqual(splitByPrompt(pairs, 0.2, Random.fromSeed(1)));
    expect(splitByPrompt(pairs, 0.2, Random.fromSeed(1))).not.toEqual(splitByPrompt(pairs, 0.2, Random.fromSeed(2)));
  });

  it('leaves both sides something where it can, and training everything where it cannot', () => {
    const two = [{ prompt: 'x' }, { prompt: 'y' }];
    expect(splitByPrompt(two, 0.01, Random.fromSeed(1)).heldOut).toHaveLength(1);
    expect(splitByPrompt(two, 1, Random.fromSeed(1)).train).toHaveLength(1);
    expect(splitByPrompt(two, 0, Random.fromSeed(1)).heldOut).toEqual([]);
    expect(splitByPrompt([{ prompt: 'x' }, { prompt: 'x' }], 0.5, Random.fromSeed(1))).toEqual({
      train: [{ prompt: 'x' }, { prompt: 'x' }],
      heldOut: [],
    });
    expect(splitByPrompt([], 0.5, Random.fromSeed(1))).toEqual({ train: [], heldOut: [] });
  });
});
