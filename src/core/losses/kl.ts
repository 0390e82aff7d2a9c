/**
 * How far the policy has moved from the reference. The exact divergence sums over the whole vocabulary; from the
 * sampled token alone it can only be estimated, and each estimator has its price (Schulman 2020, "Approximating KL
 * divergence"):
 *
 *   with d = log π(a) − log π_ref(a), a sampled from π
 *   k1 = d               unbiased, may be negative, noisy
 *   k2 = d²/2            never negative, little noise, biased
 *   k3 = e^(−d) − 1 + d  never negative, unbiased
 */
import type { SampledKlEstimator } from '../../contract/config';
import { maskedSum } from '../tensor/masked';
import { assertSameShape } from '../tensor/shapes';
import { tf } from '../tf';

/** e^89 is infinite in float32; this leaves room to sum forty such tokens. */
export const MAX_EXPONENT = 85;

/** exp that stays finite. */
export const boundedExp = <T extends tf.Tensor>(x: T): T => tf.tidy(() => tf.exp(tf.minimum(x, MAX_EXPONENT)) as T);

/** below this e^(−d) − 1 + d would be the small difference of large numbers: float32 made it negative at 1e-6 */
const NEAR = 0.1;

/** e^(−d) − 1 + d, never below 0: near 0 by its power series, d²/2 − d³/6 + d⁴/24 − d⁵/120 */
function k3Of(d: tf.Tensor2D): tf.Tensor2D {
  const near = tf.clipByValue(d, -NEAR, NEAR);
  const bracket = tf.sub(1 / 2, tf.mul(near, tf.sub(1 / 6, tf.mul(near, tf.sub(1 / 24, tf.div(near, 120))))));
  const series = tf.mul(tf.square(near), bracket);
  const plain = tf.add(tf.sub(boundedExp(tf.neg(d)), 1), d);
  const isFar = tf.step(tf.sub(tf.abs(d), NEAR)); // a comparison would have no gradient
  return tf.add(tf.mul(series, tf.sub(1, isFar)), tf.mul(plain, isFar));
}

/**
 * Estimate per token, in nats.
 * @param logprobs, refLogprobs [B,G] of the sampled tokens
 * @returns [B,G], owned by the caller; padding is not masked here
 */
export function klEstimate(
  logprobs: tf.Tensor2D,
  refLogprobs: tf.Tensor2D,
  estimator: SampledKlEstimator,
): tf.Tensor2D {
  assertSameShape({ refLogprobs, logprobs });
  return tf.tidy(() => {
    const kl = tf.sub(logprobs, refLogprobs) as tf.Tensor2D; // [B,G]
    if (estimator === 'k1') return kl;
    if (estimator === 'k2') return tf.mul(tf.square(kl), 0.5);
    return k3Of(kl);
  });
}

/**
 * The estimator averaged over every token the policy could have sampled, Σ_v π(v) · k(v). For k1 and k3 that is the
 * divergence itself: KL(π ‖ π_ref) = Σ_v π(v) (log π(v) − log π_ref(v)).
 * @param logSoftmax, refLogSoftmax [B,G,V] log-probabilities of both
 * @returns [B,G], owned by the caller; differentiable
 */
export function expectedKl(
  logSoftmax: tf.Tensor3D,
  refLogSoftmax: tf.Tensor3D,
  estimator: SampledKlEstimator = 'k1',
): tf.Tensor2D {
  assertSameShape({ refLogSoftmax, logSoftmax });
  return tf.tidy(() => {
    const probabilities = tf.exp(logSoftmax);
    const kl = tf.sub(logSoftmax, refLogSoftmax); // [B,G,V]
    if (estimator === 'k1') return tf.sum(tf.mul(probabilities, kl), -1);
    if (estimator === 'k2') return tf.sum(tf.mul(probabilities, tf.mul(tf.square(kl), 0.5)), -1);
    // π·e^(−d) is π_ref: written so, nothing can overflow
    return tf.sum(tf.add(tf.sub(tf.exp(refLogSoftmax), probabilities), tf.mul(probabilities, kl)), -1);
  });
}

/** @returns [B] nats per completion, Σ_t mask·kl */
export function klPerCompletion(kl: tf.Tensor2D, completionMask: tf.Tensor2D): tf.Tensor1D {
  return maskedSum<tf.Tensor1D>(kl, completionMask, 1);
}
