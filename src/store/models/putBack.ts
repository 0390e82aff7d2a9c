/** What a deleted checkpoint takes up again when it is put back. Pure reading of the state. */

import type { CorpusOrigin, LabState, Slots } from '../state';
import type { RemovedCheckpoint } from './shelfState';

/** @returns the slots with the parts it played; whoever took one meanwhile keeps it */
export function slotsWithPutBack(slots: Slots, { info, slots: played }: RemovedCheckpoint): Slots {
  const free = played.filter((slot) => slots[slot] === null);
  return { ...slots, ...Object.fromEntries(free.map((slot) => [slot, info.checkpointId])) };
}

/** @returns where the corpus comes from: the checkpoint put back, when one made from it stood in for it */
export function originWithPutBack(
  { shelf }: Pick<LabState, 'shelf'>,
  origin: CorpusOrigin | null,
  { info, gaveCorpus }: RemovedCheckpoint,
): CorpusOrigin | null {
  if (!gaveCorpus || origin?.kind !== 'checkpoint') return origin;
  const all = [...shelf.checkpoints, ...shelf.removed.map((one) => one.info)];
  const heir = all.find(({ checkpointId }) => checkpointId === origin.checkpointId);
  const descends = heir?.ancestors.some(({ checkpointId }) => checkpointId === info.checkpointId) === true;
  return descends ? { kind: 'checkpoint', checkpointId: info.checkpointId } : origin;
}

type Standing = Pick<LabState, 'shelf' | 'corpus'>;

/** @returns the slots as they are after a reload, which brings back whatever can still be put back */
export const storedSlots = ({ shelf }: Standing): Slots => shelf.removed.reduceRight(slotsWithPutBack, shelf.slots);

/** @returns the origin of the corpus after a reload, as `storedSlots` are */
export const storedOrigin = ({ shelf, corpus }: Standing): CorpusOrigin | null =>
  shelf.removed.reduceRight((origin, removed) => originWithPutBack({ shelf }, origin, removed), corpus.origin);
