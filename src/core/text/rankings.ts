/**
 * From what raters did to what is learned from. Every ranking becomes a comparison: completions of one prompt, best
 * first, each with its rank. A vote for one side is the case of two.
 *
 *   ranks       1  2  2  3      the two seconds say nothing about each other
 *   depths      0  1  1  3      how far below the first, from strengths 1 and 2; a pair should be won by the difference
 *   pairs       1>2 1>2 1>3 2>3 2>3
 */
import { groupsIn, isVote, type Ranking, roundOf, votesIn } from '../../contract/preferences';
import type { Random } from '../tensor/random';
import type { PairSource, PreferencePair } from './pairs';
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

/** A pair as the comparison of two that it is, nobody having said how strongly. */
export const comparisonOf = ({ prompt, chosen, rejected, source, round }: PreferencePair): Comparison => ({
  prompt,
  completions: [chosen, rejected],
  ranks: [1, 2],
  depths: [0, 0],
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
function comparisonIn(ranking: Ranking): Comparison[] {
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

/** A hidden repeat would count one opinion twice, and two texts that are the same say nothing. */
const teaches = (one: Ranking): boolean =>
  !isVote(one) || (one.repeatOf === null && one.completions[0] !== one.completions[1]);

/**
 * What has at least two ranks: ties and "both bad" say nothing about which is better. Votes come first, then groups, as
 * they were given.
 */
export const comparisonsFrom = (opinions: readonly Ranking[]): Comparison[] =>
  [...votesIn(opinions), ...groupsIn(opinions)].filter(teaches).flatMap(comparisonIn);

/** Every pair with a better side, up to K(K−1)/2. */
export function pairsOf({ prompt, completions, ranks, source, round }: Comparison): PreferencePair[] {
  return completions.flatMap((chosen, i) =>
    completions
      .slice(i + 1)
      .flatMap((rejected, after) =>
        ranks[i]! < ranks[i + 1 + after]! ? [{ prompt, chosen, rejected, source, round }] : [],
      ),
  );
}

export const countPairs = (comparisons: readonly Comparison[]): number =>
  comparisons.reduce((sum, comparison) => sum + pairsOf(comparison).length, 0);

/**
 * How a simulated rater ranks texts that it scores so. Best first, then every two neighbouring ranks are exchanged with
 * the probability `noise`: for two texts that is the share of flipped votes.
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
  for (let i = 0; i + 1 < tied.length; i++)
    if (random.next() < noise) [tied[i], tied[i + 1]] = [tied[i + 1]!, tied[i]!];
  return gold.map((_, i) => 1 + tied.findIndex((members) => members.includes(i)));
}
