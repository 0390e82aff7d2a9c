/** The page is kept for visits without a network; a newer version is offered, and comes when it is asked for. */
import type { Context } from '../context';
import { isComputing } from './computing';

export interface VersionKeeper {
  /** @returns whether the browser keeps the page */
  keep(): Promise<boolean>;
  /** loads the newer version, unless something runs */
  take(): Promise<void>;
}

export async function versionKeeper(context: Context): Promise<VersionKeeper> {
  const versions = await context.versions();
  const { notices, session } = context.get();
  const offer = () =>
    notices.report({ code: 'page/newVersion', message: 'It is stored beside this one', stack: undefined });
  return {
    keep: () => versions.keep(offer),
    async take() {
      if (isComputing(context.get())) {
        offer();
        return notices.toast('Something runs. Pause it, then load the new version.');
      }
      await session.saveNow();
      if (!versions.take(context.today())) offer();
    },
  };
}
