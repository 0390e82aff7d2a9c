/** Who stands in the ring, and who meets whom next. Pure reading of the state. */
import type { Duel } from '../../contract/arena';
import type { CheckpointInfo } from '../../contract/domain';
import { minOf } from '../../contract/many';
import { coin } from '../context';
import type { LabState } from '../state';

type Standing = Pick<LabState, 'shelf' | 'arena'>;
/** the first writes the pair's first text */
export type Pairing = readonly [first: string, second: string];

/** Every model of the shelf that writes. */
export const writersOf = ({ shelf }: Standing): CheckpointInfo[] =>
  shelf.checkpoints.filter(({ kind }) => kind !== 'reward');

/** Those that nobody has taken out: what a run leaves, and so each round's policy, stands there by itself. */
export const ringOf = (state: Standing): CheckpointInfo[] =>
  writersOf(state).filter(({ checkpointId }) => !state.arena.out.includes(checkpointId));

/**
 * @returns all pairs whose texts can stand beside each other: of the same tokens, for they need the same prompt. The
 * order in which the models came says nothing: a reload brings them in another
 */
export function pairingsOf(ring: readonly CheckpointInfo[]): Pairing[] {
  const byId = [...ring].sort((one, other) => (one.checkpointId < other.checkpointId ? -1 : 1));
  return byId.flatMap((first, i) =>
    byId
      .slice(i + 1)
      .filter(({ tokenizerKey }) => tokenizerKey === first.tokenizerKey)
      .map((second): Pairing => [first.checkpointId, second.checkpointId]),
  );
}

const keyOf = ([first, second]: Pairing): string => [first, second].sort().join('\n');
export const isSamePairing = (one: Pairing, other: Pairing): boolean => keyOf(one) === keyOf(other);

/** @returns a pair that met least so far, by chance among those that met as often; null where there is none */
export function leastMet(
  pairings: readonly Pairing[],
  duels: readonly Pick<Duel, 'policyId' | 'againstId'>[],
  seed: number,
  turn: number,
): Pairing | null {
  const met = new Map<string, number>();
  for (const { policyId, againstId } of duels) {
    const key = keyOf([policyId, againstId]);
    met.set(key, (met.get(key) ?? 0) + 1);
  }
  const countOf = (pairing: Pairing): number => met.get(keyOf(pairing)) ?? 0;
  const least = minOf(pairings.map(countOf));
  const candidates = pairings.filter((pairing) => countOf(pairing) === least);
  return candidates[Math.floor(coin(seed, 'arena pairing', turn) * candidates.length)] ?? null;
}
