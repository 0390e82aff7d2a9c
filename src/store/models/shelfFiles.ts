/**
 * Models that come and go as files: the one that ships with the page, the visitor's own, copies, names; each is one
 * record in storage.
 */
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

/** and its file into storage */
export async function putOnShelf(
  context: Context,
  info: CheckpointInfo,
  bytes: Uint8Array,
  provenance: string | null,
): Promise<void> {
  showOnShelf(context, info, provenance);
  await context.vault.write('putCheckpoint', { info, bytes });
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
  commit('storing the model'); // one record: a file that is stored in part is none
  await receive(context, info, bytes);
}

/** @param notes what the visitor should know of it, in sentences */
export async function receive(
  context: Context,
  info: CheckpointInfo,
  bytes: Uint8Array,
  notes: readonly string[] = [],
): Promise<void> {
  const { notices } = context.get();
  notices.clear('file/checkpoint');
  context.patch('shelf', { selectedId: info.checkpointId });
  if (checkpointById(context.get(), info.checkpointId))
    return notices.toast(`${info.name} was in Checkpoints already.`);
  await putOnShelf(context, info, bytes, info.kind === 'base' ? `checkpoint ${info.checkpointId}` : null);
  await welcome(context, info);
  notices.toast([`${info.name} is in Checkpoints now.`, ...notes].join(' '));
}

async function saveFile(context: Context, checkpointId: string, { context: { call } }: Course): Promise<void> {
  const { bytes, fileName } = await call('shelf/export', { checkpointId });
  context.saveFile(fileName, bytes, 'application/octet-stream');
}

async function saveAdapter(context: Context, checkpointId: string, { context: { call } }: Course): Promise<void> {
  const { bytes, fileName } = await call('shelf/adapter', { checkpointId });
  context.saveFile(fileName, bytes, 'application/zip');
}

/** @returns "Base copy", "Base copy 2": a name that nobody has */
function copyName({ get }: Context, name: string, what: 'copy' | 'merged'): string {
  const taken = new Set(get().shelf.checkpoints.map((info) => info.name));
  const start = startOf(name, LIMITS.name - ` ${what} 99`.length);
  let copy = `${start} ${what}`;
  for (let number = 2; taken.has(copy); number++) copy = `${start} ${what} ${number}`;
  return copy;
}

async function makeCopy(
  context: Context,
  original: CheckpointInfo,
  what: 'copy' | 'merged',
  { context: { call }, commit }: Course,
): Promise<void> {
  const { checkpointId, kind } = original;
  const [copyId, name] = [context.newId(kind), copyName(context, original.name, what)];
  const merged = what === 'merged';
  const { info, bytes } = await call('shelf/duplicate', { checkpointId, copyId, name, ...(merged && { merged }) });
  commit('storing the copy'); // one record, as with a file
  await putOnShelf(context, info, bytes, context.get().shelf.provenance[checkpointId] ?? null);
  context.patch('shelf', { selectedId: copyId });
  context.get().notices.toast(`${info.name} is in Checkpoints now.`);
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
export function shelfFiles(
  context: Context,
): Pick<ShelfSlice, 'exportFile' | 'exportAdapter' | 'importFile' | 'rename' | 'duplicate' | 'merge' | 'takeFurther'> {
  const copy = async (checkpointId: string, what: 'copy' | 'merged'): Promise<void> => {
    const original = checkpointById(context.get(), checkpointId);
    if (original)
      await attempt(context, () =>
        longWork(context, 'copyModel', (course) => makeCopy(context, original, what, course)),
      );
  };
  return {
    async exportFile(checkpointId) {
      await attempt(context, () => longWork(context, 'saveModel', (course) => saveFile(context, checkpointId, course)));
    },

    async exportAdapter(checkpointId) {
      await attempt(context, () =>
        longWork(context, 'saveModel', (course) => saveAdapter(context, checkpointId, course)),
      );
    },

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

    duplicate: (checkpointId) => copy(checkpointId, 'copy'),
    merge: (checkpointId) => copy(checkpointId, 'merged'),
  };
}
