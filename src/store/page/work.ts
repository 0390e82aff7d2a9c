import type { Context } from '../context';
import type { WorkSlice } from '../state';

/** The page's view of long work; `longWork` writes it, and listens to `cancelling`. */
export const workSlice = (context: Context): WorkSlice => ({
  underway: {},
  cancel(kind) {
    const { underway } = context.get().work;
    const work = underway[kind];
    if (work && !work.committed)
      context.patch('work', { underway: { ...underway, [kind]: { ...work, cancelling: true } } });
  },
});
