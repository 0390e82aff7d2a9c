/** The batch that the last iteration of PPO was trained on, number by number; told when somebody asks for it. */
import type { PpoConfig } from './config';

/** A text of the batch, as the policy wrote it. */
export interface BatchRollout {
  prompt: string;
  /** those that count, <eos> included */
  tokens: string[];
  /** of the reward model, penalty for a missing <eos> included */
  score: number;
}

/** One number for each token: row-major [B,G], 0 at padding. */
export type PerToken = Float32Array;

/** What holds for a token before anything is learned from it. */
export interface TokenNumbers {
  /** log π of the policy that wrote it, at the temperature of sampling */
  logprobs: PerToken;
  refLogprobs: PerToken;
  /** KL(π ‖ π_ref) over the whole vocabulary at the state that emits the token, nats */
  exactKl: PerToken;
  /** by the estimator of the settings: what is paid for */
  kl: PerToken;
  /** as GAE saw them: whitened where the settings say so */
  rewards: PerToken;
  /** of the critic; 0 where there is none */
  values: PerToken;
  /** r_t + γ V_(t+1) − V_t; 0 where there is no critic */
  tdErrors: PerToken;
  /** before whitening */
  rawAdvantages: PerToken;
  advantages: PerToken;
  returns: PerToken;
}

/** One pass over the batch: every token as the update saw it that looked at its text. */
export interface PpoEpoch {
  newLogprobs: PerToken;
  /** π_new ÷ π_old */
  ratio: PerToken;
  /** −A · ratio, and the same with the ratio held within 1 ± ε */
  unclipped: PerToken;
  clipped: PerToken;
  /** the larger of the two */
  loss: PerToken;
  /** mean loss and length of the gradient before clipping, one of each update */
  updates: { loss: number; gradNorm: number }[];
}

export interface PpoBatch {
  kind: 'ppo';
  /** the iteration that was trained on it, from 1 */
  iteration: number;
  /** with the knobs as they stood in that iteration */
  config: PpoConfig;
  rollouts: BatchRollout[];
  /** G, the columns of every table */
  length: number;
  tokens: TokenNumbers;
  /** what the advantages were whitened with: √(variance + 1e-8) is the spread; null where they were not */
  whitening: { mean: number; spread: number } | null;
  /** share of groups whose returns are all equal; null where completions are not compared in groups */
  equalShare: number | null;
  /** what an adaptive β becomes, and the mean KL that moves it, nats per completion; null where β is fixed */
  adapted: { kl: number; next: number } | null;
  epochs: PpoEpoch[];
}
