import { LabError } from '../../contract/errors';
import type { Progress } from '../../contract/protocol';
import type { Context } from '../context';
import type { Work, WorkKind } from '../state';

/** What the body of long work goes by. */
export interface Course {
  /** the same context, whose calls are cancelled with the work and tell how far they are */
  context: Context;
  /** how far the page's own part is; throws LabError('work/cancelled') once the visitor has cancelled */
  tell(progress: Progress): void;
  /**
   * From here on nothing can be cancelled, since what follows is written as a whole; a `Cancel` just before it came too
   * late.
   */
  commit(label: string): void;
  /**
   * waits for work of another kind that this one needs, tells how far that is, and ends it when this one is cancelled
   */
  needing<T>(kind: WorkKind, other: Promise<T>): Promise<T>;
}

export const nextChange = ({ onChange }: Context): Promise<void> =>
  new Promise((resolve) => {
    const leave = onChange(() => {
      leave();
      resolve();
    });
  });

/** One of a kind at a time: whoever comes later waits, so that `Cancel` is about the one that is shown. */
async function untilFree(context: Context, kind: WorkKind): Promise<void> {
  while (context.get().work.underway[kind]) await nextChange(context);
}

/**
 * Runs work that may take seconds: while it goes on it stands in `work.underway`, where the page shows how far it is,
 * and where the visitor may cancel it. The body changes the state only when nothing is left that could be cancelled. It
 * begins at once unless work of its kind is under way.
 * @throws what the body throws; LabError('work/cancelled') when it was cancelled in time
 */
export async function longWork<T>(context: Context, kind: WorkKind, body: (course: Course) => Promise<T>): Promise<T> {
  if (context.get().work.underway[kind]) await untilFree(context, kind);
  const mine = () => context.get().work.underway[kind];
  const put = (work: Work | undefined) => {
    const { [kind]: _, ...others } = context.get().work.underway;
    context.patch('work', { underway: work ? { ...others, [kind]: work } : others });
  };
  const isCancelling = () => mine()?.cancelling ?? false;
  const onProgress = (progress: Progress) => put({ ...mine(), progress, cancelling: isCancelling() });
  const call: Context['call'] = (call, params) => {
    const controller = new AbortController();
    if (isCancelling()) controller.abort();
    const leave = context.onChange(() => isCancelling() && controller.abort());
    return context.call(call, params, { signal: controller.signal, onProgress }).finally(leave);
  };
  const tell = (progress: Progress) => {
    if (isCancelling()) throw new LabError('work/cancelled', 'The work ended before it was done.');
    onProgress(progress);
  };
  const commit = (label: string) => put({ progress: { done: 0, total: 0, label }, cancelling: false, committed: true });
  const needing = <R>(other: WorkKind, work: Promise<R>) => {
    const leave = context.onChange(() => {
      const theirs = context.get().work.underway[other];
      if (!theirs) return;
      if (isCancelling() && !theirs.cancelling) context.get().work.cancel(other);
      else if (theirs.progress && theirs.progress !== mine()?.progress) onProgress(theirs.progress);
    });
    return work.finally(leave);
  };
  put({ progress: null, cancelling: false });
  try {
    return await body({ context: { ...context, call }, tell, commit, needing });
  } finally {
    put(undefined);
  }
}
