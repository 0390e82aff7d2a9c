/**
 * What PPO is paid, token by token. The reward model speaks once, about the finished text; the KL penalty is due at
 * every token:
 *
 *   completionMask      1      1      1      0      0        c2 is <eos>
 *   rewards          −β·kl₀ −β·kl₁ −β·kl₂    0      0
 *                                 + score                    on the last real token
 *
 * Ziegler et al. 2019, eq. 2, with the score at the end as in TRL 0.7 and OpenRLHF.
 */
import { lastTokenMask } from '../tensor/masked';
import { assertSameShape } from '../tensor/shapes';
import { tf } from '../tf';

/**
 * A text that never ends costs a penalty: score − penalty. TRL subtracts, so better unfinished texts still score
 * higher.
 * @param scores [B], @param finished [B] 1 where the completion has its <eos>
 * @returns [B], owned by the caller
 */
export function penalizeMissingEos(scores: tf.Tensor1D, finished: tf.Tensor1D, penalty: number): tf.Tensor1D {
  assertSameShape({ finished, scores });
  return tf.tidy(() => tf.sub(scores, tf.mul(tf.sub(1, finished), penalty)));
}

/** The variant of 2019: an unfinished text gets `fixedScore` whatever the reward model said. */
export function replaceMissingEos(scores: tf.Tensor1D, finished: tf.Tensor1D, fixedScore: number): tf.Tensor1D {
  assertSameShape({ finished, scores });
  return tf.tidy(() => tf.add(tf.mul(scores, finished), tf.mul(tf.sub(1, finished), fixedScore)));
}

export interface RewardInputs {
  /** [B] after the missing-<eos> penalty */
  scores: tf.Tensor1D;
  /** [B,G] nats per token, by whichever estimator */
  kl: tf.Tensor2D;
  /** [B,G] */
  completionMask: tf.Tensor2D;
  klCoef: number;
}

/**
 * reward_t = −klCoef · kl_t, plus the score at the last real token; 0 at padding.
 * @returns nonScoreRewards and rewards, both [B,G], owned by the caller
 */
export function payScores({ scores, kl, completionMask, klCoef }: RewardInputs): {
  nonScoreRewards: tf.Tensor2D;
  rewards: tf.Tensor2D;
} {
  assertSameShape({ completionMask, kl });
  return tf.tidy(() => {
    const nonScoreRewards = tf.mul(tf.mul(kl, completionMask), -klCoef) as tf.Tensor2D;
    const atEnd = tf.mul(lastTokenMask(completionMask), tf.expandDims(scores, 1)); // [B,G]
    return { nonScoreRewards, rewards: tf.add(nonScoreRewards, atEnd) as tf.Tensor2D };
  });
}
