/** What the drawer does to models: saves and copies them, merges them, names them. */
import type { CheckpointInfo } from '../../contract/domain';
import { LIMITS, startOf } from '../../contract/limits';
import { attempt, type Context } from '../context';
import { type Course, longWork } from '../page/longWork';
import { onDemand } from '../page/onDemand';
import type { ShelfSlice } from '../state';
import { checkpointById } from './inUse';
import { putOnShelf } from './shelfFiles';
import { withCheckpoint } from './slots';

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
  commit('storing the copy'); // whole, as a file
  await putOnShelf(context, info, bytes, context.get().shelf.provenance[checkpointId] ?? null);
  context.patch('shelf', { selectedId: copyId });
  context.get().notices.toast(`${info.name} is in Checkpoints now.`);
}

const further = onDemand('writes a project', () => import('./takeFurther'));

async function rename(context: Context, checkpointId: string, name: string, { commit }: Course): Promise<void> {
  commit('storing the new name');
  const info = await context.call('shelf/rename', { checkpointId, name });
  // deleted meanwhile; an undo brings the old name back
  if (checkpointById(context.get(), checkpointId) === null) return;
  context.patch('shelf', { checkpoints: withCheckpoint(context.get().shelf.checkpoints, info) });
  await context.vault.write('relabel', info);
}

export type CopyActs = Pick<
  ShelfSlice,
  'exportFile' | 'exportAdapter' | 'rename' | 'duplicate' | 'merge' | 'takeFurther'
>;

export function shelfCopies(context: Context): CopyActs {
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

    duplicate: (checkpointId) => copy(checkpointId, 'copy'),
    merge: (checkpointId) => copy(checkpointId, 'merged'),

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
