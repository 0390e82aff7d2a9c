/** A run that was made once, to be played again: on a phone that is too slow, or in a talk without time. */
import type { LabConfig } from './config';
import type { RunKind, RunSpec } from './domain';
import type { BeforeAfter, FixedSample, MetricPoint, RewardReview, RolloutRow } from './observations';

export const RECORDING_FORMAT = 1;
/** that ship with the page, in the order in which a talk needs them */
export const RECORDINGS = ['pretrain', 'ppo', 'dpo'] as const;
export type RecordingId = (typeof RECORDINGS)[number];

/** What a recording says of itself. */
export interface RecordingAbout {
  format: typeof RECORDING_FORMAT;
  title: string;
  /** in a sentence: what was trained on what */
  text: string;
  /** milliseconds since 1970 */
  madeAt: number;
  tracks: number;
}

/** What a run showed beside its numbers, from this step on. */
export type RecordedLook =
  | { step: number; what: 'samples'; value: FixedSample[] }
  | { step: number; what: 'rollouts'; value: RolloutRow[] }
  | { step: number; what: 'review'; value: RewardReview }
  | { step: number; what: 'beforeAfter'; value: BeforeAfter[] };

/** One run of a recording. */
export interface RecordedTrack {
  kind: RunKind;
  spec: RunSpec;
  totalSteps: number;
  /** of the numbers, as `hashOfNumbers` has it */
  hash: string;
  points: MetricPoint[];
  looks: RecordedLook[];
  /** steps whose numbers were damaged and are left out; absent where all are here */
  lost?: readonly StepRange[];
}

/** the first and the last step of what is left out */
export type StepRange = readonly [first: number, last: number];

/** What a recording is made from: settings that are not the preset's own. */
export interface RecordingPlan extends Pick<RecordingAbout, 'title' | 'text'> {
  config: LabConfig;
  kinds: readonly ('pretrain' | 'reward' | 'ppo' | 'dpo')[];
  /** simulated; 0 where nothing learns from votes */
  votes: number;
}
