/** Logarithms of probabilities, without overflow. */
import { tf } from '../tf';

/**
 * log π(v) = logits/temperature − log Σ exp(logits/temperature), natural logarithm.
 * @param logits [...,V]
 * @returns [...,V], owned by the caller; differentiable
 */
export function logSoftmaxAt<T extends tf.Tensor>(logits: T, temperature: number): T {
  return tf.tidy(() => tf.logSoftmax(temperature === 1 ? logits : (tf.div(logits, temperature) as T)));
}

/**
 * log σ(x) = −log(1 + e^(−x)), finite for any x. tf.logSigmoid is not used: its gradient reads its argument without
 * saving it, so inside a tidy it reads a tensor that is gone.
 */
export const logSigmoid = <T extends tf.Tensor>(x: T): T => tf.tidy(() => tf.neg(tf.softplus(tf.neg(x))));
