import type { CallKind } from '../../contract/protocol';
import type { Context } from '../context';
import type { TeachingSlice } from '../state';

/** a grid and the votes of a class are plain arithmetic: an engine that failed does not stop them */
const needsNoEngine = (kind: CallKind): boolean => /^(grid|class)\//.test(kind);

/** Questions of the pages beside the pipeline. */
export const teachingSlice = (context: Context): TeachingSlice => ({
  ask: (kind, params, following) =>
    needsNoEngine(kind) ? context.client().call(kind, params, following) : context.call(kind, params, following),
});
