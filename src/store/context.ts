import type { Following, LabClient } from '../client/client';
import { type ErrorReport, LabError } from '../contract/errors';
import type { CallKind, Calls } from '../contract/protocol';
import type { Address } from './address/url';
import type { Batch } from './batch';
import type { PageTimeline } from './page/pageTimeline';
import type { CardNotes } from './persistence/cards';
import type { Reminder } from './persistence/reminder';
import type { LabStorage } from './persistence/storage';
import type { TabLock } from './persistence/tabLock';
import type { Vault } from './persistence/vault';
import type { Versions } from './persistence/versions';
import type { LabState, NoticeAction } from './state';

/**
 * What the slices share, besides the state itself. Nothing of it is written as JSON, so nothing of it is in the state.
 */
export interface Context {
  get(): LabState;
  /** the page before anyone touched it */
  initial(): LabState;
  set(change: (state: LabState) => LabState): void;
  /** @returns a function that stops listening */
  onChange(listener: () => void): () => void;
  /** changes some fields of one slice */
  patch<K extends keyof LabState>(slice: K, fields: Partial<LabState[K]>): void;
  batch: Batch<LabState>;
  /** the thread that computes; a new one after a crash */
  client(): LabClient;
  /** a new thread in place of the old one, listened to as before */
  reconnect(): void;
  /**
   * asks the thread, once the engine has started and has everything back that the page names; work under `settle` asks
   * `client()`
   */
  call<K extends CallKind>(kind: K, params: Calls[K]['params'], following?: Following): Promise<Calls[K]['result']>;
  /** resolves when what was stored is back; an action waits for it, and only then reads what it acts on */
  settled(): Promise<void>;
  /**
   * work that changes what everything else stands on: one after the other, and `settled` waits for all of it. It must
   * not reject
   */
  settle(work: () => Promise<void>): Promise<void>;
  vault: Vault;
  lock: TabLock;
  reminder: Reminder;
  cards: CardNotes;
  /** a storage of its own beside the lab's, for a lesson; whoever asks for it closes it */
  storageBeside(name: string): LabStorage;
  /** asks the browser not to delete what is stored; once is enough */
  askToKeep(): void;
  /** whether the browser has promised not to */
  isKept(): Promise<boolean>;
  /** what keeps the page itself, and knows of newer ones */
  versions(): Promise<Versions>;
  address: Address;
  /** milliseconds of a steady clock: durations are differences of it, since a machine's date may jump */
  now(): number;
  /** milliseconds since 1970, for what is stored: a date, never part of a duration */
  today(): number;
  newId(prefix: string): string;
  pageTimeline: PageTimeline;
  /** hands a file to the visitor */
  saveFile(fileName: string, content: string | Uint8Array | Blob, type: string): void;
  later(task: () => void, ms: number): void;
}

/** An error in the form that notices and `error` fields show. */
export function toReport(error: unknown): ErrorReport {
  if (error instanceof LabError) return { code: error.code, message: error.message, stack: error.stack };
  if (error instanceof Error) return { code: undefined, message: error.message, stack: error.stack };
  return { code: undefined, message: String(error), stack: undefined };
}

const CANCELLED = 'Cancelled: nothing was changed.';

/**
 * Runs the body of an action. Actions never reject: what goes wrong is shown as a notice and returned for the slice's
 * `error` field.
 * @param missing what the notice offers when something upstream is missing
 * @returns null when all went well; what the visitor cancelled is no trouble, and gets no notice
 */
export async function attempt(
  context: Context,
  body: () => Promise<void>,
  missing: NoticeAction[] = [],
): Promise<ErrorReport | null> {
  try {
    await body();
    return null;
  } catch (error) {
    const report = toReport(error);
    if (report.code === 'work/cancelled') {
      const { toasts, toast } = context.get().notices;
      if (toasts.at(-1)?.text !== CANCELLED) toast(CANCELLED); // also where one piece of work was part of another
      return report;
    }
    const isMissing = report.code === 'run/missingInput' || report.code === 'run/tooFewVotes';
    context.get().notices.report(report, isMissing ? missing : []);
    return report;
  }
}

/** @returns what an `error` field shows: what the visitor ended himself is no trouble */
export const unlessCancelled = (error: ErrorReport | null): ErrorReport | null =>
  error?.code === 'work/cancelled' ? null : error;

/** Of several overlapping questions only the last one's answer counts. */
export function latest(): () => () => boolean {
  let newest = 0;
  return () => {
    const mine = ++newest;
    return () => mine === newest;
  };
}

/**
 * @returns what lets each of several presses act after the one before it, on what that one left; the work must not
 * reject
 */
export function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine;
    return mine;
  };
}

/** A hash of a seed, a purpose and a number, uniform in [0, 1): coin flips that are the same after a reload. */
export function coin(seed: number, purpose: string, index: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const char of `${purpose} ${index}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
/** @returns a seed for the thread, derived from the experiment's */
export const derivedSeed = (seed: number, purpose: string, index: number): number =>
  Math.floor(coin(seed, purpose, index) * 2 ** 31);
