import type { Context } from '../context';
import type { LabState } from '../state';
import { wholeText } from '../text/wholeText';
import { ALL_ON } from './headsSlice';
import { inspectedId, modelOfKind } from './inspected';
import { inspectLooks } from './inspectLooks';
import { type InspectPlace, inspectHash, inspectOfHash } from './inspectPlace';
import type { InspectSlice } from './inspectState';

/** where an address leads, and what of it a wide drawer writes into the address */
const placeOf = ({ tab, layer, head, token, step }: InspectPlace): InspectPlace => ({ tab, layer, head, token, step });

function exampleText({ corpus: { summary } }: LabState): string {
  const sample = summary?.samples[0];
  return summary && sample ? wholeText(summary.kind, sample) : '';
}

/** What stands in the address of a wide drawer: moving there says so. */
function inspectPlaces(context: Context) {
  const patch = (fields: Partial<InspectSlice>) => context.patch('inspect', fields);
  const slice = () => context.get().inspect;
  const write = (hash: string, entry: 'push' | 'replace') =>
    context.address.write({ search: context.address.read().search, hash }, entry);
  const leave = () => write(`#/${context.get().view.stage}`, 'replace');
  const go = (fields: Partial<InspectSlice>) => {
    patch(fields);
    if (slice().wide) write(inspectHash(placeOf(slice())), 'replace');
  };

  return {
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
    setText(text) {
      go({ text, completion: '', token: null });
      void slice().refresh();
    },
    setHead(layer, head) {
      const isOther = layer !== slice().layer;
      go({ layer, head });
      if (isOther && slice().open && slice().tab === 'arithmetic') void slice().refresh();
    },
  } satisfies Partial<InspectSlice>;
}

export function inspectSlice(context: Context): InspectSlice {
  const patch = (fields: Partial<InspectSlice>) => context.patch('inspect', fields);
  const slice = () => context.get().inspect;
  const asked = inspectOfHash(context.address.read().hash);

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
    ...inspectPlaces(context),
    ...inspectLooks(context),

    show(text, kind) {
      context.get().shelf.hide();
      const about = kind === undefined ? null : modelOfKind(context.get(), kind);
      if (about !== null && about !== inspectedId(context.get())) patch({ checkpointId: about, completion: '' });
      patch({ open: true, text: text ?? (slice().text || exampleText(context.get())) });
      void slice().refresh();
    },
    setFrozen(frozen) {
      patch({ frozen });
      if (!frozen) void slice().refresh();
    },
    setCheckpoint(checkpointId) {
      patch({ checkpointId, completion: '', frozen: false });
      context.patch('heads', ALL_ON);
      void slice().refresh();
    },
    setSampling(sampling) {
      patch({ sampling: { ...slice().sampling, ...sampling } });
      void slice().refresh();
    },
  };
}
