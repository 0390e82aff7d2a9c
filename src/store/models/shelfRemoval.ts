/** Deleting a checkpoint, which can be taken back for a while: until then thread and storage keep it. */
import { LabError } from '../../contract/errors';
import { attempt, type Context } from '../context';
import type { LabState, ShelfSlice, Slots, Toast } from '../state';
import { checkpointById } from './inUse';
import { originWithPutBack, slotsWithPutBack } from './putBack';
import { usersOf } from './roles';
import type { RemovedCheckpoint } from './shelfState';
import { withCheckpoint, withoutCheckpoint } from './slots';

/** long enough to notice and to reach the button by keyboard */
export const UNDO_MS = 20_000;

const removedBut = ({ shelf }: LabState, checkpointId: string) =>
  shelf.removed.filter(({ info }) => info.checkpointId !== checkpointId);

/** too late for the undo of this deletion */
async function letGo(context: Context, deleted: RemovedCheckpoint): Promise<void> {
  const { shelf } = context.get();
  if (!shelf.removed.includes(deleted)) return; // put back meanwhile, and perhaps deleted once more
  const { checkpointId } = deleted.info;
  const left = removedBut(context.get(), checkpointId);
  const { [checkpointId]: _, ...provenance } = shelf.provenance;
  context.patch('shelf', { removed: left, provenance });
  await context.vault.write('removeCheckpoint', checkpointId);
  // a thread that died has let it go already
  await context.call('shelf/remove', { checkpointId }).catch(() => undefined);
}

const givesCorpus = ({ corpus: { origin } }: LabState, checkpointId: string): boolean =>
  origin?.kind === 'checkpoint' && origin.checkpointId === checkpointId;

/** the corpus comes back from any model that was made with it */
function keepCorpus(context: Context, checkpointId: string): void {
  const state = context.get();
  if (!givesCorpus(state, checkpointId)) return;
  const heir = state.shelf.checkpoints.find(({ ancestors }) =>
    ancestors.some((one) => one.checkpointId === checkpointId),
  );
  if (heir) context.patch('corpus', { origin: { kind: 'checkpoint', checkpointId: heir.checkpointId } });
}

/** @throws LabError when a run that is not over or a model of adapters, rests on it */
async function remove(context: Context, checkpointId: string): Promise<void> {
  const state = context.get();
  const info = checkpointById(state, checkpointId);
  if (!info) return;
  const [user] = usersOf(state, info);
  if (user) throw new LabError('shelf/inUse', `${user} rests on ${info.name}`);
  const { slots, checkpoints, removed, selectedId, open } = state.shelf;
  const parts = (Object.keys(slots) as (keyof Slots)[]).filter((slot) => slots[slot] === checkpointId);
  const deleted = { info, slots: parts, gaveCorpus: givesCorpus(state, checkpointId) };
  context.patch('shelf', {
    checkpoints: checkpoints.filter((other) => other.checkpointId !== checkpointId),
    slots: withoutCheckpoint(slots, checkpointId),
    removed: [...removed, deleted],
    selectedId: selectedId === checkpointId ? null : selectedId,
  });
  keepCorpus(context, checkpointId);
  state.notices.clear('shelf/inUse');
  if (!open) state.notices.toast(`${info.name} is deleted.`, { kind: 'putBack', checkpointId, label: 'Undo' }, UNDO_MS);
  context.later(() => void letGo(context, deleted), UNDO_MS);
}

function putBack(context: Context, checkpointId: string): void {
  const { shelf, corpus, notices } = context.get();
  const found = shelf.removed.find(({ info }) => info.checkpointId === checkpointId);
  if (!found) return;
  context.patch('corpus', { origin: originWithPutBack(context.get(), corpus.origin, found) });
  context.patch('shelf', {
    checkpoints: withCheckpoint(shelf.checkpoints, found.info),
    slots: slotsWithPutBack(shelf.slots, found),
    removed: removedBut(context.get(), checkpointId),
    selectedId: checkpointId,
  });
  const offered = ({ action }: Toast) => action?.kind === 'putBack' && action.checkpointId === checkpointId;
  context.patch('notices', { toasts: notices.toasts.filter((toast) => !offered(toast)) });
  notices.toast(`${found.info.name} is back.`);
}

export const shelfRemoval = (context: Context): Pick<ShelfSlice, 'remove' | 'putBack'> => ({
  async remove(checkpointId) {
    await attempt(context, () => remove(context, checkpointId));
  },
  putBack: (checkpointId = context.get().shelf.removed.at(-1)?.info.checkpointId ?? '') =>
    putBack(context, checkpointId),
});
