import type { Context } from '../context';
import type { TeachingSlice } from '../state';

/** Questions of the pages beside the pipeline. A grid needs no engine, so one that failed does not stop it. */
export const teachingSlice = (context: Context): TeachingSlice => ({
  ask: (kind, params, following) =>
    kind.startsWith('grid/') ? context.client().call(kind, params, following) : context.call(kind, params, following),
});
