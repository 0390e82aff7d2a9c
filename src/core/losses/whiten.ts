/** Advantages with mean 0 and variance 1, so that the learning rate means the same whatever scale the scores have. */
import { maskedMoments } from '../tensor/masked';
import { tf } from '../tf';

/** added to the variance, so that equal values are divided by something */
const SAFE = 1e-8;

export interface WhitenOptions {
  /** false keeps the mean, as for rewards */
  shiftMean?: boolean;
  /** variance by n−1 (TRL) or n (OpenAI 2019) */
  unbiased?: boolean;
}

/**
 * (x − mean) / √(variance + 1e-8) over real tokens, plus the mean again when it is not shifted.
 * @param values, mask [B,G]
 * @returns [B,G], 0 at padding, owned by the caller; 0 for a single token and for equal values
 */
export function whiten(
  values: tf.Tensor2D,
  mask: tf.Tensor2D,
  { shiftMean = true, unbiased = true }: WhitenOptions = {},
): tf.Tensor2D {
  return tf.tidy(() => {
    const { centred, mean, variance } = maskedMoments(values, mask, unbiased);
    const whitened = tf.mul(centred, tf.rsqrt(tf.add(variance, SAFE)));
    return tf.mul(shiftMean ? whitened : tf.add(whitened, mean), mask);
  });
}

/** What `whiten` subtracts and divides by, scalars owned by the caller. */
export function whiteningOf(values: tf.Tensor2D, mask: tf.Tensor2D): { mean: tf.Scalar; spread: tf.Scalar } {
  return tf.tidy(() => {
    const { mean, variance } = maskedMoments(values, mask);
    return { mean, spread: tf.sqrt(tf.add(variance, SAFE)) };
  });
}
