import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/tensor/random';
import { splitByPrompt } from '../../../src/core/text/pairs';

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
