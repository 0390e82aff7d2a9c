import { describe, expect, it } from 'vitest';
import type { Ranking, Vote } from '../../../src/contract/preferences';
import { Random } from '../../../src/core/tensor/random';
import { pairsFromVotes } from '../../../src/core/text/pairs';
import { comparisonsFrom, countPairs, pairsOf, rankByGold } from '../../../src/core/text/rankings';

const ranking = (ranks: number[], strengths: number[] | null = null): Ranking => ({
  rankingId: 'r',
  prompt: 'p',
  completions: ranks.map((_, i) => `c${i}`),
  ranks,
  strengths,
  source: 'human',
  rater: null,
  policyId: 'base',
  seconds: 1,
  at: 0,
});
const vote = (choice: Vote['choice'], more: Partial<Vote> = {}): Vote => {
  const meta = { source: 'human' as const, rater: null, swapped: false, repeatOf: null, policyId: 'base', seconds: 1, at: 0 };
  return { voteId: choice, pairId: choice, prompt: 'p', a: 'left', b: 'right', choice, ...meta, ...more };
};

describe('a ranking', () => {
  it('is read best first, with its ties and how far below the best each stands', () => {
    expect(comparisonsFrom([], [ranking([3, 1, 2, 2], [1, 2])])).toEqual([
      { prompt: 'p', completions: ['c1', 'c2', 'c3', 'c0'], ranks: [1, 2, 2, 3], depths: [0, 1, 1, 3], source: 'human', round: 1 },
    ]);
  });

  it('makes up to K(K−1)/2 pairs, none between equals', () => {
    const pairsIn = (ranks: number[]) => comparisonsFrom([], [ranking(ranks)]).flatMap(pairsOf);
    expect(pairsIn([1, 2, 3, 4])).toHaveLength(6);
    expect(pairsIn([1, 2, 3, 4, 5, 6, 7, 8, 9])).toHaveLength(36);
    expect(pairsIn([2, 1, 2]).map(({ chosen, rejected }) => [chosen, rejected])).toEqual([
      ['c1', 'c0'],
      ['c1', 'c2'],
    ]);
  });

  it('says nothing when all tie', () => {
    expect(comparisonsFrom([], [ranking([1, 1, 1])])).toEqual([]);
  });
});

describe('a vote', () => {
  const votes = [vote('a'), vote('b', { strength: 2 }), vote('tie'), vote('bothBad'), vote('a', { repeatOf: 'a' })];

  it('is a ranking of two, its strength the depth of the loser', () => {
    const comparisons = comparisonsFrom(votes, []);
    expect(comparisons.map(({ completions, ranks, depths }) => ({ completions, ranks, depths }))).toEqual([
      { completions: ['left', 'right'], ranks: [1, 2], depths: [0, 0] },
      { completions: ['right', 'left'], ranks: [1, 2], depths: [0, 2] },
    ]);
    expect(comparisons.flatMap(pairsOf)).toEqual(pairsFromVotes(votes));
    expect(countPairs(comparisons)).toBe(2);
  });
});

describe('a simulated ranking', () => {
  it('puts the highest score first and lets equal scores share a place', () => {
    expect(rankByGold([0.5, 2, 0.5, -1], 0, Random.fromSeed(1))).toEqual([2, 1, 2, 3]);
  });

  it('of two is turned around as often as the noise says', () => {
    const random = Random.fromSeed(2);
    const turned = Array.from({ length: 2000 }, () => rankByGold([1, 0], 0.2, random)).filter(([first]) => first === 2).length;
    expect(turned / 2000).toBeGreaterThan(0.17);
    expect(turned / 2000).toBeLessThan(0.23);
  });
});
