import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/tensor/random';
import { Corpora } from '../../src/worker/corpora';
import { STORIES } from './specs';

const CONFIG = { ...STORIES, stories: 3000 };

describe('the corpora of the thread', () => {
  it('bring a checkpoint’s stories back without writing them, and they are the same stories', () => {
    const first = new Corpora();
    const written = first.takeStories(CONFIG, 5);
    const later = new Corpora().take(first.memory);
    expect(later).not.toBe(written);
    for (const rows of ['trainRows', 'heldOutRows'] as const)
      expect(later[rows](Random.fromSeed(1), 4, 48)).toEqual(written[rows](Random.fromSeed(1), 4, 48));
    expect(later.prompts(Random.fromSeed(2), 3)).toEqual(written.prompts(Random.fromSeed(2), 3));
  });

  it('count the tokens of a checkpoint’s stories as they were counted when they were first written', () => {
    const first = new Corpora();
    const { summary } = first.takeStories(CONFIG, 5);
    expect(new Corpora().take(first.memory).summary).toEqual(summary);
  });

  it('count the tokens of more stories than are written at once by expectation, within two percent, and say so', () => {
    const first = new Corpora();
    const exact = first.takeStories({ ...CONFIG, stories: 5000 }, 5).summary;
    const expected = new Corpora().take(first.memory).summary;
    const { trainTokens: train, heldOutTokens: held, tokensExpected, ...rest } = expected;
    const { trainTokens, heldOutTokens, ...same } = exact;
    expect([tokensExpected, exact.tokensExpected]).toEqual([true, undefined]);
    expect(rest).toEqual(same);
    expect(Math.abs((train + held) / (trainTokens + heldOutTokens) - 1)).toBeLessThan(0.02);
  });

  it('keep the stories that were written', () => {
    const corpora = new Corpora();
    const written = corpora.takeStories(CONFIG, 5);
    expect(corpora.take(corpora.memory)).toBe(written);
  });
});
