import type { HeadAt } from '../../contract/inside';
import { attempt, type Context, toReport } from '../context';
import { longWork } from '../page/longWork';
import type { HeadsSlice } from './headsState';
import { inspectedId } from './inspected';

const isSame = (a: HeadAt, b: HeadAt): boolean => a.layer === b.layer && a.head === b.head;

/** what is known of a model that is not looked at any more */
export const ALL_ON: Pick<HeadsSlice, 'off' | 'heldOut' | 'unmeasured'> = { off: [], heldOut: null, unmeasured: null };

/**
 * Bars answer at once, the held-out loss follows. A model that learns is measured where a head is off alone: its own
 * loss is on its stage.
 */
export async function lookAtLayers(
  context: Context,
  checkpointId: string,
  isNewest: () => boolean,
  call: Context['call'],
): Promise<void> {
  const { text, token: position } = context.get().inspect;
  const { off } = context.get().heads;
  const view = await call('inspect/layers', { checkpointId, text, position, off });
  if (!isNewest()) return;
  context.patch('heads', { view });
  if (off.length === 0 && view.step !== null) return context.patch('heads', { heldOut: null });
  const measured = await call('inspect/heldOut', { checkpointId, off }).then(
    (heldOut) => ({ heldOut, unmeasured: null }),
    (error) => ({ heldOut: null, unmeasured: toReport(error).message }),
  );
  if (isNewest()) context.patch('heads', measured);
}

export function headsSlice(context: Context): HeadsSlice {
  const patch = (fields: Partial<HeadsSlice>) => context.patch('heads', fields);
  const turn = (off: HeadAt[]) => {
    patch({ off, heldOut: null });
    void context.get().inspect.refresh();
  };
  return {
    ...ALL_ON,
    view: null,
    ranking: null,
    toggle(at) {
      const { off } = context.get().heads;
      turn(off.some((one) => isSame(one, at)) ? off.filter((one) => !isSame(one, at)) : [...off, at]);
    },
    allOn: () => turn([]),
    async rank() {
      const checkpointId = inspectedId(context.get());
      if (checkpointId === null) return;
      await attempt(context, async () => {
        const heads = await longWork(context, 'heads', ({ context: { call } }) =>
          call('inspect/heads', { checkpointId }),
        );
        patch({ ranking: { checkpointId, heads } });
      });
    },
  };
}
