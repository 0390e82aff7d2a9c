/**
 * A reward model from one choice among several, as the first papers had it; this lab's learns from all pairs of a
 * ranking.
 */
import { oneHot } from '../../../src/core/tensor/oneHot';
import { tf } from '../../../src/core/tf';

/**
 * The best of K as a classification: −log softmax(scores)[best], averaged (Ziegler et al. 2019, eq. 1 with K = 4).
 * @param scores [B,K], @param best [B] int32
 * @returns scalars owned by the caller; ln K when all tie
 */
export function bestOfLoss(scores: tf.Tensor2D, best: tf.Tensor1D): { loss: tf.Scalar; accuracy: tf.Scalar } {
  return tf.tidy(() => ({
    loss: tf.neg(
      tf.mean<tf.Scalar>(tf.sum(tf.mul(tf.logSoftmax(scores), oneHot(best, scores.shape[1])), 1)),
    ) as tf.Scalar,
    accuracy: tf.mean<tf.Scalar>(tf.cast(tf.equal(tf.argMax(scores, 1), tf.cast(best, 'int32')), 'float32')),
  }));
}
