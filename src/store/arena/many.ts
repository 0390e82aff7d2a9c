/** Duels that come many at a time: of a simulated rater, or from a file. */
import type { Duel } from '../../contract/arena';
import { LabError } from '../../contract/errors';
import { inWords, LIMITS } from '../../contract/limits';
import { maxOf } from '../../contract/many';
import type { Vote } from '../../contract/preferences';
import { type ReadDuel, readDuels } from '../../formats/duels';
import { decodeLines } from '../../formats/text';
import { derivedSeed } from '../context';
import type { Lab } from '../lab';
import { describeGoodLines, namedLines } from '../opinions/importOpinions';
import { raterInUse } from '../opinions/raterInUse';
import { inSteps } from '../page/inSteps';
import { nameOf } from './rated';
import { pairingsOf, ringOf } from './ring';

export const FULL = `The arena keeps ${inWords(LIMITS.duels)} duels, and they are all here.`;

/** of each list one, then again of each: Elo sees the pairs in turn */
const inTurn = <T>(lists: readonly (readonly T[])[]): T[] =>
  Array.from(
    {
      length: maxOf(
        lists.map(({ length }) => length),
        0,
      ),
    },
    (_, i) => lists.flatMap((list) => list.slice(i, i + 1)),
  ).flat();

export const roomIn = (lab: Lab): number => LIMITS.duels - lab.getState().arena.duels.length;

/** A rater's votes on every pair of the ring, as many on each; a pair that it cannot tell apart has none. */
export async function simulateDuels(
  lab: Lab,
  count: number,
  tell: (done: number) => void,
  signal: AbortSignal,
): Promise<Duel[]> {
  const state = lab.getState();
  const { noise } = state.opinions;
  const rater = raterInUse(state);
  const { seed, sampling } = state.config.value;
  const pairings = pairingsOf(ringOf(state));
  const wanted = Math.min(count, roomIn(lab));
  if (wanted <= 0) throw new Error(FULL);
  const lists: Vote[][] = [];
  let trouble: unknown = null;
  for (const [i, [policyId, againstId]] of pairings.entries()) {
    const share = Math.floor(wanted / pairings.length) + (i < wanted % pairings.length ? 1 : 0);
    if (share === 0) continue;
    const drawn = derivedSeed(seed, 'arena simulate', state.arena.duels.length * pairings.length + i);
    const asked = { policyId, againstId, rater, noise, count: share, seed: drawn, sampling };
    const before = lists.flat().length;
    try {
      lists.push(await lab.call('compare/simulate', asked, { signal, onProgress: ({ done }) => tell(before + done) }));
    } catch (error) {
      if (!(error instanceof LabError && error.code === 'run/tooFewVotes')) throw error;
      trouble = error;
    }
  }
  if (signal.aborted) throw new LabError('work/cancelled', 'The work ended before it was done.');
  if (lists.length === 0 && trouble) throw trouble;
  const at = lab.today();
  return inTurn(lists).map((vote) => ({ ...vote, rankingId: lab.newId('duel'), at }) as Duel);
}

export const namesOf = (lab: Lab, duels: readonly Pick<Duel, 'policyId' | 'againstId'>[]): Record<string, string> =>
  Object.fromEntries(
    duels.flatMap(({ policyId, againstId }) => [policyId, againstId]).map((id) => [id, nameOf(lab.getState(), id)]),
  );

/** What a file holds, before anything of it is taken. */
export interface DuelFile {
  name: string;
  found: ReadDuel[];
  /** what is wrong with the rest, in sentences; null where all is good */
  complaint: string | null;
}

/** @throws LabError that says why nothing of it can be read */
export async function readDuelFile(lab: Lab, bytes: Uint8Array, name: string): Promise<DuelFile> {
  const reading = readDuels(decodeLines(bytes, 'file/votes', name), lab.getState().arena.duels, () =>
    lab.newId('duel'),
  );
  const { good, badLines } = await inSteps(reading, { tell: () => undefined });
  if (good.length === 0 && badLines.length === 0) throw new LabError('file/votes', `${name} holds no duels.`);
  const complaint = badLines.length > 0 ? `${name}: ${namedLines(badLines)}. ${describeGoodLines(good.length)}` : null;
  return { name, found: good, complaint };
}
