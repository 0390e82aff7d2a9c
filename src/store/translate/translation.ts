/**
 * The page Translate: a translator in the thread, pulled from here, and the sentence that it reads. It comes with its
 * page, so it is no slice of the lab; it goes on while other pages are looked at. It is stored at every look at held-out
 * sentences, every few seconds between them and when it stands, and comes back with the page: to the same numbers.
 */
import { type StoreApi, useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { RunStatus } from '../../contract/domain';
import type { HeadAt } from '../../contract/inside';
import { hasAtMost, LIMITS } from '../../contract/limits';
import type { MetricPoint } from '../../contract/observations';
import {
  type Decoding,
  MOST_SENTENCE_WORDS,
  type TranslateAnswer,
  type TranslateProgress,
  type TranslateReading,
  type TranslateShape,
} from '../../contract/translate';
import { latest, toReport } from '../context';
import { type Lab, useLabStore } from '../lab';
import { onePerLab } from '../onePerLab';
import { countsBeside } from '../page/beside';
import { whenForgotten } from '../page/whenForgotten';
import { forgetStored, keep, storedTranslator } from './storedTranslation';

export interface Translation {
  status: RunStatus;
  /** an answer of the thread is awaited that pressing anything would race */
  busy: boolean;
  /** null until the thread has made the translator */
  shape: TranslateShape | null;
  seed: number;
  step: number;
  totalSteps: number;
  elapsedMs: number;
  points: readonly MetricPoint[];
  sentence: string;
  decoding: Decoding;
  /** whether the decoder may ask the encoder's words */
  crossAttention: boolean;
  /** whose attention is drawn; null for the one of cross-attention that finds the true partner most often */
  head: HeadAt | null;
  /** of the last sentence that could be read; null before the first */
  reading: TranslateReading | null;
  /** why the sentence as it is now is not read; null when it was */
  unread: Exclude<TranslateAnswer, { kind: 'read' }> | null;
  /** what went wrong, in words */
  error: string | null;

  /** makes the translator when there is none: the one that is stored, else one at step 0 */
  open(): Promise<void>;
  train(): Promise<void>;
  /** resolves when the step in hand is finished */
  pause(): Promise<void>;
  stepOnce(): Promise<void>;
  /** another translator at step 0, of the seed that the lab has now */
  reset(): Promise<void>;
  write(sentence: string): Promise<void>;
  decode(decoding: Decoding): Promise<void>;
  allowCrossAttention(allowed: boolean): Promise<void>;
  chooseHead(head: HeadAt | null): void;
  /** stores it as it stands, after storage had no room for it or lost it */
  keepAgain(): Promise<void>;
}

const FIRST_SENTENCE = 'the brave fox found a red lamp .';
/** of one call; the thread answers after a moment anyway */
const STEPS_AT_ONCE = 100;
/** a visitor may lose so much training */
const KEEP_MS = 10_000;

const NEW_RUN = { status: 'idle', step: 0, totalSteps: 0, elapsedMs: 0, points: [], error: null } as const;

/** a translator that went on with another engine stands at an earlier step: what came after it is taken again */
const grown = (points: readonly MetricPoint[], { step, points: next }: TranslateProgress) => [
  ...points.filter((point) => point.step < (next[0]?.step ?? step + 1)),
  ...next,
];

/** What the actions share and nobody shows. */
interface Behind {
  lab: Lab;
  get(): Translation;
  patch(fields: Partial<Translation>): void;
  runId: string;
  /** while it is made, and once it is; null where it has to be made */
  made: Promise<void> | null;
  pulling: Promise<void>;
  /** of training, when it was stored last */
  keptMs: number;
  newest: ReturnType<typeof latest>;
}

function createTranslation(lab: Lab): StoreApi<Translation> {
  const store = storeOf(lab);
  whenForgotten(lab, () => void store.getState().reset());
  lab.vault.others.add(() => store.getState().keepAgain());
  const tell = countsBeside(lab);
  store.subscribe(({ status }) => tell(status === 'running'));
  return store;
}

const storeOf = (lab: Lab): StoreApi<Translation> =>
  createStore<Translation>()((patch, get) => ({
    ...NEW_RUN,
    busy: false,
    shape: null,
    reading: null,
    unread: null,
    seed: lab.getState().config.value.seed,
    sentence: FIRST_SENTENCE,
    decoding: 'beam',
    crossAttention: true,
    head: null,
    ...actions({ lab, get, patch, runId: '', made: null, pulling: Promise.resolve(), keptMs: 0, newest: latest() }),
  }));

async function attempt(behind: Behind, work: () => Promise<void>): Promise<void> {
  const working = work();
  const mine = behind.runId; // of the one that work has made, too
  await working.catch(async (error) => {
    if (mine !== behind.runId) return;
    const { code, message } = toReport(error);
    if (code === 'run/missingInput') return make(behind); // another thread has none: it gets the one that is stored
    if (code === 'engine/crashed') behind.made = null;
    behind.patch(code === 'engine/crashed' ? { status: 'paused' } : { status: 'failed', error: message });
  });
}

async function whileBusy(behind: Behind, work: () => Promise<void>): Promise<void> {
  behind.patch({ busy: true });
  await attempt(behind, work);
  behind.patch({ busy: false });
}

/** @returns what is wrong with more than the thread takes: so many words, or one that no story has; null for less */
function beyond(sentence: string): Translation['unread'] {
  if (hasAtMost(sentence, LIMITS.sentence)) return null;
  const words = sentence.split(/\s+/).filter(Boolean);
  if (words.length === 0) return { kind: 'empty' };
  if (words.length > MOST_SENTENCE_WORDS) return { kind: 'long', words: words.length };
  return { kind: 'unknown', words: words.filter((word) => word.length > LIMITS.quoted) };
}

/** asks the model as it stands; only the answer to the last question counts */
async function read({ lab, get, patch, runId, newest }: Behind): Promise<void> {
  const isNewest = newest();
  const { sentence, decoding, crossAttention } = get();
  const unread = beyond(sentence);
  if (unread) return patch({ unread });
  const answer = await lab.call('translate/read', { runId, sentence, decoding, cut: !crossAttention });
  if (isNewest()) patch(answer.kind === 'read' ? { reading: answer.reading, unread: null } : { unread: answer });
}

async function advance(behind: Behind, steps: number): Promise<void> {
  const { lab, get, patch, runId } = behind;
  const progress = await lab.call('translate/advance', { runId, steps });
  if (runId !== behind.runId) return;
  const { step, totalSteps, elapsedMs } = progress;
  const isOver = step >= totalSteps;
  patch({ step, totalSteps, elapsedMs, points: grown(get().points, progress), ...(isOver && { status: 'done' }) });
  const isLook = progress.points.at(-1)?.values['translator/exactMatch'] !== undefined || get().status !== 'running';
  if (isLook || elapsedMs - behind.keptMs >= KEEP_MS) {
    await keep(lab, runId);
    behind.keptMs = elapsedMs;
  }
  if (isLook) await read(behind);
}

const statusAt = ({ step, totalSteps }: TranslateProgress): RunStatus =>
  step === 0 ? 'idle' : step < totalSteps ? 'paused' : 'done';

async function create(behind: Behind): Promise<void> {
  const { lab, patch } = behind;
  const { seed } = lab.getState().config.value;
  behind.runId = `translate-${seed}-${lab.newId('run')}`;
  const asked = { runId: behind.runId, seed };
  const { shape, ...made } = (await storedTranslator(lab, asked)) ?? (await lab.call('translate/create', asked));
  behind.keptMs = made.elapsedMs;
  patch({ ...NEW_RUN, ...made, status: statusAt(made), shape });
  await read(behind);
}

/** one that could not be made is made anew by the next press */
function make(behind: Behind): Promise<void> {
  const making = whileBusy(behind, () => create(behind)).then(() => {
    if (behind.get().shape === null) behind.made = null;
  });
  behind.made = making;
  return making;
}

/** before its first step the lab may have got another seed */
const isOutdated = ({ lab, get }: Behind): boolean =>
  get().step === 0 && !get().busy && get().seed !== lab.getState().config.value.seed;

const open = (behind: Behind): Promise<void> => (behind.made && !isOutdated(behind) ? behind.made : make(behind));

async function reset(behind: Behind): Promise<void> {
  behind.patch({ status: 'idle' });
  await behind.pulling;
  await forgetStored(behind.lab);
  await make(behind);
}

/** one that is done goes before the next one begins; @returns whether it stands now, and can go on */
async function begin(behind: Behind): Promise<boolean> {
  await (behind.get().status === 'done' ? reset(behind) : open(behind));
  return behind.get().status !== 'running';
}

async function train(behind: Behind): Promise<void> {
  if (!(await begin(behind))) return;
  const { get, patch } = behind;
  patch({ status: 'running', error: null });
  behind.pulling = attempt(behind, async () => {
    while (get().status === 'running') await advance(behind, STEPS_AT_ONCE);
  });
  await behind.pulling;
}

function actions(behind: Behind) {
  const { get, patch } = behind;
  /** what is asked in another way is read at once, or when the translator that is being made is there */
  const ask = async (asked: Partial<Translation>): Promise<void> => {
    patch(asked);
    await behind.made;
    await attempt(behind, () => read(behind));
  };
  return {
    open: () => open(behind),
    train: () => train(behind),

    async pause() {
      if (get().status !== 'running') return;
      patch({ status: 'paused' });
      await whileBusy(behind, () => behind.pulling);
    },

    async stepOnce() {
      if (!(await begin(behind))) return;
      patch({ status: 'paused', error: null });
      await whileBusy(behind, () => advance(behind, 1));
    },

    reset: () => reset(behind),
    write: (sentence: string) => ask({ sentence }),
    decode: (decoding: Decoding) => ask({ decoding }),
    allowCrossAttention: (crossAttention: boolean) => ask({ crossAttention }),
    chooseHead: (head: HeadAt | null) => patch({ head }),
    // a thread that died has none to give
    keepAgain: () => (get().step > 0 ? keep(behind.lab, behind.runId).catch(() => undefined) : Promise.resolve()),
  };
}

/** the one of this lab */
export const translationOf = onePerLab(createTranslation);

/** Select the smallest thing, as with `useLab`. */
export function useTranslation<T>(selector: (state: Translation) => T): T {
  return useStore(translationOf(useLabStore()), selector);
}
