import { attempt, type Context } from '../context';
import { madeOnDemand, onDemand } from '../page/onDemand';
import type { CopyActs } from './shelfCopies';

const parts = onDemand('saves, copies and names models', () =>
  import('./shelfCopies').then(({ shelfCopies }) => shelfCopies),
);

/** What saves models, copies and names them comes when it is asked for. */
export function copySlice(context: Context): CopyActs {
  const acts = madeOnDemand(parts, context);
  const act =
    <K extends keyof CopyActs>(name: K) =>
    async (...asked: Parameters<CopyActs[K]>) => {
      await attempt(context, async () =>
        ((await acts.get())[name] as (...asked: unknown[]) => Promise<void>)(...asked),
      );
    };
  return {
    exportFile: act('exportFile'),
    exportAdapter: act('exportAdapter'),
    rename: act('rename'),
    duplicate: act('duplicate'),
    merge: act('merge'),
    takeFurther: act('takeFurther'),
  };
}
