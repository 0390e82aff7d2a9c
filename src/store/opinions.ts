import type { Ranking, Vote, VoteSource } from '../contract/domain';
import { isUsable, pairsIn, voteCounts } from './selectors';
import type { LabState, OpinionCounts } from './state';

export const comparisonWords = (count: number): string => (count === 1 ? '1 comparison' : `${count} comparisons`);
export const voteWords = (count: number): string => (count === 1 ? '1 vote' : `${count} votes`);
export const rankingWords = (count: number): string => (count === 1 ? '1 ranking' : `${count} rankings`);

/** Votes and rankings by whose they are. */
export function opinionCounts(votes: readonly Vote[], rankings: readonly Ranking[]): OpinionCounts {
  const of = (source: VoteSource) => {
    const own = rankings.filter((ranking) => ranking.source === source);
    return { rankings: own.length, comparisons: own.reduce((sum, ranking) => sum + pairsIn(ranking), 0) };
  };
  const ranked = { human: of('human'), simulated: of('simulated'), imported: of('imported') };
  const counts = voteCounts(votes);
  return { ...counts, usable: counts.usable + ranked.human.comparisons + ranked.imported.comparisons, ranked };
}

/** @returns how many choices a rule can be fitted to: the visitor's votes for one side, and the pairs of the visitor's rankings */
export function usableChoices({ votes, examples }: Pick<LabState, 'votes' | 'examples'>): number {
  const ranked = examples.rankings.filter(({ source }) => source !== 'simulated');
  return votes.votes.filter(isUsable).length + ranked.reduce((sum, ranking) => sum + pairsIn(ranking), 0);
}
