/**
 * From what raters did to what is learned from. Every opinion becomes a comparison: completions of one prompt, best first, each
 * with its rank. A vote for one side is a comparison of two, a ranking one of up to nine.
 *
 *   ranks       1  2  2  3      the two seconds say nothing about each other
 *   depths      0  1  1  3      how far below the first, from strengths 1 and 2; a pair should be won by their difference
 *   pairs       1>2 1>2 1>3 2>3 2>3
 */
import { type Ranking, roundOf, type Vote } from '../../contract/preferences';
import type { Random } from '../tensor/random';
import { type PairSource, type PreferencePair, pairsFromVotes } from './pairs';
import { isTie } from './raters';

export interface Comparison {
  prompt: string;
  /** best first, K of them */
  completions: string[];
  /** never falling, at least two different */
  ranks: number[];
  /** never falling, units of strength below the first rank; all 0 where nobody said how strongly */
  depths: number[];
  source: PairSource;
  /** of votes and rankings, from 1 */
  round?: number | undefined;
}

/** A pair as the comparison of two that it is. */
export const comparisonOf = ({ prompt, chosen, rejected, source, round }: PreferencePair, strength = 0): Comparison => ({
  prompt,
  completions: [chosen, rejected],
  ranks: [1, 2],
  depths: [0, strength],
  source,
  round,
});

/** Σ of the strengths above each rank: 0 for the first */
const depthsOfRanks = (strengths: readonly number[] | null, used: number): number[] => {
  const depths = [0];
  for (let rank = 1; rank < used; rank++) depths.push(depths[rank - 1]! + (strengths?.[rank - 1] ?? 0));
  return depths;
};

/** @returns none when all tie */
function comparisonOfRanking(ranking: Ranking): Comparison[] {
  const { prompt, completions, ranks, strengths, source } = ranking;
  const order = completions.map((_, i) => i).sort((i, j) => ranks[i]! - ranks[j]!);
  const sorted = order.map((i) => ranks[i]!);
  const used = [...new Set(sorted)];
  if (used.length < 2) return [];
  const depths = depthsOfRanks(strengths, used.length);
  return [
    {
      prompt,
      completions: order.map((i) => completions[i]!),
      ranks: sorted,
      depths: sorted.map((rank) => depths[used.indexOf(rank)]!),
      source,
      round: roundOf(ranking),
    },
  ];
}

/** Votes for one side and rankings with at least two ranks, in this order. */
export function comparisonsFrom(votes: readonly Vote[], rankings: readonly Ranking[]): Comparison[] {
  const fromVotes = votes.flatMap((vote) => pairsFromVotes([vote]).map((pair) => comparisonOf(pair, vote.strength)));
  return [...fromVotes, ...rankings.flatMap(comparisonOfRanking)];
}

/** Every pair with a better side, up to K(K−1)/2. */
export function pairsOf({ prompt, completions, ranks, source, round }: Comparison): PreferencePair[] {
  return completions.flatMap((chosen, i) =>
    completions
      .slice(i + 1)
      .flatMap((rejected, after) => (ranks[i]! < ranks[i + 1 + after]! ? [{ prompt, chosen, rejected, source, round }] : [])),
  );
}

export const countPairs = (comparisons: readonly Comparison[]): number =>
  comparisons.reduce((sum, comparison) => sum + pairsOf(comparison).length, 0);

/**
 * How a simulated rater ranks texts that it scores so. Best first, then every two neighbouring ranks are exchanged with the
 * probability `noise`: for two texts that is the share of flipped votes.
 * @returns ranks from 1, equal scores share one
 */
export function rankByGold(gold: readonly number[], noise: number, random: Random): number[] {
  const order = gold.map((_, i) => i).sort((i, j) => gold[j]! - gold[i]!);
  const tied: number[][] = [];
  for (const i of order) {
    const last = tied.at(-1);
    if (last && isTie(gold[last[0]!]!, gold[i]!)) last.push(i);
    else tied.push([i]);
  }
  for (let i = 0; i + 1 < tied.length; i++) if (random.next() < noise) [tied[i], tied[i + 1]] = [tied[i + 1]!, tied[i]!];
  return gold.map((_, i) => 1 + tied.findIndex((members) => members.includes(i)));
}
