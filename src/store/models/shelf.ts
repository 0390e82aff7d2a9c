import type { CheckpointInfo } from '../../contract/domain';
import { LIMITS, startOf } from '../../contract/limits';
import { attempt, type Context, unlessCancelled } from '../context';
import { type Course, longWork } from '../page/longWork';
import { writerId } from '../rounds/rounds';
import type { ShelfSlice } from '../state';
import { checkpointById } from './inUse';
import { shelfRemoval } from './shelfRemoval';
import { shelfRoles } from './shelfRoles';
import { EMPTY_SLOTS, withCheckpoint } from './slots';

/** Puts a checkpoint on the shelf of the page and its file into storage. */
export async function putOnShelf(context: Context, info: CheckpointInfo, bytes: Uint8Array, provenance: string | null): Promise<void> {
  const { shelf } = context.get();
  const all = provenance === null ? shelf.provenance : { ...shelf.provenance, [info.checkpointId]: provenance };
  const removed = shelf.removed.filter((one) => one.info.checkpointId !== info.checkpointId); // the same run made it again
  context.patch('shelf', { checkpoints: withCheckpoint(shelf.checkpoints, info), provenance: all, removed });
  await context.vault.write('putCheckpoint', { info, bytes });
}

/** nothing is described until someone is chosen; the drawer is closed */
export const CLOSED_SHELF: Pick<ShelfSlice, 'removed' | 'open' | 'selectedId'> = { removed: [], open: false, selectedId: null };

export function shelfSlice(context: Context): ShelfSlice {
  const patch = (fields: Partial<ShelfSlice>) => context.patch('shelf', fields);
  const slice = () => context.get().shelf;
  const { takeBase, welcome, ...roles } = shelfRoles(context);

  const fetchShipped = async (preset: Parameters<ShelfSlice['loadShipped']>[0], { context: { call }, commit }: Course) => {
    await context.settled();
    const info = await call('shelf/shipped', { preset });
    commit('taking it into use'); // it is on the thread's shelf, and its corpus is current there
    if (context.get().config.value.preset !== preset) context.get().config.applyPreset(preset);
    const { bytes } = await context.call('shelf/export', { checkpointId: info.checkpointId });
    await putOnShelf(context, info, bytes, `checkpoint ${info.checkpointId}`);
    await takeBase(info);
    context.get().notices.clear('file/checkpoint');
  };

  const takeFile = async (bytes: Uint8Array, name: string, { context: { call }, commit }: Course) => {
    await context.settled();
    const info = await call('shelf/import', { bytes, name });
    commit('storing the model'); // one record: a file that is stored in part is none
    context.get().notices.clear('file/checkpoint');
    patch({ selectedId: info.checkpointId });
    if (checkpointById(context.get(), info.checkpointId)) return context.get().notices.toast(`${info.name} was in Checkpoints already.`);
    await putOnShelf(context, info, bytes, info.kind === 'base' ? `checkpoint ${info.checkpointId}` : null);
    await welcome(info);
    context.get().notices.toast(`${info.name} is in Checkpoints now.`);
  };

  /** @returns "Base copy", "Base copy 2": a name that nobody has */
  const copyName = (name: string): string => {
    const taken = new Set(slice().checkpoints.map((info) => info.name));
    let copy = `${startOf(name, LIMITS.name - 8)} copy`;
    for (let number = 2; taken.has(copy); number++) copy = `${startOf(name, LIMITS.name - 8)} copy ${number}`;
    return copy;
  };

  return {
    checkpoints: [],
    slots: EMPTY_SLOTS,
    provenance: {},
    ...CLOSED_SHELF,
    busy: null,
    error: null,
    ...roles,
    ...shelfRemoval(context),

    show(checkpointId) {
      context.get().inspect.hide();
      patch({ open: true, ...(checkpointId !== undefined && { selectedId: checkpointId }) });
    },
    hide: () => patch({ open: false }),
    select: (selectedId) => patch({ selectedId }),

    async startTrained(preset) {
      if (await slice().loadShipped(preset)) context.get().view.go('compare');
      if (writerId(context.get()) !== null) await context.get().votes.prepare();
    },

    async loadShipped(preset) {
      if (slice().busy) return false;
      patch({ busy: 'loading', error: null });
      const error = await attempt(context, () => longWork(context, 'shipped', (course) => fetchShipped(preset, course)));
      patch({ busy: null, error: unlessCancelled(error) });
      return error === null;
    },

    async exportFile(checkpointId) {
      const save = async ({ context: { call } }: Course) => {
        const { bytes, fileName } = await call('shelf/export', { checkpointId });
        context.saveFile(fileName, bytes, 'application/octet-stream');
      };
      await attempt(context, () => longWork(context, 'saveModel', save));
    },

    async importFile(bytes, name) {
      if (slice().busy) return;
      patch({ busy: 'importing', error: null });
      await attempt(context, () => longWork(context, 'modelFile', (course) => takeFile(bytes, name, course)));
      patch({ busy: null });
    },

    async rename(checkpointId, name) {
      const tidy = startOf(name.trim(), LIMITS.name);
      if (tidy === '' || checkpointById(context.get(), checkpointId) === null) return;
      const rename = async ({ commit }: Course) => {
        commit('storing the new name'); // with the file it names, as one record
        const info = await context.call('shelf/rename', { checkpointId, name: tidy });
        if (checkpointById(context.get(), checkpointId) === null) return; // deleted meanwhile; an undo brings the old name back
        patch({ checkpoints: withCheckpoint(slice().checkpoints, info) });
        const stored = await context.vault.read((storage) => storage.checkpoint(checkpointId), null);
        if (stored) await context.vault.write('putCheckpoint', { ...stored, info });
      };
      await attempt(context, () => longWork(context, 'renameModel', rename));
    },

    async duplicate(checkpointId) {
      const original = checkpointById(context.get(), checkpointId);
      if (!original) return;
      const copy = async ({ context: { call }, commit }: Course) => {
        const copyId = context.newId(original.kind);
        const { info, bytes } = await call('shelf/duplicate', { checkpointId, copyId, name: copyName(original.name) });
        commit('storing the copy'); // one record, as with a file
        await putOnShelf(context, info, bytes, slice().provenance[checkpointId] ?? null);
        patch({ selectedId: copyId });
        context.get().notices.toast(`${info.name} is in Checkpoints now.`);
      };
      await attempt(context, () => longWork(context, 'copyModel', copy));
    },
  };
}
