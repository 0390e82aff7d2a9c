/** What the newest step of a method was trained on, number by number; told when somebody asks for it. */
import type { DpoConfig } from './config';
import type { PpoBatch } from './ppoBatch';

/** one number for either side of a pair */
export interface BothSides {
  chosen: number;
  rejected: number;
}

export interface DpoPairNumbers {
  prompt: string;
  chosen: string;
  rejected: string;
  /** log π and log π_ref, summed over the completion */
  policy: BothSides;
  reference: BothSides;
  /** tokens, <eos> included */
  lengths: BothSides;
  loss: number;
}
export interface DpoBatch {
  kind: 'dpo';
  /** steps taken with this one */
  step: number;
  config: DpoConfig;
  pairs: DpoPairNumbers[];
}

/** A vote or a ranking as the reward model was trained on it. */
export interface ComparisonNumbers {
  prompt: string;
  /** best first */
  completions: string[];
  ranks: number[];
  /** units of strength below the best, times the margin of the settings */
  depths: number[];
  scores: number[];
}
export interface RewardBatch {
  kind: 'reward';
  step: number;
  comparisons: ComparisonNumbers[];
  loss: number;
}

export interface FineTuneBatch {
  kind: 'finetune';
  step: number;
  /** with log π of each token that counts */
  texts: { prompt: string; tokens: string[]; logprobs: number[] }[];
  loss: number;
}

export type StepBatch = DpoBatch | RewardBatch | FineTuneBatch;
export type RunBatch = PpoBatch | StepBatch;
