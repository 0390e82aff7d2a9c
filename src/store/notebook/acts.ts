/** What the page does with notebooks: saves one, reads one, asks, opens it. */
import { attempt, type Context, inTurn, unlessCancelled } from '../context';
import { longWork } from '../page/longWork';
import type { NotebookContents, NotebookSlice } from './notebookState';
import { isEmptyLab, missingHere, takeNotebook } from './take';
import { heldIn } from './unsaved';
import { contentsInWords } from './words';
import { type FoundNotebook, findNotebook, saveNotebook } from './work';

export type NotebookActs = Pick<NotebookSlice, 'save' | 'read' | 'take'> & { drop(): void };
type Waiting = FoundNotebook & { name: string };

/** @param taken what becomes of each part in this lab */
const wordsOn = (
  context: Context,
  { notebook, found, name }: Waiting,
  taken = missingHere(context.get(), found),
): NotebookContents => contentsInWords(name, notebook.savedAt, found, taken, context.get().engine.info);

/** @returns what became of it */
async function openHere(context: Context, mine: Waiting): Promise<NotebookContents> {
  const { notebook, found } = mine;
  const taken = missingHere(context.get(), found);
  const homeless = await longWork(context, 'openNotebook', async (course) => {
    course.commit('storing');
    return takeNotebook(context, notebook, taken, course);
  });
  const all = { ...found, damaged: [...found.damaged, ...homeless] };
  return wordsOn(context, { ...mine, found: all }, taken);
}

export function notebookActs(context: Context): NotebookActs {
  const patch = (fields: Partial<NotebookSlice>) => context.patch('notebook', fields);
  const turn = inTurn();
  /** its file stays here, for the state holds plain data */
  let waiting: Waiting | null = null;

  /** what is pressed meanwhile waits */
  const opening = (mine: Waiting) =>
    turn(async () => {
      let error: Awaited<ReturnType<typeof attempt>> = null;
      await context.settle(async () => {
        error = await attempt(context, async () => patch({ opened: await openHere(context, mine) }));
      });
      patch({ error: unlessCancelled(error) });
    });

  return {
    async save() {
      await longWork(context, 'saveNotebook', (course) => saveNotebook(context, course));
      patch({ savedHeld: heldIn(context.get()) });
    },

    async read(file, name) {
      waiting = null;
      patch({ waiting: null, opened: null, error: null });
      context.get().notices.clear('file/notebook');
      let found: Waiting | null = null;
      const error = await attempt(context, async () => {
        await context.settled();
        const read = await longWork(context, 'openNotebook', (course) => findNotebook(file, name, course));
        found = { ...read, name };
      });
      patch({ error: unlessCancelled(error) });
      if (found === null) return;
      if (isEmptyLab(context.get())) return opening(found);
      waiting = found;
      patch({ waiting: wordsOn(context, found) });
    },

    async take() {
      const mine = context.get().notebook.waiting && waiting;
      waiting = null; // a second press finds nothing to open again
      patch({ waiting: null });
      if (mine) await opening(mine);
    },

    drop() {
      waiting = null;
      patch({ waiting: null, error: null });
      context.get().notices.clear('file/notebook');
    },
  };
}
