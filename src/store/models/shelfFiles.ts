/** Models on the page's shelf and in storage: the one that ships with the page, and what they are called. */
import type { PresetName } from '../../contract/config';
import type { CheckpointInfo } from '../../contract/domain';
import { LIMITS, startOf } from '../../contract/limits';
import { attempt, type Context } from '../context';
import { type Course, longWork } from '../page/longWork';
import { onDemand } from '../page/onDemand';
import type { ShelfSlice } from '../state';
import { checkpointById } from './inUse';
import { withCheckpoint } from './slots';
import { takeBase } from './takeWriter';

const further = onDemand('writes a project', () => import('./takeFurther'));

/** Puts a checkpoint on the shelf of the page. */
export function showOnShelf(context: Context, info: CheckpointInfo, provenance: string | null = null): void {
  const { shelf } = context.get();
  const all = provenance === null ? shelf.provenance : { ...shelf.provenance, [info.checkpointId]: provenance };
  // the same run made it again
  const removed = shelf.removed.filter((one) => one.info.checkpointId !== info.checkpointId);
  context.patch('shelf', { checkpoints: withCheckpoint(shelf.checkpoints, info), provenance: all, removed });
}

/** bytes that do not wait for the next collection of garbage, which may be long in coming */
const LARGE = 2 ** 24;
const letGo = (buffer: ArrayBufferLike & { transfer?(size: number): unknown }): unknown =>
  buffer.byteLength > LARGE && buffer.transfer?.(0); // older browsers have none

/**
 * and its file into storage
 * @param bytes given away
 */
export async function putOnShelf(
  context: Context,
  info: CheckpointInfo,
  bytes: Uint8Array,
  provenance: string | null,
): Promise<void> {
  showOnShelf(context, info, provenance);
  await context.vault.write('putCheckpoint', { info, bytes });
  letGo(bytes.buffer);
}

/** @param aside beside the others: nobody's part changes, nor the corpus */
export async function fetchShipped(
  context: Context,
  preset: PresetName,
  { context: { call }, commit }: Course,
  aside = false,
): Promise<void> {
  await context.settled();
  const info = await call('shelf/shipped', { preset, aside });
  commit('taking it into use'); // it is on the thread's shelf, and its corpus is current there
  if (!aside && context.get().config.value.preset !== preset) context.get().config.applyPreset(preset);
  const { bytes } = await context.call('shelf/export', { checkpointId: info.checkpointId });
  await putOnShelf(context, info, bytes, `checkpoint ${info.checkpointId}`);
  if (!aside) await takeBase(context, info);
  context.get().notices.clear('file/checkpoint');
}

async function rename(context: Context, checkpointId: string, name: string, { commit }: Course): Promise<void> {
  commit('storing the new name');
  const info = await context.call('shelf/rename', { checkpointId, name });
  // deleted meanwhile; an undo brings the old name back
  if (checkpointById(context.get(), checkpointId) === null) return;
  context.patch('shelf', { checkpoints: withCheckpoint(context.get().shelf.checkpoints, info) });
  await context.vault.write('relabel', info);
}

/** What the drawer does to one model. */
export function shelfFiles(context: Context): Pick<ShelfSlice, 'rename' | 'takeFurther'> {
  return {
    async takeFurther() {
      await attempt(context, async () => {
        const { takeFurther } = await further();
        await longWork(context, 'takeFurther', (course) => takeFurther(context, course));
      });
    },

    async rename(checkpointId, name) {
      const tidy = startOf(name.trim(), LIMITS.name);
      if (tidy === '' || checkpointById(context.get(), checkpointId) === null) return;
      await attempt(context, () =>
        longWork(context, 'renameModel', (course) => rename(context, checkpointId, tidy, course)),
      );
    },
  };
}
