/** Opinions that come many at a time, from files and from simulated raters. */
import { groupsIn, isVote, type Ranking, votesIn } from '../../contract/preferences';
import type { Context } from '../context';
import { longWork } from '../page/longWork';
import { fitting, tellLimits } from './room';

/**
 * What comes from elsewhere must not take the id of one that is here, nor of another that comes with it. A hidden
 * repeat goes on naming the vote that it repeats, also where that one got another id.
 */
function withOwnIds(given: readonly Ranking[], here: readonly Ranking[], newId: Context['newId']): Ranking[] {
  const taken = new Set(here.map(({ rankingId }) => rankingId));
  const votesRenamed = new Map<string, string>();
  const own = given.map((one) => {
    const isNew = !taken.has(one.rankingId);
    const rankingId = isNew ? one.rankingId : newId(isVote(one) ? 'vote' : 'ranking');
    if (!isNew && isVote(one)) votesRenamed.set(one.rankingId, rankingId);
    taken.add(rankingId);
    return isNew ? one : { ...one, rankingId };
  });
  const follow = (id: string) => votesRenamed.get(id) ?? id;
  return own.map((one) => (isVote(one) && one.repeatOf !== null ? { ...one, repeatOf: follow(one.repeatOf) } : one));
}

/** Stores what came from a file, which is told meanwhile: a hundred thousand votes take most of a minute. */
export const storing = (context: Context, opinions: readonly Ranking[]): Promise<void> =>
  longWork(context, 'voteFile', async ({ commit }) => {
    commit('storing'); // in one transaction: all of them are on disk, or none is
    if (opinions.length > 0) await context.get().opinions.add([...opinions]);
  });

/** @returns those for which there is room, under ids of their own; that some are left out is told */
export function fittingOpinions(context: Context, given: readonly Ranking[]): Ranking[] {
  const [votes, groups] = [votesIn(given), groupsIn(given)];
  tellLimits(context, { votes: votes.length, rankings: groups.length });
  const taken = [...fitting(context, 'votes', votes), ...fitting(context, 'rankings', groups)];
  return withOwnIds(taken, context.get().opinions.all, context.newId);
}
