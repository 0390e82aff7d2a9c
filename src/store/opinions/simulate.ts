/** Votes and rankings of a simulated rater, asked for many at a time. */
import { LabError } from '../../contract/errors';
import { countOf } from '../../contract/numbers';
import { groupsIn, type Ranking, votesIn } from '../../contract/preferences';
import { type Context, derivedSeed } from '../context';
import { longWork } from '../page/longWork';
import { newestId, pairWriters, roundStamp } from '../rounds/rounds';
import { fittingOpinions } from './foreign';
import { raterInUse } from './raterInUse';
import { hasPlace, NO_WRITER } from './room';

export type SimulatedKind = 'votes' | 'rankings';
const MOST: Record<SimulatedKind, number> = { votes: 5000, rankings: 500 };
const ONE: Record<SimulatedKind, string> = { votes: 'simulated vote', rankings: 'simulated ranking' };

/** what the rater is asked, whatever it judges; as many as are here change the seed, so that more of them are others */
function question(context: Context, kind: SimulatedKind, count: number) {
  const state = context.get();
  const { config, opinions } = state;
  const { all, noise } = opinions;
  const rater = raterInUse(state);
  const { seed, sampling } = config.value;
  const drawn =
    kind === 'votes'
      ? derivedSeed(seed, 'simulate', votesIn(all).length)
      : derivedSeed(seed, 'simulate rankings', groupsIn(all).length);
  return { rater, noise, count: Math.min(MOST[kind], Math.max(1, Math.floor(count))), seed: drawn, sampling };
}

/** @throws LabError run/missingInput while there is no model */
async function ask(context: Context, call: Context['call'], kind: SimulatedKind, count: number): Promise<Ranking[]> {
  const [state, asked] = [context.get(), question(context, kind, count)];
  const [writers, policyId] = [pairWriters(state), newestId(state)];
  if (writers === null || policyId === null) throw new LabError('run/missingInput', NO_WRITER);
  if (kind === 'votes') return call('compare/simulate', { ...writers, ...asked });
  const size = state.config.value.compare.rankingSize;
  const rankings = await call('compare/rank', { policyId, size, ...asked });
  return rankings.map((one) => ({ ...one, rankingId: context.newId('ranking') }));
}

/** Asks for so many, and keeps those for which there is room, of this round and of today. */
export async function addSimulated(context: Context, kind: SimulatedKind, count: number): Promise<void> {
  await context.settled();
  const stamp = roundStamp(context.get());
  if (!hasPlace(context, kind)) return;
  const added = await longWork(context, kind, async ({ context: { call }, commit }) => {
    const given = fittingOpinions(context, await ask(context, call, kind, count));
    commit('storing'); // in one transaction: whoever forgets everything waits for it
    await context.get().opinions.add(given.map((one) => ({ ...one, ...stamp, at: context.today() })));
    return given.length;
  });
  context.get().notices.toast(`${countOf(added, ONE[kind])}, counted apart from yours.`);
}
