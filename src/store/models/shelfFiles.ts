/** Models that come as files, the one that ships with the page and the visitor's own, and their names. */
import type { PresetName } from '../../contract/config';
import type { CheckpointInfo } from '../../contract/domain';
import { LIMITS, startOf } from '../../contract/limits';
import { attempt, type Context } from '../context';
import { type Course, longWork } from '../page/longWork';
import { onDemand } from '../page/onDemand';
import type { ShelfSlice } from '../state';
import { checkpointById } from './inUse';
import { welcome } from './shelfRoles';
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

async function takeFile(
  context: Context,
  bytes: Uint8Array,
  name: string,
  trunkOf: string | undefined,
  { context: { call }, commit }: Course,
): Promise<void> {
  await context.settled();
  const info = await call('shelf/import', { bytes, name, ...(trunkOf !== undefined && { trunkOf }) });
  commit('storing the model'); // a file that is stored in part is none
  const { checkpointId } = info;
  await receive(context, info, async () => (await context.call('shelf/export', { checkpointId })).bytes);
}

/**
 * @param bytes its file, where it is to be stored
 * @param notes what the visitor should know of it, in sentences
 */
export async function receive(
  context: Context,
  info: CheckpointInfo,
  bytes: () => Promise<Uint8Array>,
  notes: readonly string[] = [],
): Promise<void> {
  const { notices } = context.get();
  notices.clear('file/checkpoint');
  context.patch('shelf', { selectedId: info.checkpointId });
  if (checkpointById(context.get(), info.checkpointId))
    return notices.toast(`${info.name} was in Checkpoints already.`);
  await putOnShelf(context, info, await bytes(), info.kind === 'base' ? `checkpoint ${info.checkpointId}` : null);
  await welcome(context, info);
  notices.toast([`${info.name} is in Checkpoints now.`, ...notes].join(' '));
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
export function shelfFiles(context: Context): Pick<ShelfSlice, 'importFile' | 'rename' | 'takeFurther'> {
  return {
    async importFile(bytes, name, trunkOf) {
      if (context.get().shelf.busy) return;
      context.patch('shelf', { busy: 'importing', error: null });
      await attempt(context, () =>
        longWork(context, 'modelFile', (course) => takeFile(context, bytes, name, trunkOf, course)),
      );
      context.patch('shelf', { busy: null });
    },

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
