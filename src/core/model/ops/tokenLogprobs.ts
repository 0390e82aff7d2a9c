/**
 * What training reads off the logits: the log-probability of the token that came and the entropy of the distribution,
 * each with its own gradient.
 *
 *   log Σ exp x = max x − log(max softmax x)      exact: the largest entry of the softmax is 1 / Σ exp(x − max x)
 *
 * so no exponential or logarithm is taken outside the fused softmax, except one per row.
 */
import { oneHot } from '../../tensor/oneHot';
import { tf } from '../../tf';
import { softmaxRows } from './attention';

/** Computed once, read by both operations below. */
interface Distribution {
  temperature: number;
  /** logits / temperature, [N,V] */
  scaled: tf.Tensor2D;
  /** [N,V] */
  probabilities: tf.Tensor2D;
  /** [N,1] */
  logSumExp: tf.Tensor2D;
}

function distributionOf(logits: tf.Tensor2D, temperature: number): Distribution {
  const scaled = temperature === 1 ? logits : tf.div<tf.Tensor2D>(logits, temperature);
  const probabilities = softmaxRows(scaled);
  const logSumExp = tf.sub<tf.Tensor2D>(tf.max(scaled, 1, true), tf.log(tf.max(probabilities, 1, true)));
  return { temperature, scaled, probabilities, logSumExp };
}

/** per row of dy, divided by the temperature, ready to spread over the vocabulary; [N,1] */
const perRow = (dy: tf.Tensor, temperature: number): tf.Tensor => tf.reshape(tf.div(dy, temperature), [-1, 1]);

/**
 * log π(token) = x_token − log Σ exp x,   x = logits / temperature
 *   d/dx_v = [v = token] − π(v)
 */
function logprobsOf(
  logits: tf.Tensor2D,
  tokens: tf.Tensor1D,
  { temperature, scaled, probabilities, logSumExp }: Distribution,
) {
  const op = tf.customGrad((_logits, save) => {
    const chosen = oneHot(tokens, logits.shape[1]);
    (save as tf.GradSaveFunc)([probabilities, chosen]);
    const value = tf.sub(tf.sum(tf.mul(scaled, chosen), 1), tf.squeeze(logSumExp, [1]));
    const gradFunc = (dy: tf.Tensor, [pi, one]: tf.Tensor[]): tf.Tensor =>
      tf.mul(tf.sub(one as tf.Tensor, pi as tf.Tensor), perRow(dy, temperature));
    return { value, gradFunc };
  });
  return op(logits) as tf.Tensor1D;
}

/**
 * H = −Σ π(v) log π(v),   dH/dx_v = −π(v)·(log π(v) + H). Through log π: sums of logits themselves would cancel when
 * they are large
 */
function entropyOf(logits: tf.Tensor2D, { temperature, scaled, probabilities, logSumExp }: Distribution) {
  const op = tf.customGrad((_logits, save) => {
    const logProbabilities = tf.sub(scaled, logSumExp);
    const value = tf.neg(tf.sum(tf.mul(probabilities, logProbabilities), 1, true)); // [N,1]
    (save as tf.GradSaveFunc)([probabilities, logProbabilities, value]);
    const gradFunc = (dy: tf.Tensor, [pi, logPi, h]: tf.Tensor[]): tf.Tensor =>
      tf.mul(tf.mul(pi as tf.Tensor, tf.add(logPi as tf.Tensor, h as tf.Tensor)), perRow(dy, -temperature));
    return { value: tf.squeeze(value, [1]), gradFunc };
  });
  return op(logits) as tf.Tensor1D;
}

/**
 * @param logits [N,V]
 * @param tokens [N] int32
 * @returns both [N], nats, owned by the caller; differentiable
 */
export function tokenLogprobs(
  logits: tf.Tensor2D,
  tokens: tf.Tensor1D,
  temperature: number,
): { logprobs: tf.Tensor1D; entropy: tf.Tensor1D } {
  return tf.tidy(() => {
    const distribution = distributionOf(logits, temperature);
    return { logprobs: logprobsOf(logits, tokens, distribution), entropy: entropyOf(logits, distribution) };
  });
}
