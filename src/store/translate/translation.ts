/**
 * The page Translate: a translator in the thread, pulled from here, and the sentence that it reads. It comes with its
 * page, so it is no slice of the lab; it goes on while other pages are looked at. It is not stored: a reload begins at
 * step 0, and the same seed goes on to the same numbers.
 */
import { type StoreApi, useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { RunStatus } from '../../contract/domain';
import type { MetricPoint } from '../../contract/observations';
import type {
  Decoding,
  TranslateAnswer,
  TranslateProgress,
  TranslateReading,
  TranslateShape,
} from '../../contract/translate';
import { latest, toReport } from '../context';
import { type Lab, useLabStore } from '../lab';

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
  /** of the last sentence that could be read; null before the first */
  reading: TranslateReading | null;
  /** why the sentence as it is now is not read; null when it was */
  unread: Exclude<TranslateAnswer, { kind: 'read' }> | null;
  /** what went wrong, in words */
  error: string | null;

  /** makes the translator when there is none */
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
}

const FIRST_SENTENCE = 'the brave fox found a red lamp .';
/** of one call; the thread answers after a moment anyway */
const STEPS_AT_ONCE = 100;

const NEW_RUN = { status: 'idle', step: 0, totalSteps: 0, elapsedMs: 0, points: [], error: null } as const;

/** a translator that went on with another engine stands at an earlier step: what came after it is taken again */
const grown = (points: readonly MetricPoint[], { step, points: next }: TranslateProgress) => [
  ...points.filter((point) => point.step < (next[0]?.step ?? step + 1)),
  ...next,
];

const createTranslation = (lab: Lab): StoreApi<Translation> =>
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
    ...actions(lab, get, patch),
  }));

function actions(lab: Lab, get: () => Translation, patch: (fields: Partial<Translation>) => void) {
  const newest = latest();
  let [runId, made]: [string, Promise<void> | null] = ['', null];
  let pulling: Promise<void> = Promise.resolve();

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    const working = work();
    const mine = runId; // of the one that work has made, too
    await working.catch((error) => {
      if (mine === runId) patch({ status: 'failed', error: toReport(error).message });
    });
  };

  /** asks the model as it stands; only the answer to the last question counts */
  const read = async (): Promise<void> => {
    const isNewest = newest();
    const { sentence, decoding, crossAttention } = get();
    const answer = await lab.call('translate/read', { runId, sentence, decoding, cut: !crossAttention });
    if (isNewest()) patch(answer.kind === 'read' ? { reading: answer.reading, unread: null } : { unread: answer });
  };

  const advance = async (steps: number): Promise<void> => {
    const mine = runId;
    const progress = await lab.call('translate/advance', { runId, steps });
    if (mine !== runId) return;
    const { step, totalSteps, elapsedMs } = progress;
    const isOver = step >= totalSteps;
    patch({ step, totalSteps, elapsedMs, points: grown(get().points, progress), ...(isOver && { status: 'done' }) });
    if (progress.points.at(-1)?.values['translator/exactMatch'] !== undefined || get().status !== 'running')
      await read();
  };

  const create = async (): Promise<void> => {
    const { seed } = lab.getState().config.value;
    runId = `translate-${seed}-${lab.newId('run')}`;
    const { shape, ...progress } = await lab.call('translate/create', { runId, seed });
    patch({ ...NEW_RUN, ...progress, shape, seed });
    await read();
  };

  const whileBusy = async (work: () => Promise<void>): Promise<void> => {
    patch({ busy: true });
    await attempt(work);
    patch({ busy: false });
  };

  /** one that could not be made is made anew by the next press */
  const make = (): Promise<void> => {
    const making = whileBusy(create).then(() => {
      if (get().shape === null) made = null;
    });
    made = making;
    return making;
  };
  /** before its first step the lab may have got another seed */
  const isOutdated = (): boolean => get().step === 0 && !get().busy && get().seed !== lab.getState().config.value.seed;
  const open = (): Promise<void> => (made && !isOutdated() ? made : make());

  const reset = async (): Promise<void> => {
    patch({ status: 'idle' });
    await pulling;
    await make();
  };

  /** one that is done goes before the next one begins */
  const begin = (): Promise<void> => (get().status === 'done' ? reset() : open());

  return {
    open,

    async train() {
      await begin();
      if (get().status === 'running') return;
      patch({ status: 'running', error: null });
      pulling = attempt(async () => {
        while (get().status === 'running') await advance(STEPS_AT_ONCE);
      });
      await pulling;
    },

    async pause() {
      if (get().status !== 'running') return;
      patch({ status: 'paused' });
      await whileBusy(() => pulling);
    },

    async stepOnce() {
      await begin();
      if (get().status === 'running') return;
      patch({ status: 'paused', error: null });
      await whileBusy(() => advance(1));
    },

    reset,

    async write(sentence: string) {
      patch({ sentence });
      await attempt(read);
    },

    async decode(decoding: Decoding) {
      patch({ decoding });
      await attempt(read);
    },

    async allowCrossAttention(crossAttention: boolean) {
      patch({ crossAttention });
      await attempt(read);
    },
  };
}

const made = new WeakMap<Lab, StoreApi<Translation>>();

/** the one of this lab */
export function translationOf(lab: Lab): StoreApi<Translation> {
  const found = made.get(lab) ?? createTranslation(lab);
  made.set(lab, found);
  return found;
}

/** Select the smallest thing, as with `useLab`. */
export function useTranslation<T>(selector: (state: Translation) => T): T {
  return useStore(translationOf(useLabStore()), selector);
}
