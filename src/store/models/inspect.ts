import { attempt, type Context, derivedSeed, latest, unlessCancelled } from '../context';
import { longWork } from '../page/longWork';
import type { LabState } from '../state';
import { wholeText } from '../text/wholeText';
import { lookAtDifference } from './differenceSlice';
import { ALL_ON, lookAtLayers } from './headsSlice';
import { inspectedId, inspectsReward, modelOfKind } from './inspected';
import { type InspectPlace, type InspectTab, inspectHash, inspectOfHash } from './inspectPlace';
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

/** a model that learns is looked at no more often */
const LIVE_MS = 200;

/** where an address leads, and what of it a wide drawer writes into the address */
const placeOf = ({ tab, layer, head, token, step }: InspectPlace): InspectPlace => ({ tab, layer, head, token, step });

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
  const asked = inspectOfHash(context.address.read().hash);
  /** the next look at a model that learns is arranged */
  let isLookDue = false;
  const write = (hash: string, entry: 'push' | 'replace') =>
    context.address.write({ search: context.address.read().search, hash }, entry);
  /** the address of a wide drawer says where in it the visitor is */
  const tell = () => slice().wide && write(inspectHash(placeOf(slice())), 'replace');
  const go = (fields: Partial<InspectPlace>) => {
    patch(fields);
    tell();
  };
  const leave = () => write(`#/${context.get().view.stage}`, 'replace');

  return {
    open: asked !== null,
    wide: asked !== null,
    frozen: false,
    tab: 'attention',
    token: null,
    step: 1,
    ...asked,
    checkpointId: null,
    text: '',
    layer: asked?.layer ?? 0,
    head: asked?.head ?? 0,
    maps: null,
    arithmetic: null,
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
    hide() {
      if (slice().wide) leave();
      patch({ open: false, wide: false, frozen: false });
    },
    setWide(wide) {
      if (wide === slice().wide) return;
      patch({ wide });
      if (wide) write(inspectHash(placeOf(slice())), 'push');
      else leave();
    },
    visit(place) {
      if (place === null) return patch({ wide: false });
      context.get().shelf.hide();
      patch({ ...place, open: true, wide: true, text: slice().text || exampleText(context.get()) });
      void slice().refresh();
    },
    setTab(tab) {
      go({ tab });
      void slice().refresh();
    },
    setToken(token) {
      go({ token });
      if (slice().tab === 'layers') void slice().refresh();
    },
    setStep: (step) => go({ step }),
    setFrozen(frozen) {
      patch({ frozen });
      if (!frozen) void slice().refresh();
    },
    follow() {
      if (isLookDue) return;
      isLookDue = true;
      context.later(() => {
        isLookDue = false;
        if (!slice().open || slice().frozen) return;
        if (slice().busy) slice().follow();
        else void slice().refresh();
      }, LIVE_MS);
    },
    setCheckpoint(checkpointId) {
      patch({ checkpointId, completion: '', frozen: false });
      context.patch('heads', ALL_ON);
      void slice().refresh();
    },
    setText(text) {
      patch({ text, completion: '', token: null });
      tell();
      void slice().refresh();
    },
    setHead(layer, head) {
      const isOther = layer !== slice().layer;
      go({ layer, head });
      if (isOther && slice().open && slice().tab === 'arithmetic') void slice().refresh();
    },
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
      if (checkpointId === null || (slice().text.trim() === '' && slice().tab !== 'words')) {
        context.patch('heads', { view: null });
        if (checkpointId === null) context.patch('words', { view: null, answers: null });
        context.patch('difference', { result: null });
        return patch({ maps: null, next: [], arithmetic: null, busy: false, error: null });
      }
      patch({ busy: true });
      const error = await attempt(context, () =>
        longWork(context, 'inspect', async ({ context: { call } }) => {
          if (isNewest()) await LOOKS[slice().tab](context, checkpointId, isNewest, call);
        }),
      );
      if (isNewest()) patch({ busy: false, error });
    },
  };
}
