/**
 * The page's client of the real computing thread: requests go out with a number, answers come back by it, events are
 * passed on.
 */
import { type ErrorReport, LabError } from '../contract/errors';
import type {
  CallKind,
  Calls,
  Cancellation,
  EventKind,
  Events,
  HelperNews,
  Message,
  Progress,
  Request,
} from '../contract/protocol';
import { GIVEN_AWAY } from '../contract/protocol';
import type { Following, LabClient } from './client';
import type {} from './early';
import { type Helper, help } from './helpers';

/** The part of a Worker that the client needs; a test puts a loopback here. */
export interface Thread {
  postMessage(message: Request | Cancellation | HelperNews, given: ArrayBuffer[]): void;
  addEventListener(type: 'message', listener: (event: { data: Message }) => void): void;
  addEventListener(
    type: 'error' | 'messageerror',
    listener: (event: { message?: string; preventDefault?(): void }) => void,
  ): void;
  terminate(): void;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
  onProgress?: ((progress: Progress) => void) | undefined;
}
type Listener = (data: never) => void;

const startThread = (): Thread =>
  new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module', name: 'lab' });

/** @returns the thread that `early.ts` asked for, once; a new one where there is none, or it did not come up */
export function firstThread(): Thread {
  const { earlyThread } = globalThis;
  globalThis.earlyThread = undefined;
  return earlyThread ?? startThread();
}

/** A LabError again where it was one, otherwise an Error with the other thread's stack. */
export function rebuildError({ code, message, stack }: ErrorReport): Error {
  const error = code === undefined ? new Error(message) : new LabError(code, message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** of what a call gives away, all buffers that hold nothing else */
const givenBy = (kind: CallKind, params: object): ArrayBuffer[] =>
  GIVEN_AWAY.includes(kind)
    ? Object.values(params).flatMap((value) =>
        ArrayBuffer.isView(value) && value.byteLength === value.buffer.byteLength ? [value.buffer as ArrayBuffer] : [],
      )
    : [];

/**
 * Arguments are copied, so the caller keeps its buffers, but for large files, which are given away; buffers in answers
 * and events are handed over without a copy.
 */
export class WorkerClient implements LabClient {
  private readonly pending = new Map<number, Pending>();
  private readonly listeners = new Map<EventKind, Set<Listener>>();
  private readonly crashListeners = new Set<() => void>();
  private readonly helpers: Helper[] = [];
  private lastId = 0;
  private death: LabError | null = null;

  /** @param thread owned by the client from now on */
  constructor(private readonly thread: Thread = startThread()) {
    thread.addEventListener('message', ({ data }) => this.receive(data));
    thread.addEventListener('error', (event) => {
      event.preventDefault?.();
      this.crash(event.message);
    });
    thread.addEventListener('messageerror', () => this.crash('A message could not be read.'));
  }

  call<K extends CallKind>(
    kind: K,
    params: Calls[K]['params'],
    { signal, onProgress }: Following = {},
  ): Promise<Calls[K]['result']> {
    return new Promise((resolve, reject) => {
      if (this.death) return reject(this.death);
      if (signal?.aborted) return reject(new LabError('work/cancelled', 'It was cancelled before it began.'));
      const id = ++this.lastId;
      this.pending.set(id, { resolve: resolve as Pending['resolve'], reject, onProgress });
      signal?.addEventListener('abort', () => this.pending.has(id) && this.thread.postMessage({ cancel: id }, []));
      try {
        this.thread.postMessage({ id, kind, params } as Request, givenBy(kind, params));
      } catch (error) {
        this.pending.delete(id);
        reject(error); // params that cannot be cloned: a bug of the caller
      }
    });
  }

  on<K extends EventKind>(event: K, listener: (data: Events[K]) => void): () => void {
    const set = this.listeners.get(event) ?? new Set<Listener>();
    this.listeners.set(event, set.add(listener as Listener));
    return () => set.delete(listener as Listener);
  }

  onCrash(listener: () => void): () => void {
    this.crashListeners.add(listener);
    return () => this.crashListeners.delete(listener);
  }

  dispose(): void {
    this.listeners.clear();
    this.crashListeners.clear();
    this.stop(new LabError('engine/crashed', 'The computing thread was closed.'));
  }

  private receive(message: Message): void {
    if ('helper' in message) {
      help(this.helpers, message, (news) => this.thread.postMessage(news, []));
      return;
    }
    if ('event' in message) {
      const listeners = this.listeners.get(message.event) ?? [];
      for (const listener of [...listeners]) (listener as (data: unknown) => void)(message.data);
      return;
    }
    const pending = this.pending.get(message.id);
    if ('progress' in message) {
      pending?.onProgress?.(message.progress);
      return;
    }
    this.pending.delete(message.id);
    if (message.ok) pending?.resolve(message.result);
    else pending?.reject(rebuildError(message.error));
  }

  private crash(cause: string | undefined): void {
    if (this.death) return;
    this.stop(new LabError('engine/crashed', `The computing thread stopped${cause ? `: ${cause}` : '.'}`));
    for (const listener of [...this.crashListeners]) listener();
  }

  private stop(reason: LabError): void {
    this.death ??= reason;
    this.thread.terminate();
    this.helpers.map((one) => one.terminate());
    for (const { reject } of this.pending.values()) reject(reason);
    this.pending.clear();
  }
}
