/** What a recorded rollout is, whichever way it is written. */
import type { Plan, Slot } from '../../kernels/plan/player';

export interface WritingShape {
  batch: number;
  promptLength: number;
  completionLength: number;
}

/** One run of a section of the plan, with one set of step numbers. */
export interface Turn {
  section: string;
  set: number;
}

export interface WritingPlan {
  plan: Plan;
  /** in their order; those of one inner list go to the card together */
  submits: Turn[][];
  /** `step.column` of every set of step numbers */
  columns: number[];
  /** [B,P], null where only `tokens` are read */
  prompt: Slot | null;
  /** [B,P+G] */
  tokens: Slot;
  leftPad: Slot;
  /** [B] 1 while the row goes on */
  alive: Slot;
  /** [B,G] */
  mask: Slot;
  /** [B,G] as sampled, without filters */
  logprobs: Slot;
}
