import { countOf } from '../../contract/numbers';
import type { Ranking, Vote, VoteSource } from '../../contract/preferences';
import { isUsable, pairsIn, voteCounts } from '../selectors';
import type { LabState, OpinionCounts } from '../state';

export const comparisonWords = (count: number): string => countOf(count, 'comparison');
export const voteWords = (count: number): string => countOf(count, 'vote');
export const rankingWords = (count: number): string => countOf(count, 'ranking');

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

/** Votes and rankings in one list. Each kind keeps its own order: times of imported ones are from elsewhere. */
export function newestFirst(votes: readonly Vote[], rankings: readonly Ranking[]): (Vote | Ranking)[] {
  const all: (Vote | Ranking)[] = [];
  let [vote, ranking] = [votes.length - 1, rankings.length - 1];
  while (vote >= 0 || ranking >= 0) {
    const isVoteNext = ranking < 0 || (vote >= 0 && (votes[vote]?.at ?? 0) >= (rankings[ranking]?.at ?? 0));
    all.push((isVoteNext ? votes[vote--] : rankings[ranking--]) as Vote | Ranking);
  }
  return all;
}

/** @returns how many choices a rule can be fitted to: the visitor's votes for one side, and the pairs of the visitor's rankings */
export function usableChoices({ votes, examples }: Pick<LabState, 'votes' | 'examples'>): number {
  const ranked = examples.rankings.filter(({ source }) => source !== 'simulated');
  return votes.votes.filter(isUsable).length + ranked.reduce((sum, ranking) => sum + pairsIn(ranking), 0);
}
