/** Duels as the thread rates them: models by their places in a list, texts by how long they are. */
import { type Duel, MOST_MODELS, type RatedDuel } from '../../contract/arena';
import { choiceOf } from '../../contract/preferences';
import { type LengthUnit, lengthIn } from '../../contract/wordCount';
import type { LabState } from '../state';
import { ringOf } from './ring';

/** who wrote the left text, and who the right one */
export const writersOfSides = ({ policyId, againstId, swapped }: Duel): [left: string, right: string] =>
  swapped ? [againstId, policyId] : [policyId, againstId];

/** voted in a class, here or on another machine */
export const isOfClass = ({ source, rankingId }: Duel): boolean =>
  source === 'imported' && /^class\/[A-Z2-9]{6}\//.test(rankingId);

/** Ids of all that are on the board: whoever has met somebody, oldest first, then the rest of the ring. */
export function onBoard(state: Pick<LabState, 'shelf' | 'arena'>): string[] {
  const met = state.arena.duels.flatMap(({ policyId, againstId }) => [policyId, againstId]);
  return [...new Set([...met, ...ringOf(state).map(({ checkpointId }) => checkpointId)])].slice(0, MOST_MODELS);
}

/** @returns the duels among these models, texts as long as they are in this unit */
export function ratedDuels(duels: readonly Duel[], models: readonly string[], unit: LengthUnit): RatedDuel[] {
  const indexOf = new Map(models.map((id, at) => [id, at]));
  const pairs = new Map<string, number>();
  const pairOf = (pairId: string): number => {
    const pair = pairs.get(pairId) ?? pairs.size;
    pairs.set(pairId, pair);
    return pair;
  };
  return duels.flatMap((duel) => {
    const [first, second] = writersOfSides(duel).map((id) => indexOf.get(id));
    const [left, right] = duel.completions;
    if (first === undefined || second === undefined) return [];
    return [
      {
        first,
        second,
        choice: choiceOf(duel),
        lengths: [lengthIn(unit, left), lengthIn(unit, right)],
        pair: pairOf(duel.pairId),
      },
    ];
  });
}

/** What a model is called: as on the shelf, else as it was when it last met somebody. */
export const nameOf = ({ shelf, arena }: Pick<LabState, 'shelf' | 'arena'>, id: string): string =>
  shelf.checkpoints.find(({ checkpointId }) => checkpointId === id)?.name ??
  arena.names[id] ??
  'a model without a name';
