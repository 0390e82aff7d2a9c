import { attempt, type Context } from '../context';
import { madeOnDemand, onDemand } from '../page/onDemand';
import type { NotebookActs } from './acts';
import type { NotebookSlice } from './notebookState';

/** What packs and unpacks comes after the first screen, with the rest of the page. */
const notebookParts = onDemand('reads and writes notebooks', () =>
  import('./acts').then(({ notebookActs }) => notebookActs),
);

export function notebookSlice(context: Context): NotebookSlice {
  const acts = madeOnDemand(notebookParts, context);
  const act = (work: (acts: NotebookActs) => Promise<void> | void) =>
    attempt(context, async () => work(await acts.get())).then(() => undefined);

  return {
    waiting: null,
    opened: null,
    error: null,
    mayBeCleared: false,
    savedHeld: 0,
    look: async () => context.patch('notebook', { mayBeCleared: !(await context.isKept()) }),
    save: () => act((notebook) => notebook.save()),
    read: (file, name) => act((notebook) => notebook.read(file, name)),
    take: () => act((notebook) => notebook.take()),
    drop: () => act((notebook) => notebook.drop()),
  };
}
