/**
 * What one iteration of PPO learns from: completions of the policy, and for every token of them what it was paid and how much
 * better that was than the critic expected.
 */
import type { MetricValues } from '../../contract/metrics';
import { gae } from '../losses/gae';
import { klEstimate, klPerCompletion } from '../losses/kl';
import { assembleRewards, penalizeMissingEos } from '../losses/rewards';
import { whiten } from '../losses/whiten';
import type { Rollout, TokenBatch } from '../model/causalNetwork';
import { tf } from '../tf';
import { exactKl } from './measure';
import type { PpoRun } from './ppoRun';
import { disposeBatch, encodePrompts } from './texts';

/** Owned by the iteration that made it. [B,G] unless said otherwise; 0 at padding. */
export interface Experience {
  batch: TokenBatch;
  /** P */
  promptLength: number;
  completionMask: tf.Tensor2D;
  /** of the policy that sampled */
  logprobs: tf.Tensor2D;
  refLogprobs: tf.Tensor2D;
  values: tf.Tensor2D;
  rewards: tf.Tensor2D;
  /** before whitening */
  rawAdvantages: tf.Tensor2D;
  /** whitened over the batch */
  advantages: tf.Tensor2D;
  returns: tf.Tensor2D;
  /** [B] of the reward model, penalty for a missing <eos> included */
  scores: tf.Tensor1D;
  /** [B] 1 where the completion has its <eos> */
  finished: tf.Tensor1D;
}

/** Step 1: completions of fresh prompts, with the log-probabilities at the temperature that sampled them. */
export function writeRollouts(run: PpoRun): { prompts: string[]; rollout: Rollout } {
  const { corpus, config } = run.inputs;
  const prompts = corpus.prompts(run.stream('prompts'), config.rollouts);
  const encoded = encodePrompts(corpus, prompts);
  const { eosId, padId } = corpus.tokenizer;
  const sampling = { temperature: config.temperature, topK: 0, topP: 1 }; // a filter would make the recorded log-probabilities wrong
  const completionLength = Math.min(config.completionLength, corpus.completionLength);
  const rollout = run.policy.generate(encoded, { sampling, completionLength, eosId, padId }, run.stream('samples'));
  disposeBatch(encoded);
  return { prompts, rollout };
}

export function disposeRollout({ batch, completionMask, logprobs }: Rollout): void {
  disposeBatch(batch);
  tf.dispose([completionMask, logprobs]);
}

/** [B] 1 where a counted token is <eos>; everywhere where texts have no end of their own */
function finishedOf({ batch, promptLength, completionMask }: Rollout, eosId: number | null): tf.Tensor1D {
  const [rows, length] = completionMask.shape;
  if (eosId === null) return tf.ones([rows]);
  const completion = tf.slice(batch.tokens, [0, promptLength], [rows, length]);
  return tf.max(tf.mul(tf.cast(tf.equal(completion, eosId), 'float32'), completionMask), 1);
}

/** [B,G] values of the states before each token, by whichever network is the critic */
export function criticValues(run: PpoRun, batch: TokenBatch, promptLength: number): tf.Tensor2D {
  return (run.valueModel ?? run.policy).values(batch, promptLength);
}

/**
 * Steps 2 to 6: reference log-probabilities, scores, values, rewards, advantages.
 * @param klCoef as it stood when the iteration began
 * @returns tensors owned by the caller; the rollout stays the caller's, its tensors are referred to
 */
export function evaluateRollouts(run: PpoRun, rollout: Rollout, klCoef: number): Experience {
  const { config, corpus, pooling } = run.inputs;
  const { batch, promptLength, completionMask, logprobs } = rollout;
  const made = tf.tidy(() => {
    // 2. how likely the reference finds the same tokens, at the same temperature and under the same mask
    const refLogprobs = tf.mul(run.reference.logprobs(batch, promptLength, config.temperature).logprobs, completionMask) as tf.Tensor2D;
    // 3. one score per completion; a text that never ends pays
    const finished = finishedOf(rollout, corpus.tokenizer.eosId);
    const raw = run.rewardModel.scores(batch, promptLength, completionMask, pooling); // [B]
    const scores = penalizeMissingEos(raw, finished, config.missingEosPenalty);
    // 4. what the critic expected before each token
    const values = tf.mul(criticValues(run, batch, promptLength), completionMask) as tf.Tensor2D;
    // 5. rewards: the price of straying at every token, the score at the last
    const inputs = { scores, logprobs, refLogprobs, completionMask, klCoef, estimator: config.klEstimator };
    const assembled = assembleRewards(inputs).rewards;
    const rewards = config.whitenRewards ? whiten(assembled, completionMask, { shiftMean: false }) : assembled;
    // 6. advantages, whitened over the batch; returns keep their scale
    const { advantages: rawAdvantages, returns } = gae(values, rewards, completionMask, config.gamma, config.lam);
    const advantages = whiten(rawAdvantages, completionMask);
    return { refLogprobs, finished, scores, values, rewards, rawAdvantages, advantages, returns };
  });
  return { batch, promptLength, completionMask, logprobs, ...made };
}

/** Frees what evaluateRollouts made; the rollout has its own owner. */
export function disposeExperience(experience: Experience): void {
  const { refLogprobs, finished, scores, values, rewards, rawAdvantages, advantages, returns } = experience;
  tf.dispose([refLogprobs, finished, scores, values, rewards, rawAdvantages, advantages, returns]);
}

const OBJECTIVE = [
  'objective/scores',
  'objective/kl',
  'objective/klExact',
  'objective/non_score_reward',
  'objective/rlhf_reward',
  'objective/entropy',
  'val/num_eos_tokens',
  'completion/length',
] as const;

/** What the batch says before anything is learned from it, read back at once. */
export async function objectiveMetrics(run: PpoRun, experience: Experience, klCoef: number): Promise<MetricValues> {
  const { config } = run.inputs;
  const { logprobs, refLogprobs, completionMask, scores, finished } = experience;
  const numbers = tf.tidy(() => {
    const perCompletion = (perToken: tf.Tensor2D): tf.Scalar => tf.mean(klPerCompletion(perToken, completionMask));
    const exact = tf.mean(exactKl(run.policy, run.reference, experience, config.temperature));
    const penalty = tf.mul(perCompletion(klEstimate(logprobs, refLogprobs, config.klEstimator)), -klCoef);
    const score = tf.mean(scores);
    return tf.stack([
      score,
      perCompletion(klEstimate(logprobs, refLogprobs, 'k1')),
      exact,
      penalty,
      tf.add(score, penalty),
      perCompletion(tf.neg(logprobs)),
      tf.mean(finished),
      tf.mean(tf.sum(completionMask, 1)),
    ]);
  });
  const values = await numbers.data();
  numbers.dispose();
  return { ...Object.fromEntries(OBJECTIVE.map((id, i) => [id, values[i]!])), 'objective/kl_coef': klCoef };
}
