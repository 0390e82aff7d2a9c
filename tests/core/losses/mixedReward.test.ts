import { describe, expect, it } from 'vitest';
import { mixedReward } from '../../../src/core/losses/mixedReward';

const SCORES = [0, -0, 1.25, -3.7e-9, Math.fround(0.1), 1e30, Number.MIN_VALUE];

describe('a mix of score and rule', () => {
  it.each(SCORES)('is the score %s itself, bit for bit, where the rule has no weight', (score) => {
    for (const rule of [0, 1, -2.75]) expect(Object.is(mixedReward(score, rule, 0), score)).toBe(true);
  });

  it('is the rule alone where that has all of it, and what lies between in between', () => {
    expect(mixedReward(5, 1, 1)).toBe(1);
    expect(mixedReward(2, 1, 0.25)).toBe(1.75);
    expect(mixedReward(-1, 1, 0.5)).toBe(0);
  });
});
