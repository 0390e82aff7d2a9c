/**
 * Sums and means over real tokens only. A mean divides by the mask's sum, never by the width of the padded rectangle,
 * so padding a batch further changes no number. With nothing to average the result is 0, not NaN.
 */
import { tf } from '../tf';
import { assertSameShape } from './shapes';

/** @returns Σ mask·values over `axis` (all when left out), owned by the caller */
export function maskedSum<R extends tf.Tensor = tf.Scalar>(values: tf.Tensor, mask: tf.Tensor, axis?: number): R {
  assertSameShape({ values, mask });
  return tf.tidy(() => tf.sum(tf.mul(values, mask), axis) as R);
}

/** @returns Σ mask·values / Σ mask; 0 where the mask is empty */
export function maskedMean<R extends tf.Tensor = tf.Scalar>(values: tf.Tensor, mask: tf.Tensor, axis?: number): R {
  return tf.tidy(() => tf.div(maskedSum(values, mask, axis), tf.maximum(tf.sum(mask, axis), 1)) as R);
}

/** @returns [B,G] 1 at the last real token of each row; a row without any has none */
export function lastTokenMask(mask: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const order = tf.mul(mask, tf.range(1, mask.shape[1] + 1)); // from 1 where real, 0 elsewhere
    const last = tf.maximum(tf.max(order, 1, true), 1);
    return tf.cast(tf.equal(order, last), 'float32');
  });
}

/** Values as distances from their largest: exact zeros when all are equal, so a variance of 0 stays 0 in float32. */
function belowMaximum(values: tf.Tensor, mask: tf.Tensor): { distances: tf.Tensor; maximum: tf.Scalar } {
  const low = tf.mul(tf.sub(1, mask), -1e30); // never chosen where anything is real
  const maximum = tf.maximum(tf.max<tf.Scalar>(tf.add(tf.mul(values, mask), low)), -1e29) as tf.Scalar;
  return { distances: tf.mul(tf.sub(values, maximum), mask), maximum };
}

export interface Moments {
  /** 0 at padding */
  centred: tf.Tensor;
  mean: tf.Scalar;
  variance: tf.Scalar;
}

/**
 * Mean and variance over real tokens.
 * @param unbiased divide by n−1 (TRL) instead of n (OpenAI 2019)
 * @returns variance 0 for an empty mask, a single token or equal values
 */
export function maskedMoments(values: tf.Tensor, mask: tf.Tensor, unbiased = true): Moments {
  assertSameShape({ values, mask });
  return tf.tidy(() => {
    const { distances, maximum } = belowMaximum(values, mask);
    const shift = maskedMean(distances, mask);
    const centred = tf.mul(tf.sub(distances, shift), mask);
    const count = tf.sum(mask);
    const variance = tf.div(
      tf.sum(tf.square(centred)),
      tf.maximum(unbiased ? tf.sub(count, 1) : count, 1),
    ) as tf.Scalar;
    const mean = tf.mul(tf.add(maximum, shift), tf.minimum(count, 1)) as tf.Scalar;
    return { centred, mean, variance };
  });
}
