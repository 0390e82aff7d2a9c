import { attempt, type Context } from '../context';
import { madeOnDemand, onDemand } from '../page/onDemand';
import type { CopyActs } from './shelfCopies';

const parts = onDemand('saves and copies models', () => import('./shelfCopies').then(({ shelfCopies }) => shelfCopies));

/** What saves models and makes copies of them comes when it is asked for. */
export function copySlice(context: Context): CopyActs {
  const acts = madeOnDemand(parts, context);
  const act = (name: keyof CopyActs) => async (checkpointId: string) => {
    await attempt(context, async () => (await acts.get())[name](checkpointId));
  };
  return {
    exportFile: act('exportFile'),
    exportAdapter: act('exportAdapter'),
    duplicate: act('duplicate'),
    merge: act('merge'),
  };
}
