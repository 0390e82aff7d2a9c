import { attempt, type Context } from '../context';
import { onDemand } from '../page/onDemand';
import type { NotebookActs } from './acts';
import type { NotebookSlice } from './notebookState';

/** What packs and unpacks comes after the first screen, with the rest of the page. */
const notebookParts = onDemand('reads and writes notebooks', () =>
  import('./acts').then(({ notebookActs }) => notebookActs),
);

export function notebookSlice(context: Context): NotebookSlice {
  let known: NotebookActs | null = null;
  const act = (work: (acts: NotebookActs) => Promise<void> | void) =>
    attempt(context, async () => {
      known ??= (await notebookParts())(context);
      await work(known);
    }).then(() => undefined);

  return {
    waiting: null,
    opened: null,
    error: null,
    mayBeCleared: false,
    savedHeld: 0,
    look: async () => context.patch('notebook', { mayBeCleared: !(await context.isKept()) }),
    save: () => act((acts) => acts.save()),
    read: (file, name) => act((acts) => acts.read(file, name)),
    take: () => act((acts) => acts.take()),
    drop: () => act((acts) => acts.drop()),
  };
}
