import { attempt, type Context } from '../context';
import { madeOnDemand, onDemand } from '../page/onDemand';
import type { CopyActs } from './shelfCopies';

const parts = onDemand('saves, copies and names models', () =>
  import('./shelfCopies').then(({ shelfCopies }) => shelfCopies),
);

/** What saves models, copies and names them comes when it is asked for. */
export function copySlice(context: Context): CopyActs {
  const acts = madeOnDemand(parts, context);
  const act = async (work: (acts: CopyActs) => Promise<void>): Promise<void> => {
    await attempt(context, async () => work(await acts.get()));
  };
  return {
    exportFile: (id) => act((all) => all.exportFile(id)),
    exportAdapter: (id) => act((all) => all.exportAdapter(id)),
    rename: (id, name) => act((all) => all.rename(id, name)),
    duplicate: (id) => act((all) => all.duplicate(id)),
    merge: (id) => act((all) => all.merge(id)),
    takeFurther: () => act((all) => all.takeFurther()),
  };
}
