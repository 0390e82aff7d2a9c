/** Lists of checkpoints and the parts they play, as plain changes. */
import type { CheckpointInfo } from '../../contract/domain';
import type { Slots } from '../state';

/** @returns the shelf with this checkpoint on it, in place of an older one of the same id */
export const withCheckpoint = (checkpoints: readonly CheckpointInfo[], info: CheckpointInfo): CheckpointInfo[] =>
  checkpoints.some(({ checkpointId }) => checkpointId === info.checkpointId)
    ? checkpoints.map((other) => (other.checkpointId === info.checkpointId ? info : other))
    : [...checkpoints, info];

/** @returns the slots with this checkpoint taken out of every role */
export function withoutCheckpoint(slots: Slots, checkpointId: string): Slots {
  const entries = Object.entries(slots) as [keyof Slots, string | null][];
  return { ...slots, ...Object.fromEntries(entries.map(([slot, id]) => [slot, id === checkpointId ? null : id])) };
}

/**
 * @returns the slots with this checkpoint in one; a model that begins to write leaves no part to those assigned beside
 * the one before
 */
export function withSlot(slots: Slots, slot: keyof Slots, checkpointId: string | null): Slots {
  if (slots[slot] === checkpointId) return slots;
  const own = { ...slots, [slot]: checkpointId };
  if (slot === 'baseId') return { ...own, fineTunedId: null, startId: null, referenceId: null, valueId: null };
  return slot === 'fineTunedId' ? { ...own, startId: null, referenceId: null } : own;
}

export const SLOT_OF: Record<CheckpointInfo['kind'], keyof Slots> = {
  base: 'baseId',
  finetuned: 'fineTunedId',
  reward: 'rewardId',
  policy: 'policyId',
};
export const EMPTY_SLOTS: Slots = {
  baseId: null,
  fineTunedId: null,
  rewardId: null,
  policyId: null,
  startId: null,
  referenceId: null,
  valueId: null,
};
