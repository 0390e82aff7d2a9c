import { createContext, useContext } from 'react';
import { type StoreApi, useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { LabClient } from '../client/client';
import { presetConfig } from '../contract/config';
import { LabError, type LabErrorCode } from '../contract/errors';
import { configSlice } from './address/config';
import { sourceOfHash } from './address/sourceAddress';
import { type Address, complaintAbout, memoryAddress, readUrl, writeSearch } from './address/url';
import { arenaSlice } from './arena/arenaSlice';
import { createBatch, frameScheduler, microtaskScheduler, type Scheduler } from './batch';
import { classroomSlice } from './classroom/classroomSlice';
import type { Context } from './context';
import { guideSlice } from './guide/guideSlice';
import { leadToLesson } from './guide/leadToLesson';
import { lessonOfHash } from './guide/lessonAddress';
import { lessonSlice } from './lessons/lesson';
import { differenceSlice } from './models/differenceSlice';
import { headsSlice } from './models/headsSlice';
import { inspectSlice } from './models/inspect';
import { inspectOfHash } from './models/inspectPlace';
import { placedSlice } from './models/placed';
import { scoringSlice } from './models/scoring';
import { shelfSlice } from './models/shelf';
import { wordsSlice } from './models/wordsSlice';
import { notebookSlice } from './notebook/notebookSlice';
import { demonstrationsSlice } from './opinions/demonstrationsSlice';
import { goldSlice } from './opinions/goldSlice';
import { groupsSlice } from './opinions/groupsSlice';
import { opinionsSlice } from './opinions/opinionsSlice';
import { pairsSlice } from './opinions/pairsSlice';
import { tableSlice } from './opinions/tableSlice';
import { tasteSlice } from './opinions/tasteSlice';
import { engineSlice } from './page/engine';
import { noticesSlice } from './page/notices';
import { PageTimeline } from './page/pageTimeline';
import { sessionSlice } from './page/session';
import { teachingSlice } from './page/teaching';
import { viewSlice } from './page/view';
import { workSlice } from './page/work';
import { type CardNotes, noCards } from './persistence/cards';
import { keepReminder } from './persistence/loss';
import { memoryStorage } from './persistence/memoryStorage';
import { noReminder, type Reminder } from './persistence/reminder';
import { storeSettings, watchSettings } from './persistence/settings';
import type { LabStorage } from './persistence/storage';
import { storeAgain } from './persistence/storeAgain';
import { aloneLock, type TabLock } from './persistence/tabLock';
import { type Troubles, Vault } from './persistence/vault';
import { react } from './reactions';
import { roundsSlice } from './rounds/roundsSlice';
import { earlierSlice } from './runs/earlier';
import { listen } from './runs/runEvents';
import { runsSlice } from './runs/runs';
import type { LabState } from './state';
import { sweepSlice } from './sweep/sweep';
import { corpusSlice } from './text/corpus';

/** The store of one page. Tests make several, over one storage, to play a reload. */
export interface Lab
  extends StoreApi<LabState>,
    Pick<Context, 'call' | 'client' | 'newId' | 'saveFile' | 'now' | 'settled' | 'storageBeside' | 'today' | 'vault'> {
  /**
   * a second thread, for what must be computed otherwise than the lab computes; whoever asks for it disposes of it. Null
   * where there is none to be had
   */
  aside(): LabClient | null;
  /** stops listening and hands the lab to the next tab; the client and the storage are left to their owner */
  dispose(): void;
}

/** What a page has and a test replaces. */
export interface LabOptions {
  address?: Address;
  lock?: TabLock;
  reminder?: Reminder;
  cards?: CardNotes;
  askToKeep?: Context['askToKeep'];
  isKept?: Context['isKept'];
  versions?: Context['versions'];
  /** a new thread after a crash; without it a crash is the end */
  connect?: () => LabClient;
  storageBeside?: Context['storageBeside'];
  schedule?: Scheduler;
  now?: Context['now'];
  today?: Context['today'];
  later?: Context['later'];
  saveFile?: Context['saveFile'];
}

/**
 * @param client the thread; the store listens to it from now on
 * @param storage where the lab outlives its tab
 * @returns a store at its beginning; `session.boot()` brings back what is stored
 */
export function createLab(client: LabClient, storage: LabStorage, options: LabOptions = {}): Lab {
  const now = options.now ?? (() => performance.now());
  const pageTimeline = new PageTimeline(now);
  const set: Context['set'] = (change) => store.setState(change);
  let thread = client;
  let restored: Promise<void> = Promise.resolve();
  const context: Context = {
    get: () => store.getState(),
    initial: () => store.getInitialState(),
    set,
    onChange: (listener) => store.subscribe(listener),
    patch: (slice, fields) =>
      store.setState((state) => ({ [slice]: { ...state[slice], ...fields } }) as Partial<LabState>),
    batch: createBatch<LabState>(pageTimeline.around(options.schedule ?? usualScheduler()), set),
    client: () => thread,
    reconnect() {
      thread.dispose();
      if (!options.connect) return;
      thread = options.connect();
      listen(context, thread);
    },
    async call(kind, params, following) {
      await restored;
      await engineReady(store);
      const { status, error } = store.getState().engine;
      if (status === 'failed' && error?.code) throw new LabError(error.code, error.message);
      return thread.call(kind, params, following);
    },
    settled: () => restored,
    settle(work) {
      restored = restored.then(work);
      return restored;
    },
    vault: new Vault(
      storage,
      storageTroubles(() => context),
    ),
    ...surroundings(options),
    now,
    newId,
    pageTimeline,
  };
  leadToLesson(context.address);
  const store = createStore<LabState>()(() => slices(context));
  correctStage(context);
  reportIgnored(context);
  listen(context, client);
  const stops = [
    watchSettings(context, store.subscribe),
    react(context, store.subscribe),
    followAddress(context),
    keepReminder(context),
  ];
  const dispose = () => {
    for (const stop of stops) stop();
    context.lock.release();
  };
  const { call, saveFile, settled, storageBeside, today, vault } = context;
  const aside = () => options.connect?.() ?? null;
  return Object.assign(store, {
    dispose,
    aside,
    storageBeside,
    call,
    client: context.client,
    newId,
    saveFile,
    now,
    settled,
    today,
    vault,
  });
}

/** the page's own where a test brings none */
const surroundings = (options: LabOptions) => ({
  address: options.address ?? memoryAddress(),
  lock: options.lock ?? aloneLock(),
  reminder: options.reminder ?? noReminder(),
  cards: options.cards ?? noCards(),
  storageBeside: options.storageBeside ?? memoryStorage,
  askToKeep: options.askToKeep ?? (() => undefined),
  isKept: options.isKept ?? (async () => true),
  versions: options.versions ?? (async () => ({ keep: async () => false, take: () => false })),
  today: options.today ?? Date.now,
  saveFile: options.saveFile ?? downloadFile,
  later: options.later ?? ((task: () => void, ms: number) => void setTimeout(task, ms)),
});

function slices(context: Context): LabState {
  const { config, stage } = readUrl(context.address.read());
  return {
    engine: engineSlice(context),
    config: configSlice(context, config ?? presetConfig('tiny')),
    corpus: corpusSlice(context),
    shelf: shelfSlice(context),
    runs: runsSlice(context),
    earlier: earlierSlice(context),
    placed: placedSlice(context),
    opinions: opinionsSlice(context),
    pairs: pairsSlice(context),
    groups: groupsSlice(context),
    rounds: roundsSlice(context),
    arena: arenaSlice(context),
    demonstrations: demonstrationsSlice(context),
    tables: tableSlice(context),
    taste: tasteSlice(context),
    gold: goldSlice(context),
    scoring: scoringSlice(context),
    inspect: inspectSlice(context),
    heads: headsSlice(context),
    words: wordsSlice(context),
    difference: differenceSlice(context),
    view: viewSlice(context, stage ?? 'start'),
    work: workSlice(context),
    teaching: teachingSlice(context),
    lesson: lessonSlice(context),
    guide: guideSlice(context),
    sweep: sweepSlice(context),
    classroom: classroomSlice(context),
    notebook: notebookSlice(context),
    notices: noticesSlice(context),
    session: sessionSlice(context),
  };
}

const usualScheduler = (): Scheduler =>
  typeof requestAnimationFrame === 'function' ? frameScheduler : microtaskScheduler;

/** resolves when the engine has started, or has failed to: then the thread itself says so */
async function engineReady(store: StoreApi<LabState>): Promise<void> {
  const isWaiting = ({ engine }: LabState) => engine.status === 'starting' || engine.status === 'restarting';
  if (store.getState().engine.status === 'starting') await store.getState().engine.start();
  if (!isWaiting(store.getState())) return;
  await new Promise<void>((resolve) => {
    const stop = store.subscribe((state) => {
      if (isWaiting(state)) return;
      stop();
      resolve();
    });
  });
}

function reportIgnored(context: Context, parts = context.address.read()): void {
  const message = complaintAbout(parts);
  if (message !== null) context.get().notices.report({ code: 'url/ignored', message, stack: undefined });
}

/** An address that names a stage which is not there leads to Start, and says so itself. */
function correctStage({ address }: Context): void {
  const { search, hash } = address.read();
  const [name = '', inner] = hash.replace(/^#\/?/, '').split('?');
  if (name === '' || readUrl({ search, hash }).stage || sourceOfHash(hash) || inspectOfHash(hash)) return;
  address.write({ search, hash: inner === undefined ? '#/start' : `#/start?${inner}` }, 'replace');
}

/** Follows links and the back button: the stage always, the experiment when the address spells one out anew. */
function followAddress(context: Context): () => void {
  return context.address.onChange(() => {
    leadToLesson(context.address);
    correctStage(context);
    const parts = context.address.read();
    const { stage, config } = readUrl(parts);
    const { view, inspect, guide } = context.get();
    const source = sourceOfHash(parts.hash);
    if (source || view.source) context.patch('view', { source });
    if (source) return;
    const place = inspectOfHash(parts.hash);
    if (place || inspect.wide) inspect.visit(place);
    if (place) return;
    const asked = lessonOfHash(parts.hash);
    if (asked !== null && asked !== guide.asked) context.patch('guide', { asked });
    if (stage && stage !== view.stage) context.patch('view', { stage, crosshair: null });
    if (!config || !parts.hash.includes('?')) return;
    context.patch('config', { value: config });
    context.address.write({ search: writeSearch(config), hash: parts.hash.split('?')[0] ?? '' }, 'replace');
    reportIgnored(context, parts); // what was asked for, not what now stands there
  });
}

/** what becomes of what is done now */
const STORAGE_IN_TROUBLE: Partial<Record<LabErrorCode, LabState['session']['storage']>> = {
  'storage/full': 'full',
  'storage/lost': 'memory',
  'storage/outdated': 'memory',
  'storage/unavailable': 'memory',
};

/** what the vault tells becomes a notice and the session's storage state */
function storageTroubles(context: () => Context): Troubles {
  return {
    trouble(code, message) {
      const storage = STORAGE_IN_TROUBLE[code];
      if (storage) context().patch('session', { storage });
      context().get().notices.report({ code, message, stack: undefined });
    },
    over(code) {
      if (STORAGE_IN_TROUBLE[code]) context().patch('session', { storage: 'persistent' });
      context().get().notices.clear(code);
    },
    async storeAgain(mine) {
      await storeAgain(context(), mine, () => storeSettings(context()));
    },
    later: (task, ms) => context().later(task, ms),
  };
}

/** Not randomUUID: a page over plain http in a classroom's network has none. */
function newId(prefix: string): string {
  const numbers = crypto.getRandomValues(new Uint32Array(2));
  return `${prefix}-${[...numbers].map((number) => number.toString(36).padStart(7, '0')).join('')}`;
}

const downloadFile: Context['saveFile'] = (fileName, content, type) => {
  const url = URL.createObjectURL(new Blob([content as BlobPart], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
};

/** `<LabContext value={lab}>` around the app, with a real store or a test's. */
export const LabContext = createContext<Lab | null>(null);

export function useLabStore(): Lab {
  const lab = useContext(LabContext);
  if (!lab) throw new Error('useLab needs <LabContext value={lab}> around it');
  return lab;
}

/** Select the smallest thing: `useLab((s) => s.engine.status)`; several fields go through `useShallow`. */
export function useLab<T>(selector: (state: LabState) => T): T {
  return useStore(useLabStore(), selector);
}
