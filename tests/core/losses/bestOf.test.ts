import { describe, expect, it } from 'vitest';
import { ascending, bestOfFirst, bestOfKl, bestOfWeights, expectedBest } from '../../../src/core/losses/bestOf';

/** every set of n positions */
function sets(count: number, n: number, from = 0): number[][] {
  if (n === 0) return [[]];
  return Array.from({ length: count - from }, (_, i) => from + i).flatMap((first) =>
    sets(count, n - 1, first + 1).map((rest) => [first, ...rest]),
  );
}

describe('the best of N', () => {
  it('costs ln N − (N−1)/N nats at most', () => {
    expect(bestOfKl(1)).toBe(0);
    expect(bestOfKl(2)).toBeCloseTo(Math.log(2) - 0.5, 12);
    expect([bestOfKl(4), bestOfKl(16), bestOfKl(64)].map((kl) => kl.toFixed(2))).toEqual(['0.64', '1.84', '3.17']);
  });

  it('is expected to be what all sets of n samples give, one by one', () => {
    const scores = [0.3, -1, 2, 0.7, 0.1, 1.5];
    const gold = [5, 1, -3, 2, 0, 4];
    for (let n = 1; n <= 6; n++) {
      const winners = sets(6, n).map((set) => set.reduce((best, i) => (scores[i]! > scores[best]! ? i : best)));
      const mean = winners.reduce((sum, i) => sum + gold[i]!, 0) / winners.length;
      expect(expectedBest(scores, gold, n)).toBeCloseTo(mean, 12);
    }
  });

  it('is the mean for one and the top for all', () => {
    const scores = [3, 1, 2];
    expect(expectedBest(scores, scores, 1)).toBeCloseTo(2, 12);
    expect(expectedBest(scores, scores, 3)).toBe(3);
  });

  it('weighs 64 samples without overflow, to a sum of 1', () => {
    for (const n of [1, 2, 31, 63, 64]) expect(bestOfWeights(64, n).reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
    expect(
      bestOfWeights(64, 64)
        .slice(0, 63)
        .every((w) => w === 0),
    ).toBe(true);
  });

  it('grows with N when the winner is judged by the judge', () => {
    const scores = Array.from({ length: 64 }, (_, i) => Math.sin(7 * i));
    const curve = Array.from({ length: 64 }, (_, i) => expectedBest(scores, scores, i + 1));
    for (let n = 1; n < 64; n++) expect(curve[n]!).toBeGreaterThanOrEqual(curve[n - 1]!);
  });

  it('takes the earlier of equals, and refuses what does not exist', () => {
    expect(bestOfFirst([1, 3, 3, 9], 3)).toBe(1);
    expect(bestOfFirst([1, 3], 64)).toBe(1);
    expect(ascending([2, 1, 2])).toEqual([1, 0, 2]);
    expect(() => bestOfWeights(4, 5)).toThrow(/best of 5 of 4/);
  });
});
