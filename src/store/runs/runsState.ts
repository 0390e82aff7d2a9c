import type { LiveKnobs } from '../../contract/config';
import type { RunKind, RunSpec } from '../../contract/domain';
import type { ErrorReport } from '../../contract/errors';
import type {
  AttentionMaps,
  BeforeAfter,
  BestOfResult,
  MetricPoint,
  RewardReview,
  RolloutRow,
} from '../../contract/observations';
import type { RulePair } from '../../contract/preferences';
import type { RunState } from '../../contract/protocol';
import type { LiveChange } from './liveChanges';

/** A dashed line in the charts: something changed here. */
export interface Mark {
  step: number;
  label: string;
}
export interface SamplesAt {
  step: number;
  samples: { prompt: string; completion: string }[];
}
export interface RunView {
  runId: string | null;
  /** what the run was made from; null before the first Train */
  spec: RunSpec | null;
  /** pairs that the rule labelled for it, beside what people said */
  labels: readonly RulePair[];
  /** what it was made from, for `stageStatus` */
  madeFrom: string | null;
  state: RunState | null;
  /** waiting for the thread; buttons that would race it are disabled */
  busy: 'creating' | 'restoring' | 'pausing' | 'stepping' | 'resetting' | 'keeping' | null;
  /** every point since step 0, never thinned */
  history: MetricPoint[];
  marks: Mark[];
  /** what was changed while it went on, in order of steps */
  live: LiveChange[];
  /** the fixed prompts completed as the model learned, by step */
  samples: SamplesAt[];
  attention: { step: number; maps: AttentionMaps } | null;
  rollouts: { step: number; rows: RolloutRow[] } | null;
  review: { step: number; review: RewardReview } | null;
  beforeAfter: { step: number; rows: BeforeAfter[] } | null;
  /** best of N only: every N, and the samples it was read off */
  bestOf: { step: number; result: BestOfResult } | null;
  error: ErrorReport | null;
  /** milliseconds since 1970; null: not stored yet */
  savedAt: number | null;
}
/**
 * Why a press did nothing. It is judged when it acts, since what was brought back while it waited may have changed what
 * it is about. 'ask': it would throw a finished run away that was not there when it was pressed. 'ignored': its run is
 * gone, or the thread is busy.
 */
export type Refusal = 'ask' | 'ignored';
export type RunsSlice = Record<RunKind, RunView> & {
  /** prompt that Pretrain completes at regular steps */
  fixedPrompt: string;
  /** builds the run when there is none, or when the last one is over; then lets it run */
  play(kind: RunKind): Promise<Refusal | undefined>;
  pause(kind: RunKind): Promise<Refusal | undefined>;
  /** one step; for PPO one phase */
  step(kind: RunKind): Promise<Refusal | undefined>;
  /** back to step 0 with the current configuration; the checkpoints it made stay on the shelf */
  reset(kind: RunKind): Promise<Refusal | undefined>;
  /** back to the newest stored snapshot, paused, e.g. after a number became infinite */
  goBack(kind: RunKind): Promise<Refusal | undefined>;
  /** "use this model now": puts the model as it stands on the shelf and into its slot; the run can go on */
  keep(kind: RunKind): Promise<Refusal | undefined>;
  /**
   * changes the configuration and, when such a run exists, the run itself; marks the charts. Fine-tuning has the
   * learning rate alone
   */
  adjust(knobs: LiveKnobs, kind?: 'ppo' | 'finetune'): Promise<void>;
  /**
   * The attention of a model at rest, on the fixed prompt: of what was brought back, or trained while nobody looked.
   * @returns whether there is a model to read it from
   */
  readAttention(): Promise<boolean>;
  /** whether attention maps should be sent while it trains: on while someone looks at them */
  watch(kind: RunKind, attention: boolean): void;
  setFixedPrompt(prompt: string): void;
  /** saves every point as a CSV file */
  exportCsv(kind: RunKind): Promise<void>;
};
