/** Preferences over more than two completions of one prompt. */
import { assertSameShape } from '../tensor/shapes';
import { tf } from '../tf';
import { pairLosses } from './preferenceLoss';

export interface RankingOptions {
  /** [B,K] 1 on completions, 0 on padding where a prompt has fewer than K; all count when left out */
  counted?: tf.Tensor2D;
  /** [B,K] how far below the best: a pair should be won by the difference of its two (Llama 2, eq. 2) */
  depths?: tf.Tensor2D;
}

export interface RankingResult {
  loss: tf.Scalar;
  /** share of the pairs that the scores order strictly as the ranks do */
  accuracy: tf.Scalar;
  /** mean score of the better minus that of the worse */
  margin: tf.Scalar;
  /** [B] */
  pairs: tf.Tensor1D;
}

/** [B,K] → [B,K,K]: the row's completion, and the column's */
function everyTwo(values: tf.Tensor2D): { row: tf.Tensor3D; column: tf.Tensor3D } {
  const size = values.shape[1];
  const row = tf.tile(tf.expandDims(values, 2), [1, 1, size]) as tf.Tensor3D;
  const column = tf.tile(tf.expandDims(values, 1), [1, size, 1]) as tf.Tensor3D;
  return { row, column };
}

/** [B,K,K] 1 where the row's completion is ranked strictly better than the column's, and both count. */
function betterThan(ranks: tf.Tensor2D, counted: tf.Tensor2D | undefined): tf.Tensor3D {
  const { row, column } = everyTwo(ranks);
  const better = tf.cast(tf.less(row, column), 'float32') as tf.Tensor3D;
  if (!counted) return better;
  const both = everyTwo(counted);
  return tf.mul(better, tf.mul(both.row, both.column));
}

/**
 * All pairs of a ranking at once. The pairs of a prompt are averaged first, then the prompts: they are correlated, and
 * spread over batches the model overfits in one epoch (Ouyang et al. 2022, eq. 1). Equal ranks make no pair.
 *   L = mean over prompts of mean over its pairs of −log σ(score of the better − score of the worse − margin)
 * @param scores [B,K], @param ranks [B,K] lower is better
 * @returns owned by the caller; a prompt without pairs is left out, all 0 when every one is. With K = 2 the preference
 * loss
 */
export function rankingLoss(
  scores: tf.Tensor2D,
  ranks: tf.Tensor2D,
  { counted, depths }: RankingOptions = {},
): RankingResult {
  assertSameShape({ ranks, scores, ...(counted && { counted }), ...(depths && { depths }) });
  return tf.tidy(() => {
    const better = betterThan(ranks, counted); // [B,K,K]
    const { row, column } = everyTwo(scores);
    const wanted = depths && everyTwo(depths);
    const losses = tf.mul(pairLosses(row, column, wanted && tf.sub(wanted.column, wanted.row)), better); // [B,K,K]
    const pairs = tf.sum<tf.Tensor1D>(better, [1, 2]); // [B]
    const perPrompt = tf.div(tf.sum(losses, [1, 2]), tf.maximum(pairs, 1)); // [B]
    const prompts = tf.maximum(tf.sum(tf.minimum(pairs, 1)), 1);
    const allPairs = tf.maximum(tf.sum(pairs), 1);
    const margins = tf.mul(tf.sub(row, column), better);
    return {
      loss: tf.div(tf.sum(perPrompt), prompts) as tf.Scalar,
      accuracy: tf.div(tf.sum(tf.cast(tf.greater(margins, 0), 'float32')), allPairs) as tf.Scalar,
      margin: tf.div(tf.sum(margins), allPairs) as tf.Scalar,
      pairs,
    };
  });
}
