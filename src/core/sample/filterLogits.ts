/**
 * Cutting the tail of a distribution before sampling: temperature first, then top-k, then top-p, as Hugging Face does.
 * A cut logit becomes a large negative number, whose softmax is exactly 0; −∞ is avoided because WGSL may assume it away.
 */
import type { SamplingConfig } from '../../contract/config';
import { tf } from '../tf';

const CUT = -1e9;
/** a prefix that misses topP by rounding alone has reached it */
const ROUNDING = 1e-6;

const cutWhereNot = (keep: tf.Tensor, logits: tf.Tensor2D): tf.Tensor2D => tf.where(keep, logits, tf.fill(logits.shape, CUT));

/** keeps the k largest; everything that ties with the k-th stays. Fan, Lewis & Dauphin 2018 */
function keepTopK(logits: tf.Tensor2D, k: number): tf.Tensor2D {
  const { values } = tf.topk(logits, k);
  const smallest = tf.slice(values, [0, k - 1], [values.shape[0] as number, 1]); // [N,1]
  return cutWhereNot(tf.greaterEqual(logits, smallest), logits);
}

/**
 * Keeps the smallest prefix, by falling probability, whose mass reaches topP; at least one token. Holtzman et al. 2020.
 * Of tokens that tie at the end of the prefix, those of smaller id are kept.
 */
function keepTopP(logits: tf.Tensor2D, topP: number): tf.Tensor2D {
  const vocabSize = logits.shape[1];
  const probabilities = tf.softmax(logits);
  const sorted = tf.topk(probabilities, vocabSize).values as tf.Tensor2D;
  const massBefore = tf.cumsum(sorted, 1, true);
  const kept = tf.maximum(tf.sum(tf.cast(tf.less(massBefore, topP - ROUNDING), 'float32'), 1, true), 1); // [N,1]
  const isLast = tf.equal(tf.range(1, vocabSize + 1), kept);
  const smallest = tf.sum(tf.mul(sorted, tf.cast(isLast, 'float32')), 1, true);
  const above = tf.greater(probabilities, smallest);
  const ties = tf.cast(tf.equal(probabilities, smallest), 'float32');
  const room = tf.sub(kept, tf.sum(tf.cast(above, 'float32'), 1, true));
  const tieKept = tf.greater(ties, 0).logicalAnd(tf.less(tf.cumsum(ties, 1, true), room));
  return cutWhereNot(tf.logicalOr(above, tieKept), logits);
}

/**
 * @param logits [N,V]
 * @param sampling temperature 0 keeps the likeliest token alone; topK 0 and topP 1 are off
 * @returns logits / temperature [N,V] with the cut ones at −10⁹, owned by the caller
 */
export function filterLogits(logits: tf.Tensor2D, { temperature, topK, topP }: SamplingConfig): tf.Tensor2D {
  return tf.tidy(() => {
    if (temperature === 0) return cutWhereNot(tf.cast(tf.oneHot(tf.argMax(logits, 1), logits.shape[1]), 'bool'), logits);
    let filtered = temperature === 1 ? tf.clone(logits) : tf.div<tf.Tensor2D>(logits, temperature);
    if (topK > 0 && topK < logits.shape[1]) filtered = keepTopK(filtered, topK);
    if (topP < 1) filtered = keepTopP(filtered, topP);
    return filtered;
  });
}
