import { countOf } from '../../contract/numbers';
import type { Ranking, Vote, VoteSource } from '../../contract/preferences';
import type { LabState, OpinionCounts, VoteCounts } from '../state';

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

export const isUsable = (vote: Vote): boolean =>
  vote.source !== 'simulated' && vote.repeatOf === null && (vote.choice === 'a' || vote.choice === 'b');

/** @returns pairs with a better side in a ranking, up to K(K−1)/2 */
export const pairsIn = ({ ranks }: Pick<Ranking, 'ranks'>): number =>
  ranks.reduce((sum, rank, i) => sum + ranks.slice(i + 1).filter((other) => other !== rank).length, 0);

export function voteCounts(votes: readonly Vote[]): VoteCounts {
  const of = (source: Vote['source']) => votes.reduce((count, vote) => count + (vote.source === source ? 1 : 0), 0);
  return { human: of('human'), simulated: of('simulated'), imported: of('imported'), usable: votes.filter(isUsable).length };
}

/** @returns a short key that changes whenever the votes do */
export const votesKey = (votes: readonly Vote[]): string => `${votes.length}:${votes.at(-1)?.voteId ?? ''}`;

/** changes with the rankings, and is nothing without any */
export const rankingsKey = ({ examples: { rankings } }: LabState): string[] =>
  rankings.length === 0 ? [] : [`${rankings.length}:${rankings.at(-1)?.rankingId ?? ''}`];

/** @returns a short key that changes whenever votes or rankings do */
export const opinionsKey = (state: LabState): string => [votesKey(state.votes.votes), ...rankingsKey(state)].join();
