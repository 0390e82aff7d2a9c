import { describe, expect, it } from 'vitest';
import type { Ranking, Vote, VoteChoice } from '../../../src/contract/preferences';
import { Random } from '../../../src/core/tensor/random';
import { comparisonsFrom, countPairs, pairsOf, rankByGold } from '../../../src/core/text/rankings';
import type { SaidVote } from '../../../src/formats/earlier';
import { plainVote } from '../../helpers/plainVote';

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
const vote = (choice: VoteChoice, more: Partial<SaidVote> = {}): Vote =>
  plainVote(1, { prompt: 'p', a: 'left', b: 'right', choice, ...more });

describe('a ranking', () => {
  it('is read best first, with its ties and how far below the best each stands', () => {
    expect(comparisonsFrom([ranking([3, 1, 2, 2], [1, 2])])).toEqual([
      {
        prompt: 'p',
        completions: ['c1', 'c2', 'c3', 'c0'],
        ranks: [1, 2, 2, 3],
        depths: [0, 1, 1, 3],
        source: 'human',
        round: 1,
      },
    ]);
  });

  it('makes up to K(K−1)/2 pairs, none between equals', () => {
    const pairsIn = (ranks: number[]) => comparisonsFrom([ranking(ranks)]).flatMap(pairsOf);
    expect(pairsIn([1, 2, 3, 4])).toHaveLength(6);
    expect(pairsIn([1, 2, 3, 4, 5, 6, 7, 8, 9])).toHaveLength(36);
    expect(pairsIn([2, 1, 2]).map(({ chosen, rejected }) => [chosen, rejected])).toEqual([
      ['c1', 'c0'],
      ['c1', 'c2'],
    ]);
  });

  it('says nothing when all tie', () => {
    expect(comparisonsFrom([ranking([1, 1, 1])])).toEqual([]);
  });
});

describe('a vote', () => {
  const votes = [vote('a'), vote('b', { strength: 2 }), vote('tie'), vote('bothBad'), vote('a', { repeatOf: 'a' })];

  it('is a ranking of two, its strength the depth of the loser', () => {
    const comparisons = comparisonsFrom(votes);
    expect(comparisons.map(({ completions, ranks, depths }) => ({ completions, ranks, depths }))).toEqual([
      { completions: ['left', 'right'], ranks: [1, 2], depths: [0, 0] },
      { completions: ['right', 'left'], ranks: [1, 2], depths: [0, 2] },
    ]);
    expect(countPairs(comparisons)).toBe(2);
  });

  it('makes one pair, the preferred side first', () => {
    const pairs = comparisonsFrom([vote('a'), vote('b')]).flatMap(pairsOf);
    expect(pairs[0]).toEqual({ prompt: 'p', chosen: 'left', rejected: 'right', source: 'human', round: 1 });
    expect(pairs[1]).toMatchObject({ chosen: 'right', rejected: 'left' });
  });

  it('teaches nothing as a tie, both bad, a hidden repeat or a pair of equal sides', () => {
    expect(
      comparisonsFrom([vote('tie'), vote('bothBad'), vote('a', { repeatOf: 'v' }), vote('a', { b: 'left' })]),
    ).toEqual([]);
  });

  it('comes before groups, whoever was first', () => {
    const mixed = [
      ranking([1, 2, 3]),
      vote('a', { source: 'simulated' }),
      ranking([2, 1]),
      vote('b', { source: 'imported' }),
    ];
    expect(comparisonsFrom(mixed).map(({ completions, source }) => [completions.length, source])).toEqual([
      [2, 'simulated'],
      [2, 'imported'],
      [3, 'human'],
      [2, 'human'],
    ]);
  });
});

describe('a simulated ranking', () => {
  it('puts the highest score first and lets equal scores share a place', () => {
    expect(rankByGold([0.5, 2, 0.5, -1], 0, Random.fromSeed(1))).toEqual([2, 1, 2, 3]);
  });

  it('of two is turned around as often as the noise says', () => {
    const random = Random.fromSeed(2);
    const turned = Array.from({ length: 2000 }, () => rankByGold([1, 0], 0.2, random)).filter(
      ([first]) => first === 2,
    ).length;
    expect(turned / 2000).toBeGreaterThan(0.17);
    expect(turned / 2000).toBeLessThan(0.23);
  });
});
