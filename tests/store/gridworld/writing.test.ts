import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import type { RolloutRow } from '../../../src/contract/observations';
import { type Writing, withChances } from '../../../src/store/gridworld/writing';
import { ppoBatch } from '../../helpers/fake/ppoBatch';

const BATCH = ppoBatch(presetConfig('tiny').ppo);

/** what the page holds of a rollout of the batch */
function writingOf(number: number): Writing {
  const { prompt, tokens, score } = BATCH.rollouts[number - 1]!;
  const row: RolloutRow = {
    prompt,
    tokens: tokens.map((text) => ({ text, logRatio: 0, value: 0, advantage: 0, reward: 0 })),
    score,
    gold: null,
    kl: 0,
  };
  return {
    prompt,
    words: tokens.map((text) => ({ text, probability: null })),
    chosen: 0,
    size: { words: null, parameters: null },
    rollout: { row, number, iteration: BATCH.iteration },
  };
}
const chances = ({ words }: Writing) => words.map(({ probability }) => probability);

describe('how likely the words of a rollout were', () => {
  it.each([1, 2])('is read from the batch that holds the same text: rollout %i', (number) => {
    const { logprobs } = BATCH.tokens;
    const from = (number - 1) * BATCH.length;
    const { tokens } = BATCH.rollouts[number - 1]!;
    expect(chances(withChances(writingOf(number), BATCH))).toEqual(
      tokens.map((_, i) => expect.closeTo(Math.exp(logprobs[from + i]!), 6)),
    );
  });

  it('is not known without a batch, of another iteration, or of another text', () => {
    const writing = writingOf(1);
    const other = { ...writing, words: writing.words.map((word) => ({ ...word, text: `${word.text}x` })) };
    expect(withChances(writing, null)).toBe(writing);
    expect(withChances(writing, { ...BATCH, iteration: BATCH.iteration + 1 })).toBe(writing);
    expect(withChances(other, BATCH)).toBe(other);
  });
});
