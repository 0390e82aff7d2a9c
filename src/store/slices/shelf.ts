import type { CheckpointInfo } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import { attempt, type Context } from '../context';
import type { ShelfSlice, Slots } from '../state';
import { takeCorpus } from './corpus';

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

/** @returns the slots with this checkpoint in one; a model that begins to write leaves no part to those assigned beside the one before */
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

/** Puts a checkpoint on the shelf of the page and its file into storage. */
export async function putOnShelf(context: Context, info: CheckpointInfo, bytes: Uint8Array, provenance: string | null): Promise<void> {
  const { shelf } = context.get();
  const all = provenance === null ? shelf.provenance : { ...shelf.provenance, [info.checkpointId]: provenance };
  context.patch('shelf', { checkpoints: withCheckpoint(shelf.checkpoints, info), provenance: all });
  await context.vault.write('putCheckpoint', { info, bytes });
}

export function shelfSlice(context: Context): ShelfSlice {
  const patch = (fields: Partial<ShelfSlice>) => context.patch('shelf', fields);
  const slice = () => context.get().shelf;

  /** its corpus becomes current with it: prompts, tokens and raters are the base model's */
  const takeBase = async (info: CheckpointInfo) => {
    const summary = await context.call('corpus/checkpoint', { checkpointId: info.checkpointId });
    const { origin } = context.get().corpus;
    const isOpenText = summary.kind === 'text' && origin?.kind === 'text'; // a checkpoint holds the tokens of a text, not the text
    takeCorpus(context, summary, isOpenText ? origin : { kind: 'checkpoint', checkpointId: info.checkpointId });
    // what was made from another base is not where this one leads
    const { slots, checkpoints } = slice();
    const fineTuned = checkpoints.find(({ checkpointId }) => checkpointId === slots.fineTunedId);
    const fineTunedId = fineTuned?.parents.includes(info.checkpointId) ? slots.fineTunedId : null;
    patch({ slots: { ...withSlot(slots, 'baseId', info.checkpointId), fineTunedId } });
  };

  const fetchShipped = async (preset: Parameters<ShelfSlice['loadShipped']>[0]) => {
    await context.settled();
    if (context.get().config.value.preset !== preset) context.get().config.applyPreset(preset);
    const info = await context.call('shelf/shipped', { preset });
    const { bytes } = await context.call('shelf/export', { checkpointId: info.checkpointId });
    await putOnShelf(context, info, bytes, `checkpoint ${info.checkpointId}`);
    await takeBase(info);
    context.get().notices.clear('file/checkpoint');
  };

  return {
    checkpoints: [],
    slots: EMPTY_SLOTS,
    provenance: {},
    busy: null,
    error: null,

    async startTrained(preset) {
      if (await slice().loadShipped(preset)) context.get().view.go('compare');
      if (slice().slots.baseId !== null) await context.get().votes.prepare();
    },

    async loadShipped(preset) {
      if (slice().busy) return false;
      patch({ busy: 'loading', error: null });
      const error = await attempt(context, () => fetchShipped(preset));
      patch({ busy: null, error });
      return error === null;
    },

    async setSlot(slot, checkpointId) {
      await attempt(context, async () => {
        const info = slice().checkpoints.find((one) => one.checkpointId === checkpointId);
        if (checkpointId !== null && !info) throw new LabError('run/missingInput', 'That checkpoint is no longer on the shelf.');
        if (slot === 'baseId' && info) await takeBase(info);
        else patch({ slots: withSlot(slice().slots, slot, checkpointId) });
      });
    },

    async exportFile(checkpointId) {
      await attempt(context, async () => {
        const { bytes, fileName } = await context.call('shelf/export', { checkpointId });
        context.saveFile(fileName, bytes, 'application/octet-stream');
      });
    },

    async importFile(bytes, name) {
      if (slice().busy) return;
      patch({ busy: 'importing', error: null });
      await attempt(context, async () => {
        await context.settled();
        const info = await context.call('shelf/import', { bytes, name });
        context.get().notices.clear('file/checkpoint');
        await putOnShelf(context, info, bytes, info.kind === 'base' ? `checkpoint ${info.checkpointId}` : null);
        const slot = SLOT_OF[info.kind];
        if (info.kind === 'base') await takeBase(info);
        else patch({ slots: withSlot(slice().slots, slot, info.checkpointId) });
        context.get().notices.toast(`${info.name} is on the shelf.`);
      });
      patch({ busy: null });
    },

    async remove(checkpointId) {
      await attempt(context, async () => {
        await context.call('shelf/remove', { checkpointId });
        await context.vault.write('removeCheckpoint', checkpointId);
        const { slots, checkpoints } = slice();
        const left = checkpoints.filter((info) => info.checkpointId !== checkpointId);
        patch({ checkpoints: left, slots: withoutCheckpoint(slots, checkpointId) });
      });
    },

    async rename(checkpointId, name) {
      const info = slice().checkpoints.find((one) => one.checkpointId === checkpointId);
      const tidy = name.trim().slice(0, 80);
      if (!info || tidy === '') return;
      const renamed = { ...info, name: tidy };
      patch({ checkpoints: withCheckpoint(slice().checkpoints, renamed) });
      const stored = await context.vault.read((storage) => storage.checkpoint(checkpointId), null);
      if (stored) await context.vault.write('putCheckpoint', { ...stored, info: renamed });
    },
  };
}
