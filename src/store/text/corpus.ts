import type { CheckpointInfo, CorpusSummary } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import { LIMITS } from '../../contract/limits';
import { fixed } from '../../contract/numbers';
import { windowOf } from '../../contract/window';
import { attempt, type Context, derivedSeed, latest } from '../context';
import { isForeign } from '../models/isForeign';
import { longWork } from '../page/longWork';
import type { CorpusOrigin, CorpusSlice, LabState } from '../state';
import { wholeText } from './wholeText';

const MORE = 8;

/** @returns the model that writes, where another program made it: a text can be read in its tokens; else null */
export function tokensOfWriter({ shelf }: Pick<LabState, 'shelf'>): CheckpointInfo | null {
  const base = shelf.checkpoints.find(({ checkpointId }) => checkpointId === shelf.slots.baseId);
  return base && isForeign(base) ? base : null;
}

/** what the page calls a text that came from no file */
const PASTED = 'pasted text';

/** @returns the file that the corpus was read from; null for stories and for a pasted text */
export const fileInUse = ({ corpus: { origin } }: Pick<LabState, 'corpus'>): string | null =>
  origin?.kind === 'text' && origin.name !== PASTED ? origin.name : null;

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, i) => byte === other[i]);

/** the same text used again is the same: nothing made from it is out of date */
async function storedTextId({ get, vault }: Context, bytes: Uint8Array): Promise<string | null> {
  const { origin } = get().corpus;
  if (origin?.kind !== 'text') return null;
  const stored = await vault.text(origin.textId);
  return stored !== null && isSame(stored, bytes) ? origin.textId : null;
}

/** Makes a corpus the current one, with everything that shows it. */
export function takeCorpus(context: Context, summary: CorpusSummary, origin: CorpusOrigin): void {
  const { samples } = summary;
  const before = context.get().corpus.origin;
  const isOther = before !== null && JSON.stringify(before) !== JSON.stringify(origin);
  context.get().notices.clear('text/empty');
  context.patch('corpus', {
    summary,
    origin,
    samples,
    source: summary.kind,
    error: null,
    tokens: [],
    draftInUse: false,
  });
  const state = context.get();
  const first = samples[0];
  if (first) {
    if (isOther || state.runs.fixedPrompt === '') state.runs.setFixedPrompt(first.prompt);
    void state.corpus.tokenise(wholeText(summary.kind, first));
  }
  void state.config.refreshEstimate();
}

async function makeStories(context: Context, call: Context['call']): Promise<void> {
  const { stories: config, seed } = context.get().config.value;
  const summary = await call('corpus/stories', { config, seed });
  // the first stories come unasked: they must not close what the visitor opened meanwhile
  const { source } = context.get().corpus;
  takeCorpus(context, summary, { kind: 'stories', config, seed });
  context.patch('corpus', { source });
}

async function readText(context: Context, bytes: Uint8Array, name: string, call: Context['call']): Promise<void> {
  if (bytes.byteLength > LIMITS.textBytes)
    throw new LabError(
      'text/tooLong',
      `${name} has ${fixed(bytes.byteLength / 2 ** 20, 1)} MB; the lab reads up to 20 MB.`,
    );
  const { text: config, model, seed } = context.get().config.value;
  const tokens = tokensOfWriter(context.get());
  const writer = context.get().corpus.inModelTokens ? tokens : null;
  const reader = writer ? { tokensOf: writer.checkpointId } : {};
  const summary = await call('corpus/text', {
    ...{ bytes, config, seed, ...reader },
    contextLength: writer ? windowOf(writer.model, config.textWindow) : model.contextLength,
    ...(writer && { shortens: config.textWindow === 0 }),
  });
  const contextLength = summary.contextLength ?? model.contextLength;
  const known = await storedTextId(context, bytes);
  const textId = known ?? context.newId('text');
  if (known === null) await context.vault.putText(textId, bytes);
  takeCorpus(context, summary, { kind: 'text', config, contextLength, seed, name, textId, ...reader });
}

type Making = (call: Context['call']) => Promise<void>;

/** @returns what makes one corpus at a time: whoever asks for another one waits for the one that is being made */
function oneAtATime(context: Context): (work: Making) => Promise<void> {
  const patch = (fields: Partial<CorpusSlice>) => context.patch('corpus', fields);
  let making: Promise<void> | null = null;
  const carryOut = async (work: Making) => {
    patch({ busy: true, error: null });
    const error = await attempt(context, async () => {
      await context.settled();
      patch({ busy: true }); // the stored corpus has come back meanwhile, and was busy itself
      await longWork(context, 'corpus', (course) => work(course.context.call));
    });
    patch({ busy: false, error });
  };
  return (work) => {
    making ??= carryOut(work).finally(() => {
      making = null;
    });
    return making;
  };
}

const NO_CORPUS = {
  source: 'stories',
  inModelTokens: true,
  summary: null,
  origin: null,
  busy: false,
  samples: [],
  draft: '',
  draftInUse: false,
  tokenText: '',
  tokens: [],
  error: null,
} as const satisfies Partial<CorpusSlice>;

export function corpusSlice(context: Context): CorpusSlice {
  const newest = latest();
  const patch = (fields: Partial<CorpusSlice>) => context.patch('corpus', fields);
  const slice = () => context.get().corpus;

  const make = oneAtATime(context);

  return {
    ...NO_CORPUS,

    setSource: (source) => patch({ source }),

    setInModelTokens: (inModelTokens) => patch({ inModelTokens }),

    generate() {
      const seen = slice().origin;
      return make(async (call) => {
        if (slice().origin !== seen) return; // what was stored has come back meanwhile: it is not written over unseen
        await makeStories(context, call);
      });
    },

    useText: (bytes, name) => make((call) => readText(context, bytes, name, call)),

    setDraft: (draft) => patch({ draft, draftInUse: false }),

    async useDraft() {
      const { draft, summary } = slice();
      await slice().useText(new TextEncoder().encode(draft), PASTED);
      if (slice().summary !== summary) patch({ draftInUse: slice().draft === draft });
    },

    async moreSamples() {
      const { samples, summary } = slice();
      if (!summary) return;
      const seed = derivedSeed(context.get().config.value.seed, 'samples', samples.length);
      await attempt(context, async () => {
        const more = await context.call('corpus/samples', { count: MORE, seed, shown: true });
        if (slice().summary === summary) patch({ samples: [...slice().samples, ...more] });
      });
    },

    async tokenise(text) {
      const isNewest = newest();
      patch({ tokenText: text });
      if (!slice().summary) return;
      await attempt(context, async () => {
        const tokens = text === '' ? [] : await context.call('corpus/tokens', { text });
        if (isNewest()) patch({ tokens });
      });
    },
  };
}
