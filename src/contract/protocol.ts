import type { ModelCalls } from './calls/models';
import type { OpinionCalls } from './calls/opinions';
import type { RunCalls, RunState } from './calls/runs';
import type { TeachingCalls } from './calls/teaching';
import type { CardTuning, CheckpointInfo, EngineInfo, RunKind } from './domain';
import type { ErrorReport } from './errors';
import type {
  AttentionMaps,
  BeforeAfter,
  BestOfResult,
  FixedSample,
  MetricPoint,
  RewardReview,
  RolloutRow,
} from './observations';

import type { RulePair } from './preferences';

export type { GivenFile } from './calls/models';
export type { RunState } from './calls/runs';

/** What the page may ask of the computing thread, by subject. The kind decides the types on both sides. */
export interface Calls extends ModelCalls, RunCalls, OpinionCalls, TeachingCalls {}

export type CallKind = keyof Calls;
/** calls whose bytes are given away: of files of hundreds of megabytes there is to be one copy */
export const GIVEN_AWAY: readonly CallKind[] = ['shelf/import', 'run/restore'];
export type Request = { [K in CallKind]: { id: number; kind: K; params: Calls[K]['params'] } }[CallKind];
/**
 * The page no longer wants the answer to a request: its handler ends with 'work/cancelled' at the next chance, and
 * nothing is changed.
 */
export interface Cancellation {
  cancel: number;
}
/** how far a piece of work is */
export interface Progress {
  done: number;
  total: number;
  /** what is being done, in a word or two */
  label: string;
}
export type Response = { id: number; ok: true; result: unknown } | { id: number; ok: false; error: ErrorReport };
/** What a handler is given beside its parameters, for work that takes its time. */
export interface Course {
  /**
   * Lets waiting messages in. Throws LabError('work/cancelled') once the page has cancelled: nothing may be changed
   * after the last one.
   */
  breathe(): Promise<void>;
  /** tells the page how far the work is */
  tell(progress: Progress): void;
  /**
   * Waits for what cannot be asked in between, a download say, and no longer than the page does. Throws as `breathe`.
   */
  orCancelled<T>(waited: Promise<T>): Promise<T>;
}
export type Handlers = { [K in CallKind]: (params: Calls[K]['params'], course: Course) => Promise<Calls[K]['result']> };

/** What the computing thread tells without being asked. Late events of a disposed run are dropped by their runId. */
export interface Events {
  'run/state': RunState;
  /** what the rule labelled for a run, once: when it is made, or comes back from where each snapshot had them */
  'run/labelled': { runId: string; labels: RulePair[] };
  'run/metrics': { runId: string; points: MetricPoint[] };
  'run/samples': { runId: string; step: number; samples: FixedSample[] };
  'run/attention': { runId: string; step: number; maps: AttentionMaps };
  'run/review': { runId: string; step: number; review: RewardReview };
  'run/rollouts': { runId: string; step: number; rows: RolloutRow[] };
  'run/beforeAfter': { runId: string; step: number; rows: BeforeAfter[] };
  /** after every prompt that is done, and when someone begins to watch */
  'run/bestOf': { runId: string; step: number; result: BestOfResult };
  /** what changes of a run, for storage: at least every 15 s while it runs, when it pauses and when it fails */
  'run/snapshot': { runId: string; kind: RunKind; step: number; bytes: Uint8Array };
  /**
   * a run made a checkpoint: its file, for storage. A result is what the run leaves, and the state in which it is done
   * comes next
   */
  'shelf/saved': { runId: string; info: CheckpointInfo; bytes: Uint8Array; isResult: boolean };
  'run/failed': { runId: string; error: ErrorReport };
  /** the engine works in another way now; with an error it had to, and runs were restored from their last snapshot */
  'engine/changed': { info: EngineInfo; error: ErrorReport | null };
  /** to be remembered, and told at the next start */
  'engine/tuned': CardTuning;
  /** kernels of a new model size are being compiled: share that is done, 1 at the end */
  'engine/compiling': { done: number };
}
export type EventKind = keyof Events;
export type Event = { [K in EventKind]: { event: K; data: Events[K] } }[EventKind];
/** A thread that helps the computing one, by a number: the page starts it with what it needs, or ends it. */
export interface HelperWish {
  helper: number;
  /** null ends it */
  post: unknown;
}
export interface HelperNews {
  helper: number;
  /** whether it is about to serve */
  isUp: boolean;
}
export type Message = Response | { id: number; progress: Progress } | Event | HelperWish;
