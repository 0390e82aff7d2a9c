/** Deleting a checkpoint, which can be taken back for a while: until then thread and storage keep it. */
import { LabError } from '../../contract/errors';
import { attempt, type Context } from '../context';
import type { ShelfSlice, Slots } from '../state';
import { checkpointById } from './inUse';
import { originWithPutBack, slotsWithPutBack } from './putBack';
import { usersOf } from './roles';
import { withCheckpoint, withoutCheckpoint } from './slots';

/** long enough to notice and to reach the button by keyboard */
export const UNDO_MS = 20_000;

export function shelfRemoval(context: Context): Pick<ShelfSlice, 'remove' | 'putBack'> {
  const shelf = () => context.get().shelf;
  const removedBut = (checkpointId: string) => shelf().removed.filter(({ info }) => info.checkpointId !== checkpointId);

  /** too late for an undo */
  const letGo = async (checkpointId: string) => {
    const left = removedBut(checkpointId);
    if (left.length === shelf().removed.length) return; // put back meanwhile
    const { [checkpointId]: _, ...provenance } = shelf().provenance;
    context.patch('shelf', { removed: left, provenance });
    await context.vault.write('removeCheckpoint', checkpointId);
    await context.call('shelf/remove', { checkpointId }).catch(() => undefined); // a thread that died has let it go already
  };

  const givesCorpus = (checkpointId: string): boolean => {
    const { origin } = context.get().corpus;
    return origin?.kind === 'checkpoint' && origin.checkpointId === checkpointId;
  };

  /** the corpus comes back from any model that was made with it */
  const keepCorpus = (checkpointId: string) => {
    if (!givesCorpus(checkpointId)) return;
    const heir = shelf().checkpoints.find(({ ancestors }) => ancestors.some((one) => one.checkpointId === checkpointId));
    if (heir) context.patch('corpus', { origin: { kind: 'checkpoint', checkpointId: heir.checkpointId } });
  };

  return {
    async remove(checkpointId) {
      await attempt(context, async () => {
        const info = checkpointById(context.get(), checkpointId);
        if (!info) return;
        const [user] = usersOf(context.get(), info);
        if (user) throw new LabError('shelf/inUse', `${user} was begun from ${info.name} and is not over`);
        const { slots, checkpoints, removed, selectedId } = shelf();
        const played = (Object.keys(slots) as (keyof Slots)[]).filter((slot) => slots[slot] === checkpointId);
        context.patch('shelf', {
          checkpoints: checkpoints.filter((other) => other.checkpointId !== checkpointId),
          slots: withoutCheckpoint(slots, checkpointId),
          removed: [...removed, { info, slots: played, gaveCorpus: givesCorpus(checkpointId) }],
          selectedId: selectedId === checkpointId ? null : selectedId,
        });
        keepCorpus(checkpointId);
        context.get().notices.clear('shelf/inUse');
        if (!shelf().open)
          context.get().notices.toast(`${info.name} is deleted.`, { kind: 'putBack', checkpointId, label: 'Undo' }, UNDO_MS);
        context.later(() => void letGo(checkpointId), UNDO_MS);
      });
    },

    putBack(checkpointId = shelf().removed.at(-1)?.info.checkpointId ?? '') {
      const found = shelf().removed.find(({ info }) => info.checkpointId === checkpointId);
      if (!found) return;
      const { slots, checkpoints } = shelf();
      context.patch('corpus', { origin: originWithPutBack(context.get(), context.get().corpus.origin, found) });
      context.patch('shelf', {
        checkpoints: withCheckpoint(checkpoints, found.info),
        slots: slotsWithPutBack(slots, found),
        removed: removedBut(checkpointId),
        selectedId: checkpointId,
      });
      const { toasts } = context.get().notices;
      const offered = ({ action }: (typeof toasts)[number]) => action?.kind === 'putBack' && action.checkpointId === checkpointId;
      context.patch('notices', { toasts: toasts.filter((toast) => !offered(toast)) });
      context.get().notices.toast(`${found.info.name} is back.`);
    },
  };
}
