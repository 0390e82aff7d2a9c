import type { DpoConfig, LiveKnobs, PpoConfig, RewardConfig, SamplingConfig } from '../../contract/config';
import type { ErrorReport } from '../../contract/errors';
import type { BeforeAfter, MetricPoint } from '../../contract/observations';
import type { Rater } from '../../contract/preferences';

/**
 * A lesson is two runs of one seed side by side, with votes and reward models of their own. Nothing of it touches what
 * the visitor made: its runs belong to no stage, its models never reach the shelf, and both are given back when it
 * ends.
 */

/** What one of the two runs is made from. */
export interface LessonArmPlan {
  /** simulated votes that it learns from: the first ones of the same draw for both runs */
  votes: number;
  /** how its reward model learns from them; null where none is needed */
  reward: RewardConfig | null;
  method: { kind: 'ppo'; config: PpoConfig } | { kind: 'dpo'; config: DpoConfig };
}
/** Goes on from the healthy run after so many steps, with these knobs turned: until then both are the same run. */
export interface LessonFork {
  forkAt: number;
  knobs: LiveKnobs;
}
export interface LessonPlan {
  lessonId: string;
  seed: number;
  rater: Rater;
  /** share of the simulated votes that are flipped, 0–0.5 */
  noise: number;
  /** how the pairs are written that the rater chooses between */
  sampling: SamplingConfig;
  healthy: LessonArmPlan;
  broken: LessonArmPlan | LessonFork;
}
export type ArmName = 'healthy' | 'broken';

/** What came of one of the two runs. */
export interface LessonArm {
  totalSteps: number;
  /** steps of the run so far, with the numbers that lessons speak of */
  history: MetricPoint[];
  /** the newest texts for the fixed prompts, beside the reference's */
  rows: BeforeAfter[];
  /** share of held-out votes that its reward model sides with; null where there is none */
  accuracy: number | null;
  /** how many votes were held out for that; absent in lessons stored before this was kept */
  heldOutPairs?: number;
}

/** One thing that has to be done for a lesson, and how far it is. */
export interface LessonTask {
  label: string;
  done: number;
  total: number;
}

export interface LessonRecord {
  lessonId: string;
  seed: number;
  /** id of the answer that the visitor gave before anything ran */
  answer: string;
  /** name of the model that both runs begin from; empty until it is there */
  base: string;
  /** cut: it was left, or the page was closed, before the end */
  status: 'running' | 'done' | 'failed' | 'cut';
  arms: Record<ArmName, LessonArm>;
  /** step after which the broken run went its own way; null: from the start */
  forkAt: number | null;
}

export interface LessonSlice {
  /** the one under way, or that failed a moment ago */
  live: LessonRecord | null;
  tasks: LessonTask[];
  /** pausing: the step in hand is being finished */
  halted: 'no' | 'pausing' | 'yes';
  error: ErrorReport | null;
  /** the last end of each lesson; survives a reload */
  records: Record<string, LessonRecord>;
  /** prepares and trains everything; one lesson at a time. Never rejects */
  start(plan: LessonPlan, answer: string): Promise<void>;
  /** what came of these lessons is not remembered any more */
  forgetRecords(lessonIds: readonly string[]): void;
  pause(): Promise<void>;
  resume(): void;
  /** gives everything back and forgets that it was begun; resolves when the thread is free of it */
  cancel(): Promise<void>;
  /** gives everything back and remembers that it was cut short; resolves when the thread is free of it */
  leave(): Promise<void>;
}

/** what the names of the runs of lessons and sweeps begin with */
export const LESSON_RUN = 'lesson';
export const isOfLesson = (runId: string): boolean => runId.startsWith(`${LESSON_RUN}-`);
