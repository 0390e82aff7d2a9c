/** Models once more: as files, as copies, and merged. */
import type { CheckpointInfo } from '../../contract/domain';
import { LIMITS, startOf } from '../../contract/limits';
import { attempt, type Context } from '../context';
import { type Course, longWork } from '../page/longWork';
import type { ShelfSlice } from '../state';
import { checkpointById } from './inUse';
import { putOnShelf } from './shelfFiles';

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

export type CopyActs = Pick<ShelfSlice, 'exportFile' | 'exportAdapter' | 'duplicate' | 'merge'>;

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
  };
}
