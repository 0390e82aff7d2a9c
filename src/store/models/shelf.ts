import { LIMITS, startOf } from '../../contract/limits';
import { attempt, type Context, unlessCancelled } from '../context';
import { longWork } from '../page/longWork';
import { writerId } from '../rounds/rounds';
import type { ShelfSlice } from '../state';
import { checkpointById } from './inUse';
import { fetchShipped, makeCopy, rename, saveFile, takeFile } from './shelfFiles';
import { shelfRemoval } from './shelfRemoval';
import { shelfRoles } from './shelfRoles';
import { EMPTY_SLOTS } from './slots';

/** nothing is described until someone is chosen; the drawer is closed */
export const CLOSED_SHELF: Pick<ShelfSlice, 'removed' | 'open' | 'selectedId'> = {
  removed: [],
  open: false,
  selectedId: null,
};

export function shelfSlice(context: Context): ShelfSlice {
  const patch = (fields: Partial<ShelfSlice>) => context.patch('shelf', fields);
  const slice = () => context.get().shelf;

  return {
    checkpoints: [],
    slots: EMPTY_SLOTS,
    provenance: {},
    ...CLOSED_SHELF,
    busy: null,
    error: null,
    ...shelfRoles(context),
    ...shelfRemoval(context),

    show(checkpointId) {
      context.get().inspect.hide();
      patch({ open: true, ...(checkpointId !== undefined && { selectedId: checkpointId }) });
    },
    hide: () => patch({ open: false }),
    select: (selectedId) => patch({ selectedId }),

    async startTrained(preset) {
      if (await slice().loadShipped(preset)) context.get().view.go('compare');
      if (writerId(context.get()) !== null) await context.get().pairs.prepare();
    },

    async loadShipped(preset) {
      if (slice().busy) return false;
      patch({ busy: 'loading', error: null });
      const error = await attempt(context, () =>
        longWork(context, 'shipped', (course) => fetchShipped(context, preset, course)),
      );
      patch({ busy: null, error: unlessCancelled(error) });
      return error === null;
    },

    async exportFile(checkpointId) {
      await attempt(context, () => longWork(context, 'saveModel', (course) => saveFile(context, checkpointId, course)));
    },

    async importFile(bytes, name) {
      if (slice().busy) return;
      patch({ busy: 'importing', error: null });
      await attempt(context, () => longWork(context, 'modelFile', (course) => takeFile(context, bytes, name, course)));
      patch({ busy: null });
    },

    async rename(checkpointId, name) {
      const tidy = startOf(name.trim(), LIMITS.name);
      if (tidy === '' || checkpointById(context.get(), checkpointId) === null) return;
      await attempt(context, () =>
        longWork(context, 'renameModel', (course) => rename(context, checkpointId, tidy, course)),
      );
    },

    async duplicate(checkpointId) {
      const original = checkpointById(context.get(), checkpointId);
      if (!original) return;
      await attempt(context, () => longWork(context, 'copyModel', (course) => makeCopy(context, original, course)));
    },
  };
}
