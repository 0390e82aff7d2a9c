import { createContext, useContext } from 'react';
import { type StoreApi, useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { LabClient } from '../client/client';
import { correctStage, followAddress, reportIgnored } from './address/followAddress';
import { createBatch } from './batch';
import type { Context } from './context';
import { leadToLesson } from './guide/leadToLesson';
import { PageTimeline } from './page/pageTimeline';
import { threadOf } from './page/thread';
import { keepReminder } from './persistence/loss';
import { watchSettings } from './persistence/settings';
import type { LabStorage } from './persistence/storage';
import { storageTroubles } from './persistence/storageTroubles';
import { Vault } from './persistence/vault';
import { react } from './reactions';
import { listen } from './runs/runEvents';
import { slices } from './slices';
import type { LabState } from './state';
import { type LabOptions, surroundings, usualScheduler } from './surroundings';

/** The store of one page. Tests make several, over one storage, to play a reload. */
export interface Lab
  extends StoreApi<LabState>,
    Pick<Context, 'call' | 'client' | 'newId' | 'saveFile' | 'now' | 'settled' | 'storageBeside' | 'today' | 'vault'> {
  /**
   * a second thread, for what must be computed otherwise than the lab computes; whoever asks for it disposes of it.
   * Null where there is none to be had
   */
  aside(): LabClient | null;
  /** stops listening and hands the lab to the next tab; the client and the storage are left to their owner */
  dispose(): void;
}

/** Not randomUUID: a page over plain http in a classroom's network has none. */
function newId(prefix: string): string {
  const numbers = crypto.getRandomValues(new Uint32Array(2));
  return `${prefix}-${[...numbers].map((number) => number.toString(36).padStart(7, '0')).join('')}`;
}

/** work that changes what everything else stands on, one after the other */
function inOrder(): Pick<Context, 'settled' | 'settle'> {
  let settled: Promise<void> = Promise.resolve();
  return {
    settled: () => settled,
    settle(work) {
      settled = settled.then(work);
      return settled;
    },
  };
}

function makeContext(
  store: () => StoreApi<LabState>,
  client: LabClient,
  storage: LabStorage,
  options: LabOptions,
): Context {
  const around = surroundings(options);
  const pageTimeline = new PageTimeline(around.now);
  const set: Context['set'] = (change) => store().setState(change);
  const context: Context = {
    get: () => store().getState(),
    initial: () => store().getInitialState(),
    set,
    onChange: (listener) => store().subscribe(listener),
    patch: (slice, fields) =>
      store().setState((state) => ({ [slice]: { ...state[slice], ...fields } }) as Partial<LabState>),
    batch: createBatch<LabState>(pageTimeline.around(options.schedule ?? usualScheduler()), set),
    ...threadOf(() => context, client, options.connect),
    ...inOrder(),
    vault: new Vault(
      storage,
      storageTroubles(() => context),
    ),
    ...around,
    newId,
    pageTimeline,
  };
  return context;
}

/**
 * @param client the thread; the store listens to it from now on
 * @param storage where the lab outlives its tab
 * @returns a store at its beginning; `session.boot()` brings back what is stored
 */
export function createLab(client: LabClient, storage: LabStorage, options: LabOptions = {}): Lab {
  const context = makeContext(() => store, client, storage, options);
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
  const { call, client: thread, newId, saveFile, now, settled, storageBeside, today, vault } = context;
  const shared = { call, client: thread, newId, saveFile, now, settled, storageBeside, today, vault };
  return Object.assign(store, { ...shared, dispose, aside: () => options.connect?.() ?? null });
}

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
