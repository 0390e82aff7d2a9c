import { countOf } from '../../contract/numbers';
import { groupsIn, type Ranking, type Vote, type VoteSource, votesIn } from '../../contract/preferences';
import { rememberLast } from '../rememberLast';
import type { LabState, OpinionCounts, VoteCounts } from '../state';

export const comparisonWords = (count: number): string => countOf(count, 'comparison');
export const voteWords = (count: number): string => countOf(count, 'vote');
export const rankingWords = (count: number): string => countOf(count, 'ranking');

export const isDecided = (vote: Pick<Vote, 'ranks'>): boolean => vote.ranks[0] !== vote.ranks[1];
/** for one side, and no hidden repeat, which would count one opinion twice */
export const chooses = (vote: Vote): boolean => vote.repeatOf === null && isDecided(vote);
export const isUsable = (vote: Vote): boolean => vote.source !== 'simulated' && chooses(vote);

/** @returns pairs with a better side in a ranking, up to K(K−1)/2 */
export const pairsIn = ({ ranks }: Pick<Ranking, 'ranks'>): number =>
  ranks.reduce((sum, rank, i) => sum + ranks.slice(i + 1).filter((other) => other !== rank).length, 0);
const sumOfPairs = (groups: readonly Ranking[]): number => groups.reduce((sum, group) => sum + pairsIn(group), 0);

export function voteCounts(votes: readonly Vote[]): VoteCounts {
  const of = (source: VoteSource) => votes.reduce((count, vote) => count + (vote.source === source ? 1 : 0), 0);
  return {
    human: of('human'),
    simulated: of('simulated'),
    imported: of('imported'),
    usable: votes.filter(isUsable).length,
  };
}

/** Votes and groups by whose they are. */
export function opinionCounts(opinions: readonly Ranking[]): OpinionCounts {
  const groups = groupsIn(opinions);
  const of = (source: VoteSource) => {
    const own = groups.filter((group) => group.source === source);
    return { rankings: own.length, comparisons: sumOfPairs(own) };
  };
  const ranked = { human: of('human'), simulated: of('simulated'), imported: of('imported') };
  const counts = voteCounts(votesIn(opinions));
  return { ...counts, usable: counts.usable + ranked.human.comparisons + ranked.imported.comparisons, ranked };
}

/**
 * Votes and groups in one list by their date. Each kind keeps its own order: dates of imported ones are from elsewhere.
 */
export function newestFirst(opinions: readonly Ranking[]): Ranking[] {
  const [votes, groups] = [votesIn(opinions), groupsIn(opinions)];
  const all: Ranking[] = [];
  let [vote, group] = [votes.length - 1, groups.length - 1];
  while (vote >= 0 || group >= 0) {
    const isVoteNext = group < 0 || (vote >= 0 && (votes[vote]?.at ?? 0) >= (groups[group]?.at ?? 0));
    all.push((isVoteNext ? votes[vote--] : groups[group--]) as Ranking);
  }
  return all;
}

/**
 * @returns how many choices a rule can be fitted to: the visitor's votes for one side, and the pairs of the visitor's
 * groups
 */
export const usableChoices = rememberLast((opinions: readonly Ranking[]): number => {
  const own = opinions.filter(({ source }) => source !== 'simulated');
  return votesIn(own).filter(isUsable).length + sumOfPairs(groupsIn(own));
});

const keyOf = (list: readonly Ranking[]): string => `${list.length}:${list.at(-1)?.rankingId ?? ''}`;

/** @returns short keys, of the votes and, where there are any, of the groups, each of which changes with them */
export const opinionKeys = rememberLast((opinions: readonly Ranking[]): readonly [string, ...string[]] => {
  const groups = groupsIn(opinions);
  return [keyOf(votesIn(opinions)), ...(groups.length > 0 ? [keyOf(groups)] : [])];
});

/** @returns a short key that changes whenever what people say does */
export const opinionsKey = ({ opinions }: Pick<LabState, 'opinions'>): string => opinionKeys(opinions.all).join();
