import { LabError } from '../contract/errors';
import type { Progress } from '../contract/protocol';
import type { Context } from './context';
import type { Work, WorkKind } from './state';

/** What the body of long work goes by. */
export interface Course {
  /** the same context, whose calls are cancelled with the work and tell how far they are */
  context: Context;
  /** how far the page's own part is; throws LabError('work/cancelled') once the visitor has cancelled */
  tell(progress: Progress): void;
}

/**
 * Runs work that may take seconds: while it goes on it stands in `work.underway`, where the page shows how far it is, and where the
 * visitor may cancel it. The body changes the state only when nothing is left that could be cancelled.
 * @throws what the body throws; LabError('work/cancelled') when it was cancelled in time
 */
export async function longWork<T>(context: Context, kind: WorkKind, body: (course: Course) => Promise<T>): Promise<T> {
  const put = (work: Work | undefined) => {
    const { [kind]: _, ...others } = context.get().work.underway;
    context.patch('work', { underway: work ? { ...others, [kind]: work } : others });
  };
  const isCancelling = () => context.get().work.underway[kind]?.cancelling ?? false;
  const onProgress = (progress: Progress) => put({ progress, cancelling: isCancelling() });
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
  put({ progress: null, cancelling: false });
  try {
    return await body({ context: { ...context, call }, tell });
  } finally {
    put(undefined);
  }
}
