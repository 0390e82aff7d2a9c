/** What pre-training minimises: how surprised the model is by the next token. */
import { maskedMean } from '../tensor/masked';
import { tf } from '../tf';

/**
 * L = −mean log π(token), nats per token, over real tokens.
 * @param logprobs [B,T] of the tokens that came
 * @param mask     [B,T] 1 where a token is a target
 * @returns scalar owned by the caller; ln V for a model that knows nothing
 */
export function crossEntropy(logprobs: tf.Tensor2D, mask: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => tf.neg(maskedMean(logprobs, mask)));
}
