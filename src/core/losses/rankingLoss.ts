/** Preferences over more than two completions of one prompt. */

import { gatherLogprobs, logSigmoid } from '../tensor/logprobs';
import { assertSameShape } from '../tensor/shapes';
import { tf } from '../tf';

/** [B,K,K] 1 where the row's completion is ranked strictly better than the column's. */
function betterThan(ranks: tf.Tensor2D): tf.Tensor3D {
  return tf.cast(tf.less(tf.expandDims(ranks, 2), tf.expandDims(ranks, 1)), 'float32') as tf.Tensor3D;
}

/**
 * All pairs of a ranking at once. The pairs of a prompt are averaged first, then the prompts: they are correlated, and spread
 * over batches the model overfits in one epoch (Ouyang et al. 2022, eq. 1). Equal ranks make no pair.
 * @param scores [B,K], @param ranks [B,K] lower is better
 * @returns scalars loss and accuracy and pairs [B], owned by the caller; a prompt without pairs is left out, 0 when all are
 */
export function rankingLoss(scores: tf.Tensor2D, ranks: tf.Tensor2D): { loss: tf.Scalar; accuracy: tf.Scalar; pairs: tf.Tensor1D } {
  assertSameShape({ ranks, scores });
  return tf.tidy(() => {
    const better = betterThan(ranks); // [B,K,K]
    const margins = tf.sub(tf.expandDims(scores, 2), tf.expandDims(scores, 1)); // [B,K,K] row − column
    const pairs = tf.sum<tf.Tensor1D>(better, [1, 2]); // [B]
    const losses = tf.div(tf.sum(tf.mul(tf.neg(logSigmoid(margins)), better), [1, 2]), tf.maximum(pairs, 1)); // [B]
    const prompts = tf.maximum(tf.sum(tf.minimum(pairs, 1)), 1);
    const right = tf.mul(tf.cast(tf.greater(margins, 0), 'float32'), better);
    return {
      loss: tf.div(tf.sum(losses), prompts) as tf.Scalar,
      accuracy: tf.div(tf.sum(right), tf.maximum(tf.sum(pairs), 1)) as tf.Scalar,
      pairs,
    };
  });
}

/**
 * The best of K as a classification: −log softmax(scores)[best], averaged (Ziegler et al. 2019, eq. 1 with K = 4).
 * @param scores [B,K], @param best [B] int32
 * @returns scalars owned by the caller; ln K when all tie
 */
export function bestOfLoss(scores: tf.Tensor2D, best: tf.Tensor1D): { loss: tf.Scalar; accuracy: tf.Scalar } {
  return tf.tidy(() => ({
    loss: tf.neg(tf.mean<tf.Scalar>(gatherLogprobs(tf.logSoftmax(scores), best))) as tf.Scalar,
    accuracy: tf.mean<tf.Scalar>(tf.cast(tf.equal(tf.argMax(scores, 1), tf.cast(best, 'int32')), 'float32')),
  }));
}
