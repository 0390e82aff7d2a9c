import { attempt, type Context, derivedSeed, latest, unlessCancelled } from '../context';
import { type Course, longWork } from '../page/longWork';
import type { InspectSlice, LabState } from '../state';
import { wholeText } from '../text/wholeText';
import { inspectedId, inspectsReward, modelOfKind } from './inspected';

/** nothing is shown when something newer was asked meanwhile */
async function look(
  context: Context,
  checkpointId: string,
  isNewest: () => boolean,
  { context: { call } }: Course,
): Promise<void> {
  if (!isNewest()) return;
  const { text, sampling } = context.get().inspect;
  const maps = await call('inspect/attention', { checkpointId, text });
  if (!isNewest()) return;
  const next = inspectsReward(context.get()) ? [] : await call('inspect/next', { checkpointId, text, sampling });
  if (!isNewest()) return;
  const { layer, head } = context.get().inspect;
  context.patch('inspect', {
    maps,
    next,
    layer: Math.min(layer, maps.layers - 1),
    head: Math.min(head, maps.heads - 1),
  });
}

async function complete(context: Context, checkpointId: string): Promise<void> {
  const { text, sampling, completion } = context.get().inspect;
  const seed = derivedSeed(context.get().config.value.seed, `complete ${completion}`, 0);
  const asked = { checkpointIds: [checkpointId], prompts: [text], sampling, seed };
  const written = await longWork(context, 'complete', ({ context: { call } }) => call('inspect/complete', asked));
  if (context.get().inspect.text !== text || inspectedId(context.get()) !== checkpointId) return;
  context.patch('inspect', { completion: written[0]?.[0] ?? '' });
}

function exampleText({ corpus: { summary } }: LabState): string {
  const sample = summary?.samples[0];
  return summary && sample ? wholeText(summary.kind, sample) : '';
}

export function inspectSlice(context: Context): InspectSlice {
  const newest = latest();
  const patch = (fields: Partial<InspectSlice>) => context.patch('inspect', fields);
  const slice = () => context.get().inspect;

  return {
    open: false,
    checkpointId: null,
    text: '',
    layer: 0,
    head: 0,
    maps: null,
    next: [],
    sampling: { temperature: 1, topK: 0, topP: 1 },
    completion: '',
    busy: false,
    error: null,

    show(text, kind) {
      context.get().shelf.hide();
      const about = kind === undefined ? null : modelOfKind(context.get(), kind);
      if (about !== null && about !== inspectedId(context.get())) patch({ checkpointId: about, completion: '' });
      patch({ open: true, text: text ?? (slice().text || exampleText(context.get())) });
      void slice().refresh();
    },
    hide: () => patch({ open: false }),
    setCheckpoint(checkpointId) {
      patch({ checkpointId, completion: '' });
      void slice().refresh();
    },
    setText(text) {
      patch({ text, completion: '' });
      void slice().refresh();
    },
    setHead: (layer, head) => patch({ layer, head }),
    setSampling(sampling) {
      patch({ sampling: { ...slice().sampling, ...sampling } });
      void slice().refresh();
    },

    async complete() {
      const checkpointId = inspectedId(context.get());
      if (checkpointId === null || slice().busy) return;
      patch({ busy: true });
      const error = await attempt(context, () => complete(context, checkpointId));
      patch({ busy: false, error: unlessCancelled(error) });
    },

    async refresh() {
      const isNewest = newest();
      const checkpointId = inspectedId(context.get());
      if (checkpointId === null || slice().text.trim() === '')
        return patch({ maps: null, next: [], busy: false, error: null });
      patch({ busy: true });
      const error = await attempt(context, () =>
        longWork(context, 'inspect', (course) => look(context, checkpointId, isNewest, course)),
      );
      if (isNewest()) patch({ busy: false, error });
    },
  };
}
