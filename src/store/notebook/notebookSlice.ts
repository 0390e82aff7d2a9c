import { attempt, type Context, inTurn, unlessCancelled } from '../context';
import { longWork } from '../page/longWork';
import type { NotebookSlice } from './notebookState';
import { heldIn } from './unsaved';
import type { FoundNotebook } from './work';

/** What packs and unpacks comes after the first screen, with the rest of the page. @throws when it did not come */
export const notebookParts = async () => {
  const [{ saveNotebook, findNotebook }, { isEmptyLab, missingHere, takeNotebook }, { contentsInWords }] =
    await Promise.all([import('./work'), import('./take'), import('./words')]).catch((cause) => {
      const said = 'The part of the page that reads notebooks did not come. Try again when the network is back';
      throw new Error(said, { cause });
    });
  return { saveNotebook, findNotebook, isEmptyLab, missingHere, takeNotebook, contentsInWords };
};

type Waiting = FoundNotebook & { name: string };

export function notebookSlice(context: Context): NotebookSlice {
  const patch = (fields: Partial<NotebookSlice>) => context.patch('notebook', fields);
  const turn = inTurn();
  let waiting: Waiting | null = null;

  const open = async ({ notebook, found, name }: Waiting) => {
    const { missingHere, contentsInWords, takeNotebook } = await notebookParts();
    const taken = missingHere(context.get(), found);
    const homeless = await longWork(context, 'openNotebook', async (course) => {
      course.commit('storing');
      return takeNotebook(context, notebook, taken, course);
    });
    const all = { ...found, damaged: [...found.damaged, ...homeless] };
    const opened = contentsInWords(name, notebook.savedAt, all, taken, context.get().engine.info);
    patch({ opened, waiting: null });
    waiting = null;
  };
  /** what is pressed meanwhile waits */
  const settling = (work: () => Promise<void>) =>
    turn(async () => {
      let error: Awaited<ReturnType<typeof attempt>> = null;
      await context.settle(async () => {
        error = await attempt(context, work);
      });
      patch({ error: unlessCancelled(error) });
    });

  return {
    waiting: null,
    opened: null,
    error: null,
    mayBeCleared: false,
    savedHeld: 0,

    look: async () => patch({ mayBeCleared: !(await context.isKept()) }),

    async save() {
      await attempt(context, async () => {
        const { saveNotebook } = await notebookParts();
        await longWork(context, 'saveNotebook', (course) => saveNotebook(context, course));
        patch({ savedHeld: heldIn(context.get()) });
      });
    },

    async read(file, name) {
      waiting = null;
      patch({ waiting: null, opened: null, error: null });
      const error = await attempt(context, async () => {
        const { findNotebook, contentsInWords, isEmptyLab, missingHere } = await notebookParts();
        await context.settled();
        const found = await longWork(context, 'openNotebook', (course) => findNotebook(file, name, course));
        waiting = { ...found, name };
        if (isEmptyLab(context.get())) return;
        const taken = missingHere(context.get(), found.found);
        const words = contentsInWords(name, found.notebook.savedAt, found.found, taken, context.get().engine.info);
        patch({ waiting: words });
      });
      patch({ error: unlessCancelled(error) });
      if (waiting !== null && context.get().notebook.waiting === null) await settling(() => open(waiting as Waiting));
    },

    async take() {
      const mine = context.get().notebook.waiting && waiting;
      waiting = null; // a second press finds nothing to open again
      patch({ waiting: null });
      if (mine) await settling(() => open(mine));
    },

    drop() {
      waiting = null;
      patch({ waiting: null, error: null });
      context.get().notices.clear('file/notebook');
    },
  };
}
