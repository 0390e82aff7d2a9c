/**
 * A scripted client for tests: every call has a believable answer, runs move when `advance` is called, failures come
 * when asked for. The page that visitors open never imports it.
 */

import type { Following, LabClient } from '../../src/client/client';
import type { EngineInfo } from '../../src/contract/domain';
import { LabError } from '../../src/contract/errors';
import type { CallKind, Calls, EventKind, Events, Progress } from '../../src/contract/protocol';
import { fakeAnswers } from './fake/answers';
import { type FakeLab, storyCorpus } from './fake/fakeLab';
import { withoutGrammar } from './fake/ownText';

const ENGINE: EngineInfo = {
  backend: 'webgpu',
  executor: 'portable',
  threads: null,
  threadsUp: null,
  fast: null,
  adapter: 'Scripted adapter',
  reason: null,
  crossOriginIsolated: true,
};

export type RecordedCall = { [K in CallKind]: { kind: K; params: Calls[K]['params'] } }[CallKind];
type Listener = (data: never) => void;

export class FakeClient implements LabClient {
  /** every call in order, failed ones too */
  readonly calls: RecordedCall[] = [];
  readonly lab: FakeLab;
  private readonly answers: ReturnType<typeof fakeAnswers>;
  private readonly listeners = new Map<EventKind, Set<Listener>>();
  private readonly crashListeners = new Set<() => void>();
  private readonly failures = new Map<CallKind, Error[]>();
  private readonly held = new Map<CallKind, Promise<void>>();
  private readonly pending = new Map<(error: Error) => void, { kind: CallKind } & Following>();
  private dead = false;

  constructor(engine: Partial<EngineInfo> = {}) {
    const emit = <K extends EventKind>(event: K, data: Events[K]) =>
      this.emit(event, this.lab.corpus.kind === 'text' ? withoutGrammar(data, this.hasOwnRater(data)) : data);
    this.lab = {
      engine: { ...ENGINE, ...engine },
      corpus: storyCorpus(),
      shelf: new Map(),
      runs: new Map(),
      shown: new Map(),
      emit,
    };
    this.answers = fakeAnswers(this.lab);
  }

  /** whether the run that these news are of has a rater of the visitor's own */
  private hasOwnRater(news: object): boolean {
    const run = 'runId' in news ? this.lab.runs.get(news.runId as string) : undefined;
    return !!run && 'rater' in run.spec && run.spec.rater?.name === 'own';
  }

  call<K extends CallKind>(
    kind: K,
    params: Calls[K]['params'],
    following: Following = {},
  ): Promise<Calls[K]['result']> {
    this.calls.push({ kind, params } as RecordedCall);
    return new Promise((resolve, reject) => {
      if (this.dead) return reject(new LabError('engine/crashed', 'The computing thread has stopped.'));
      const settle = (): boolean => this.pending.delete(reject);
      this.pending.set(reject, { kind, ...following });
      const cancelled = () => settle() && reject(new LabError('work/cancelled', 'The work ended before it was done.'));
      following.signal?.addEventListener('abort', cancelled);
      this.answer(kind, params).then(
        (result) => settle() && resolve(result),
        (error) => settle() && reject(error),
      );
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
    this.dead = true;
    this.listeners.clear();
    this.crashListeners.clear();
  }

  // what only a test can do

  /** every running run does this many steps (PPO: iterations); `runId` moves that one only */
  advance(steps = 1, runId?: string): void {
    for (const [id, run] of this.lab.runs)
      if ((runId ?? id) === id && run.state.status === 'running') run.advance(steps);
  }

  /** the next call of this kind rejects; several wait in line */
  fail(kind: CallKind, error: Error): void {
    this.failures.set(kind, [...(this.failures.get(kind) ?? []), error]);
  }

  /** calls of this kind stay pending until the returned function is called */
  hold(kind: CallKind): () => void {
    let release = () => {};
    this.held.set(kind, new Promise((resolve) => (release = resolve)));
    return () => {
      this.held.delete(kind);
      release();
    };
  }

  /** every pending call of this kind is so far */
  progress(kind: CallKind, progress: Progress): void {
    for (const call of this.pending.values()) if (call.kind === kind) call.onProgress?.(progress);
  }

  /** the run stops as one does whose loss became infinite or whose KL ran away */
  failRun(runId: string, error: LabError): void {
    this.lab.runs.get(runId)?.set({ status: 'failed', message: error.message });
    this.emit('run/failed', { runId, error: { code: error.code, message: error.message, stack: undefined } });
  }

  emit<K extends EventKind>(event: K, data: Events[K]): void {
    for (const listener of this.listeners.get(event) ?? []) (listener as (data: Events[K]) => void)(data);
  }

  /** the thread dies: pending calls and all later ones reject with engine/crashed */
  crash(): void {
    this.dead = true;
    for (const reject of this.pending.keys()) reject(new LabError('engine/crashed', 'The computing thread stopped.'));
    this.pending.clear();
    for (const listener of [...this.crashListeners]) listener();
  }

  private async answer<K extends CallKind>(kind: K, params: Calls[K]['params']): Promise<Calls[K]['result']> {
    await this.held.get(kind);
    const failure = this.failures.get(kind)?.shift();
    if (failure) throw failure;
    const tell = (progress: Progress) => this.progress(kind, progress);
    return this.answers[kind](params, { breathe: async () => {}, tell, orCancelled: (waited) => waited });
  }
}
