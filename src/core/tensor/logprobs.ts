/**
 * From logits to the two numbers that everything here is made of: how likely the model found the token that came, and how many
 * tokens it considered. Both are read off one log-softmax, which subtracts the maximum first, so logits of ±1000 are harmless.
 */
import { tf } from '../tf';
import { oneHot } from './oneHot';
import { assertLeadingShape } from './shapes';

/**
 * log π(v) = logits/temperature − log Σ exp(logits/temperature), natural logarithm.
 * @param logits [...,V]
 * @returns [...,V], owned by the caller; differentiable
 */
export function logSoftmaxAt<T extends tf.Tensor>(logits: T, temperature: number): T {
  return tf.tidy(() => tf.logSoftmax(temperature === 1 ? logits : (tf.div(logits, temperature) as T)));
}

/**
 * Log-probability of the given tokens.
 * @param logSoftmax [...,V] log-probabilities
 * @param tokens [...] int32
 * @returns [...], owned by the caller; a one-hot product instead of a gather, because its gradient exists on every backend
 */
export function gatherLogprobs(logSoftmax: tf.Tensor, tokens: tf.Tensor): tf.Tensor {
  assertLeadingShape({ tokens }, { logSoftmax });
  return tf.tidy(() => {
    const vocabSize = logSoftmax.shape[logSoftmax.shape.length - 1]!;
    return tf.sum(tf.mul(logSoftmax, oneHot(tokens, vocabSize)), -1);
  });
}

/** H = −Σ_v π(v) log π(v), nats, from log-probabilities [...,V]; [...] */
export function entropyOf(logSoftmax: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.neg(tf.sum(tf.mul(tf.exp(logSoftmax), logSoftmax), -1)));
}

/**
 * @param logits [B,T,V], @param tokens [B,T] the token each position predicts
 * @returns logprobs and entropy at this temperature, both [B,T], owned by the caller; differentiable
 */
export function logprobsAndEntropy(
  logits: tf.Tensor3D,
  tokens: tf.Tensor2D,
  temperature = 1,
): { logprobs: tf.Tensor2D; entropy: tf.Tensor2D } {
  return tf.tidy(() => {
    const logSoftmax = logSoftmaxAt(logits, temperature);
    return { logprobs: gatherLogprobs(logSoftmax, tokens) as tf.Tensor2D, entropy: entropyOf(logSoftmax) as tf.Tensor2D };
  });
}

/**
 * log σ(x) = −log(1 + e^(−x)), finite for any x. tf.logSigmoid is not used: its gradient reads its argument without saving it, so
 * inside a tidy it reads a tensor that is gone.
 */
export const logSigmoid = <T extends tf.Tensor>(x: T): T => tf.tidy(() => tf.neg(tf.softplus(tf.neg(x))));
