/** What the drawer asks of the thread: each tab its own numbers of one model and text, and the rest of a text. */
import { attempt, type Context, derivedSeed, latest, unlessCancelled } from '../context';
import { longWork } from '../page/longWork';
import { lookAtDifference } from './differenceSlice';
import { lookAtLayers } from './headsSlice';
import { inspectedId, inspectsReward } from './inspected';
import type { InspectTab } from './inspectPlace';
import type { InspectSlice } from './inspectState';
import { lookAtWords } from './wordsSlice';

/** What a tab asks of the thread. Nothing is shown when something newer was asked meanwhile. */
type Look = (context: Context, checkpointId: string, isNewest: () => boolean, call: Context['call']) => Promise<void>;

const LOOKS: Record<InspectTab, Look> = {
  async attention(context, checkpointId, isNewest, call) {
    const { text, sampling } = context.get().inspect;
    const maps = await call('inspect/attention', { checkpointId, text });
    if (!isNewest()) return;
    const next = inspectsReward(context.get()) ? [] : await call('inspect/next', { checkpointId, text, sampling });
    if (!isNewest()) return;
    const { layer, head } = context.get().inspect;
    const inside = { layer: Math.min(layer, maps.layers - 1), head: Math.min(head, maps.heads - 1) };
    context.patch('inspect', { maps, next, ...inside });
  },
  async arithmetic(context, checkpointId, isNewest, call) {
    const { text, layer, head } = context.get().inspect;
    const arithmetic = await call('inspect/arithmetic', { checkpointId, text, layer });
    if (!isNewest()) return;
    const inside = { layer: arithmetic.layer, head: Math.min(head, arithmetic.model.heads - 1) };
    context.patch('inspect', { arithmetic, ...inside });
  },
  async layers(context, checkpointId, isNewest, call) {
    if (!inspectsReward(context.get())) await lookAtLayers(context, checkpointId, isNewest, call);
  },
  words: lookAtWords,
  'before-after': (context, _, isNewest, call) => lookAtDifference(context, isNewest, call),
};

/** one look, by calls that are told of or not */
type Body = (call: Context['call']) => Promise<void>;

/** a model that learns is looked at no more often */
const LIVE_MS = 200;
/** and its thread is its own for so many times as long as the last look took: a map of wide vectors takes seconds */
const REST = 9;

async function complete(context: Context, checkpointId: string): Promise<void> {
  const { text, sampling, completion } = context.get().inspect;
  const seed = derivedSeed(context.get().config.value.seed, `complete ${completion}`, 0);
  const asked = { checkpointIds: [checkpointId], prompts: [text], sampling, seed };
  const written = await longWork(context, 'complete', ({ context: { call } }) => call('inspect/complete', asked));
  if (context.get().inspect.text !== text || inspectedId(context.get()) !== checkpointId) return;
  context.patch('inspect', { completion: written[0]?.[0] ?? '' });
}

/** nothing to look at: no model, or no text where one is read */
function clear(context: Context, checkpointId: string | null): void {
  context.patch('heads', { view: null });
  if (checkpointId === null) context.patch('words', { view: null, answers: null });
  context.patch('difference', { result: null });
  context.patch('inspect', { maps: null, next: [], arithmetic: null, busy: false, error: null });
}

export function inspectLooks(context: Context): Pick<InspectSlice, 'follow' | 'complete' | 'refresh'> {
  const newest = latest();
  const patch = (fields: Partial<InspectSlice>) => context.patch('inspect', fields);
  const slice = () => context.get().inspect;
  /** the next look at a model that learns is arranged */
  let isLookDue = false;
  let tookMs = 0;

  /** @param carriedOut how the page stands by while it goes on */
  async function look(carriedOut: (body: Body) => Promise<void>): Promise<void> {
    const isNewest = newest();
    const checkpointId = inspectedId(context.get());
    if (checkpointId === null || (slice().text.trim() === '' && slice().tab !== 'words'))
      return clear(context, checkpointId);
    patch({ busy: true });
    const began = context.now();
    const error = await attempt(context, () =>
      carriedOut(async (call) => {
        if (isNewest()) await LOOKS[slice().tab](context, checkpointId, isNewest, call);
      }),
    );
    tookMs = context.now() - began;
    if (isNewest()) patch({ busy: false, error });
  }
  /** nobody asked: the last picture stays meanwhile, and no news of it comes and goes beside it */
  const quietly = (body: Body) => body(context.call);
  const asked = (body: Body) => longWork(context, 'inspect', ({ context: { call } }) => body(call));

  return {
    follow() {
      if (isLookDue) return;
      isLookDue = true;
      context.later(
        () => {
          isLookDue = false;
          if (!slice().open || slice().frozen) return;
          if (slice().busy) slice().follow();
          else void look(quietly);
        },
        Math.max(LIVE_MS, REST * tookMs),
      );
    },
    async complete() {
      const checkpointId = inspectedId(context.get());
      if (checkpointId === null || slice().busy) return;
      patch({ busy: true });
      const error = await attempt(context, () => complete(context, checkpointId));
      patch({ busy: false, error: unlessCancelled(error) });
    },

    refresh: () => look(asked),
  };
}
