import { attempt, type Context, derivedSeed, latest, unlessCancelled } from '../context';
import { type Course, longWork } from '../page/longWork';
import type { InspectSlice } from '../state';
import { wholeText } from '../text/wholeText';
import { inspectedId, inspectsReward, modelOfKind } from './inspected';

export function inspectSlice(context: Context): InspectSlice {
  const newest = latest();
  const patch = (fields: Partial<InspectSlice>) => context.patch('inspect', fields);
  const slice = () => context.get().inspect;

  const look = async (checkpointId: string, isNewest: () => boolean, { context: { call } }: Course) => {
    if (!isNewest()) return;
    const { text, sampling } = slice();
    const maps = await call('inspect/attention', { checkpointId, text });
    if (!isNewest()) return;
    const next = inspectsReward(context.get()) ? [] : await call('inspect/next', { checkpointId, text, sampling });
    if (!isNewest()) return;
    const { layer, head } = slice();
    patch({ maps, next, layer: Math.min(layer, maps.layers - 1), head: Math.min(head, maps.heads - 1) });
  };

  const exampleText = (): string => {
    const { summary } = context.get().corpus;
    const sample = summary?.samples[0];
    return summary && sample ? wholeText(summary.kind, sample) : '';
  };

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
      patch({ open: true, text: text ?? (slice().text || exampleText()) });
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
      const { text, sampling, completion } = slice();
      const seed = derivedSeed(context.get().config.value.seed, `complete ${completion}`, 0);
      const error = await attempt(context, async () => {
        const asked = { checkpointIds: [checkpointId], prompts: [text], sampling, seed };
        const written = await longWork(context, 'complete', ({ context: { call } }) => call('inspect/complete', asked));
        if (slice().text === text && inspectedId(context.get()) === checkpointId) patch({ completion: written[0]?.[0] ?? '' });
      });
      patch({ busy: false, error: unlessCancelled(error) });
    },

    async refresh() {
      const isNewest = newest();
      const checkpointId = inspectedId(context.get());
      if (checkpointId === null || slice().text.trim() === '') return patch({ maps: null, next: [], busy: false, error: null });
      patch({ busy: true });
      const error = await attempt(context, () => longWork(context, 'inspect', (course) => look(checkpointId, isNewest, course)));
      if (isNewest()) patch({ busy: false, error });
    },
  };
}
