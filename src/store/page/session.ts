import { RUN_KINDS } from '../../contract/domain';
import { attempt, type Context } from '../context';
import { saveRun } from '../persistence/storeAgain';
import type { LabState, SessionSlice } from '../state';
import { nextChange } from './longWork';
import { madeOnDemand, onDemand } from './onDemand';
import { moveTab, openTab, takeLab } from './ownership';
import { howFar } from './tab';

const newVersion = onDemand('keeps the page', () => import('./newVersion').then(({ versionKeeper }) => versionKeeper));
const forgetting = onDemand('forgets everything', () => import('./forget').then(({ forgetAll }) => forgetAll));

/** between two steps of one press nothing is under way for a moment */
const QUIET_MS = 100;

/** @returns whether the visitor waits for nothing that the cores are needed for */
const isQuiet = ({ engine, pairs, session, work }: LabState): boolean =>
  !['starting', 'restarting'].includes(engine.status) &&
  howFar(session.tab) === 'ready' &&
  !pairs.loading &&
  Object.values(work.underway).every((one) => !one);

async function untilQuiet(context: Context): Promise<void> {
  do {
    while (!isQuiet(context.get())) await nextChange(context);
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  } while (!isQuiet(context.get()));
}

const areHere = async (parts: readonly Promise<unknown>[]): Promise<boolean> =>
  (await Promise.allSettled(parts)).every(({ status }) => status === 'fulfilled');

export function sessionSlice(context: Context): SessionSlice {
  let booting: Promise<void> | null = null;
  let taking: Promise<void> = Promise.resolve();
  /** comes with the rest of the page, since there is no newer version before */
  const versions = madeOnDemand(newVersion, context);

  return {
    tab: 'starting',
    resume: null,
    storage: 'opening',
    rest: 'waiting',
    forgotten: 0,
    beside: 0,
    keptOffline: false,

    boot() {
      booting ??= context.settle(() => openTab(context));
      return booting;
    },

    async fetchRest(fetchParts) {
      if (['loading', 'here'].includes(context.get().session.rest)) return;
      context.patch('session', { rest: 'loading' });
      await untilQuiet(context); // the first pair does not share the cores with it
      const isHere = await areHere([fetchParts(), context.call('engine/fetchFiles', {})]);
      context.patch('session', { rest: isHere ? 'here' : 'missing' });
      if (isHere) context.patch('session', { keptOffline: await (await versions.get()).keep() });
    },

    async takeNewVersion() {
      await (await versions.get()).take();
    },

    takeOver() {
      if (moveTab(context, 'take')) taking = context.settle(() => takeLab(context));
      return taking;
    },

    async saveNow() {
      const running = RUN_KINDS.filter((kind) => context.get().runs[kind].state?.status === 'running');
      // a thread that cannot answer now has stored a moment ago
      const saving = running.map((kind) => saveRun(context, kind));
      if (context.get().session.beside > 0) for (const again of context.vault.others) saving.push(again());
      await Promise.allSettled(saving);
    },

    async clearAll() {
      await attempt(context, async () => (await forgetting())(context));
    },
  };
}
