/**
 * What one iteration of PPO learns from: completions of the policy, and for every token of them what it was paid and how much
 * better that was than expected. Who expects is the difference between the relatives of PPO:
 *
 *   gae   a critic, token by token                                  Schulman et al. 2016; Ziegler et al. 2019
 *   rloo  the mean of the other completions of the same prompt      Ahmadian et al. 2024
 *   grpo  the mean of all of them, in units of their spread         Shao et al. 2024
 */
import type { PpoConfig } from '../../contract/config';
import type { MetricValues } from '../../contract/metrics';
import { gae } from '../losses/gae';
import { groupAdvantages } from '../losses/groupAdvantages';
import { klEstimate, klPerCompletion } from '../losses/kl';
import { payScores, penalizeMissingEos, replaceMissingEos } from '../losses/rewards';
import { whiten } from '../losses/whiten';
import type { Rollout, TokenBatch } from '../model/causalNetwork';
import { tf } from '../tf';
import { exactKl, exactKlPerToken } from './measure';
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
  /** by the estimator of the configuration, nats */
  kl: tf.Tensor2D;
  /** 0 everywhere where there is no critic, as are the returns */
  values: tf.Tensor2D;
  rewards: tf.Tensor2D;
  /** before whitening */
  rawAdvantages: tf.Tensor2D;
  /** whitened over the batch, where the configuration says so */
  advantages: tf.Tensor2D;
  returns: tf.Tensor2D;
  /** [B] of the reward model, penalty for a missing <eos> included */
  scores: tf.Tensor1D;
  /** [B] 1 where the completion has its <eos> */
  finished: tf.Tensor1D;
  /** scalar share of groups that all earned the same; null where completions are not compared in groups */
  equalShare: tf.Scalar | null;
}

const inGroups = ({ advantages }: PpoConfig): boolean => advantages !== 'gae';

/** Fresh prompts: each once, or K times side by side where its completions are compared with one another. */
function drawPrompts(run: PpoRun): string[] {
  const { corpus, config } = run.inputs;
  if (!inGroups(config)) return corpus.prompts(run.stream('prompts'), config.rollouts);
  const prompts = corpus.prompts(run.stream('prompts'), Math.max(1, Math.floor(config.rollouts / config.groupSize)));
  return prompts.flatMap((prompt) => new Array<string>(config.groupSize).fill(prompt));
}

/** Step 1: completions of fresh prompts, with the log-probabilities at the temperature that sampled them. */
export function writeRollouts(run: PpoRun): { prompts: string[]; rollout: Rollout } {
  const { corpus, config } = run.inputs;
  const prompts = drawPrompts(run);
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

/** [B,G] values of the states before each token, by whichever network is the critic; 0 where there is none */
function criticValues(run: PpoRun, { batch, promptLength, completionMask }: Rollout): tf.Tensor2D {
  const critic = run.valueModel ?? (run.policy.heads.scalar ? run.policy : null);
  return critic ? tf.mul(critic.values(batch, promptLength), completionMask) : tf.zerosLike(completionMask);
}

/** [B] what a text that never ends is worth */
function settleMissingEos(raw: tf.Tensor1D, finished: tf.Tensor1D, { missingEos, missingEosPenalty }: PpoConfig): tf.Tensor1D {
  const settle = missingEos === 'replace' ? replaceMissingEos : penalizeMissingEos;
  return settle(raw, finished, missingEos === 'replace' ? -missingEosPenalty : missingEosPenalty);
}

/** [B,G] nats per token, 0 at padding */
function klOf(run: PpoRun, rollout: Rollout, refLogprobs: tf.Tensor2D): tf.Tensor2D {
  const { klEstimator, temperature } = run.inputs.config;
  const kl =
    klEstimator === 'exact'
      ? exactKlPerToken(run.policy, run.reference, rollout, temperature)
      : klEstimate(rollout.logprobs, refLogprobs, klEstimator);
  return tf.mul(kl, rollout.completionMask);
}

type Credit = Pick<Experience, 'rawAdvantages' | 'returns' | 'equalShare'>;

/**
 * Step 6: to whom the reward is due. With a critic, each token by how much better things went than expected; without one, each
 * completion as a whole by how much more it earned than its siblings.
 */
function assignCredit(
  { advantages, gamma, lam, groupSize }: PpoConfig,
  rewards: tf.Tensor2D,
  values: tf.Tensor2D,
  mask: tf.Tensor2D,
): Credit {
  if (advantages === 'gae') {
    const { advantages: rawAdvantages, returns } = gae(values, rewards, mask, gamma, lam);
    return { rawAdvantages, returns, equalShare: null };
  }
  const groups = groupAdvantages(tf.sum(rewards, 1), groupSize);
  const rawAdvantages = tf.mul(tf.expandDims(groups[advantages], 1), mask) as tf.Tensor2D; // the same for all tokens of a text
  return { rawAdvantages, returns: tf.zerosLike(rewards), equalShare: groups.equalShare };
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
    const scores = settleMissingEos(raw, finished, config);
    // 4. what the critic expected before each token
    const values = criticValues(run, rollout);
    // 5. rewards: the price of straying at every token, unless the loss asks for it, and the score at the last
    const kl = klOf(run, rollout, refLogprobs);
    const paid = payScores({ scores, kl, completionMask, klCoef: config.klPlacement === 'reward' ? klCoef : 0 }).rewards;
    const rewards = config.whitenRewards ? whiten(paid, completionMask, { shiftMean: false }) : paid;
    // 6. advantages, whitened over the batch where asked for; returns keep their scale
    const { rawAdvantages, returns, equalShare } = assignCredit(config, rewards, values, completionMask);
    const advantages = config.whitenAdvantages ? whiten(rawAdvantages, completionMask) : tf.clone(rawAdvantages);
    const tensors = { refLogprobs, finished, scores, kl, values, rewards, rawAdvantages, advantages, returns };
    return equalShare ? { ...tensors, equalShare } : tensors;
  });
  return { batch, promptLength, completionMask, logprobs, equalShare: null, ...made };
}

/** Frees what evaluateRollouts made; the rollout has its own owner. */
export function disposeExperience(experience: Experience): void {
  const { refLogprobs, finished, scores, kl, values, rewards, rawAdvantages, advantages, returns, equalShare } = experience;
  tf.dispose([refLogprobs, finished, scores, kl, values, rewards, rawAdvantages, advantages, returns, ...(equalShare ? [equalShare] : [])]);
}

const OBJECTIVE = [
  'objective/scores',
  'objective/kl',
  'objective/klExact',
  'objective/non_score_reward',
  'objective/rlhf_reward',
  'objective/entropy',
] as const;

/** What the batch says before anything is learned from it, read back at once. */
export async function objectiveMetrics(run: PpoRun, experience: Experience, klCoef: number): Promise<MetricValues> {
  const { config } = run.inputs;
  const { logprobs, refLogprobs, kl, completionMask, scores, equalShare } = experience;
  const numbers = tf.tidy(() => {
    const perCompletion = (perToken: tf.Tensor2D): tf.Scalar => tf.mean(klPerCompletion(perToken, completionMask));
    const exact =
      config.klEstimator === 'exact' ? perCompletion(kl) : tf.mean(exactKl(run.policy, run.reference, experience, config.temperature));
    const penalty = tf.mul(perCompletion(kl), -klCoef);
    const score = tf.mean(scores);
    return tf.stack([
      score,
      perCompletion(klEstimate(logprobs, refLogprobs, 'k1')),
      exact,
      penalty,
      tf.add(score, penalty),
      perCompletion(tf.neg(logprobs)),
      ...(equalShare ? [equalShare] : []),
    ]);
  });
  const values = await numbers.data();
  numbers.dispose();
  const named = [...OBJECTIVE, ...(equalShare ? (['objective/frac_reward_zero_std'] as const) : [])];
  return { ...Object.fromEntries(named.map((id, i) => [id, values[i]!])), 'objective/kl_coef': klCoef };
}
