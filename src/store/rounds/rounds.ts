/** Which round it is, who writes in it, and where its policies begin. Pure reading of the state. */
import { type Ranking, roundOf, type Vote, type VoteSource, votesIn } from '../../contract/preferences';
import { counted, type Share } from '../../contract/shares';
import type { LabState } from '../state';

/** The model from which reward models and first policies begin: the fine-tuned one, else the base. */
export const writerId = ({ shelf: { slots } }: Pick<LabState, 'shelf'>): string | null =>
  slots.fineTunedId ?? slots.baseId;

type Standing = Pick<LabState, 'rounds' | 'shelf'>;
const NONE: readonly string[] = [];

/** Models that ended a round, oldest first; another base model has rounds of its own. */
export const endedRounds = ({ rounds, shelf }: Standing): readonly string[] =>
  rounds.ended[shelf.slots.baseId ?? ''] ?? NONE;

/** counts from 1 */
export const roundNumber = (state: Standing): number => endedRounds(state).length + 1;

const isOnShelf = ({ shelf }: Standing, id: string): boolean =>
  shelf.checkpoints.some(({ checkpointId }) => checkpointId === id);

/** Everything that wrote so far, oldest first, as far as it is still on the shelf. */
function writers(state: Standing): string[] {
  const first = writerId(state);
  const later = endedRounds(state).filter((id) => id !== first && isOnShelf(state, id));
  return first === null ? [] : [first, ...later];
}

/** The model whose texts are voted on in this round. */
export const newestId = (state: Standing): string | null => writers(state).at(-1) ?? null;

/**
 * The model that wrote in the round before, whose texts the newest one's can stand against: a fine-tuned model's is the
 * base.
 */
export function olderId(state: Standing): string | null {
  const [older, newest] = [writers(state).at(-2), newestId(state)];
  const { baseId } = state.shelf.slots;
  return older ?? (roundNumber(state) > 1 && baseId !== newest ? baseId : null);
}

export interface PairWriters {
  policyId: string;
  againstId?: string;
}

/** Who writes both texts of a pair now, `againstId` the second; null without a model. */
export function pairWriters(state: Standing): PairWriters | null {
  const policyId = newestId(state);
  if (policyId === null) return null;
  const againstId = state.rounds.pairing === 'versus' ? olderId(state) : null;
  return againstId === null ? { policyId } : { policyId, againstId };
}

/** changes whenever pairs that wait are no longer those to vote on */
export const pairsKey = (state: Standing): string => JSON.stringify([pairWriters(state), roundNumber(state)]);

/** what is made in a further round says so; nothing in the first */
export const roundStamp = (state: Standing): { round?: number } => {
  const round = roundNumber(state);
  return round > 1 ? { round } : {};
};

/** whether one model was made from another, by however many steps */
const descends = ({ shelf }: Standing, id: string, fromId: string): boolean =>
  shelf.checkpoints.some(
    ({ checkpointId, ancestors }) => checkpointId === id && ancestors.some((one) => one.checkpointId === fromId),
  );

/**
 * A model of this family that nobody has voted on and that the newest one was not made from: the next round can begin
 * with it.
 */
export function nextWriterId(state: Standing & Pick<LabState, 'opinions'>): string | null {
  const { baseId, policyId, fineTunedId } = state.shelf.slots;
  const newest = newestId(state);
  if (baseId === null || newest === null) return null;
  const isNext = (id: string | null): id is string =>
    id !== null &&
    isOnShelf(state, id) &&
    descends(state, id, baseId) &&
    !endedRounds(state).includes(id) &&
    !descends(state, newest, id);
  if (isNext(policyId)) return policyId;
  const votes = ofRound(votesIn(state.opinions.all), roundNumber(state));
  const wasVotedOn = votes.length === 0 || votes.some((vote) => vote.policyId === fineTunedId);
  return isNext(fineTunedId) && !wasVotedOn ? fineTunedId : null;
}

export const ofRound = <T extends { round?: number }>(opinions: readonly T[], round: number): T[] =>
  opinions.filter((one) => roundOf(one) === round);

/** Whether anybody has voted or ranked in this round. */
export function hasOpinions(state: Standing & Pick<LabState, 'opinions'>): boolean {
  const round = roundNumber(state);
  return state.opinions.all.some((one) => roundOf(one) === round);
}

/** One round in the list of them. */
export interface RoundSummary {
  round: number;
  human: number;
  simulated: number;
  imported: number;
  /** whoever made them */
  rankings: number;
  /** of the newest model against the one before, by the visitor's own choices; null without such a pair */
  duel: Duel | null;
  simulatedDuel: Duel | null;
}
export interface Duel {
  /** of the pairs decided for one side, those that went to the newer model */
  won: Share;
  /** pairs that nobody won */
  undecided: number;
}

/**
 * How old against new ends. Hidden repeats are left out, ties and "both bad" are counted apart: the interval (Wilson
 * 1927) is that of the decided pairs.
 */
export function duelOf(votes: readonly Vote[]): Duel | null {
  const pairs = votes.filter(({ againstId, repeatOf }) => againstId !== undefined && repeatOf === null);
  if (pairs.length === 0) return null;
  const decided = pairs.filter(({ ranks: [left, right] }) => left !== right);
  // the newer model writes the pair's first text
  const won = decided.filter(({ ranks: [left, right], swapped }) => left < right !== swapped);
  return { won: counted(won.length, decided.length), undecided: pairs.length - decided.length };
}

/** @returns every round up to this one, votes or none */
export function roundSummaries(opinions: readonly Ranking[], rounds: number): RoundSummary[] {
  const last = opinions.reduce((most, one) => Math.max(most, roundOf(one)), rounds);
  return Array.from({ length: last }, (_, i) => {
    const all = ofRound(opinions, i + 1);
    const votes = votesIn(all);
    const of = (source: VoteSource) => votes.filter((vote) => vote.source === source);
    const [human, simulated, imported] = [of('human'), of('simulated'), of('imported')];
    const counts = {
      human: human.length,
      simulated: simulated.length,
      imported: imported.length,
      rankings: all.length - votes.length,
    };
    return { round: i + 1, ...counts, duel: duelOf(human), simulatedDuel: duelOf(simulated) };
  });
}
