import { RUN_KINDS } from '../../contract/domain';
import type { Context } from '../context';
import { notebookParts } from '../notebook/notebookSlice';
import { saveRun } from '../persistence/storeAgain';
import type { SessionSlice } from '../state';
import { fileReaders, lineWriters } from './fileReaders';
import { forgetEverything } from './forget';
import { moveTab, openTab, takeLab } from './ownership';

export function sessionSlice(context: Context): SessionSlice {
  let booting: Promise<void> | null = null;
  let taking: Promise<void> = Promise.resolve();

  return {
    tab: 'starting',
    resume: null,
    storage: 'opening',
    rest: 'waiting',
    forgotten: 0,

    boot() {
      booting ??= context.settle(() => openTab(context));
      return booting;
    },

    async fetchRest(fetchParts) {
      if (['loading', 'here'].includes(context.get().session.rest)) return;
      context.patch('session', { rest: 'loading' });
      const ends = await Promise.allSettled([
        fetchParts(),
        fileReaders(),
        lineWriters(),
        notebookParts(),
        context.call('engine/fetchFiles', {}),
      ]);
      context.patch('session', { rest: ends.every(({ status }) => status === 'fulfilled') ? 'here' : 'missing' });
    },

    resumeWork() {
      const { resume } = context.get().session;
      if (resume) context.get().view.go(resume.stage);
    },

    takeOver() {
      if (moveTab(context, 'take')) taking = context.settle(() => takeLab(context));
      return taking;
    },

    async saveNow() {
      const running = RUN_KINDS.filter((kind) => context.get().runs[kind].state?.status === 'running');
      // a thread that cannot answer now has stored a moment ago
      await Promise.allSettled(running.map((kind) => saveRun(context, kind)));
    },

    async clearAll() {
      await context.get().lesson.cancel(); // it may be waiting for the restore itself
      await context.get().sweep.cancel();
      await context.settle(() => forgetEverything(context));
    },
  };
}
