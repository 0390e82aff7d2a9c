import type { PresetName } from '../../contract/config';
import { attempt, type Context, unlessCancelled } from '../context';
import { longWork } from '../page/longWork';
import { writerId } from '../rounds/rounds';
import type { ShelfSlice } from '../state';
import { copySlice } from './copySlice';
import { foreignSlice } from './foreignSlice';
import { fetchShipped } from './shelfFiles';
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
  /** @returns whether it is here now */
  const load = async (preset: PresetName, aside?: boolean): Promise<boolean> => {
    if (slice().busy) return false;
    patch({ busy: 'loading', error: null });
    const error = await attempt(context, () =>
      longWork(context, 'shipped', (course) => fetchShipped(context, preset, course, aside)),
    );
    patch({ busy: null, error: unlessCancelled(error) });
    return error === null;
  };

  return {
    checkpoints: [],
    slots: EMPTY_SLOTS,
    provenance: {},
    ...CLOSED_SHELF,
    busy: null,
    offer: null,
    error: null,
    ...shelfRoles(context),
    ...shelfRemoval(context),
    ...copySlice(context),
    ...foreignSlice(context),

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

    loadShipped: (preset) => load(preset),
    bring: (preset) => load(preset, true),
  };
}
