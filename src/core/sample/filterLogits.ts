/**
 * Cutting the tail of a distribution before sampling: temperature first, then top-k, then top-p, as Hugging Face does.
 * Whoever draws or shows what could be drawn asks here; the sampler of the fused executor is the twin of it
 * (kernels/gpu/sampler.ts).
 *
 * A cut logit becomes a large negative number, whose softmax is exactly 0; −∞ is avoided because WGSL may assume it
 * away.
 */
import { isGreedy, type SamplingConfig } from '../../contract/config';
import { LARGEST_LOGIT, TOP_P_ROUNDING } from '../tensor/logitBounds';
import { tf } from '../tf';

/** below every logit divided by any temperature */
const CUT = -1e38;

const cutWhereNot = (keep: tf.Tensor, logits: tf.Tensor2D): tf.Tensor2D =>
  tf.where(keep, logits, tf.fill(logits.shape, CUT));

/** what is not a number is the least likely of all */
function finite(logits: tf.Tensor2D): tf.Tensor2D {
  const numbers = tf.where(tf.isNaN(logits), tf.fill(logits.shape, -LARGEST_LOGIT), logits) as tf.Tensor2D;
  return tf.clipByValue(numbers, -LARGEST_LOGIT, LARGEST_LOGIT);
}

/**
 * The first column of each row in which something holds. An argMax of the logits themselves would leave it to the
 * backend which of two equals it takes.
 * @param holds [N,V]
 * @returns [N] int32; 0 where it holds nowhere
 */
export function firstColumn(holds: tf.Tensor2D): tf.Tensor1D {
  const earlier = tf.range(holds.shape[1], 0, -1);
  return tf.argMax(tf.mul(tf.cast(holds, 'float32'), earlier), 1);
}

/** @returns [N] int32, of equals the lowest id; owned by the caller */
export const likeliest = (logits: tf.Tensor2D): tf.Tensor1D =>
  tf.tidy(() => {
    const numbers = finite(logits);
    return firstColumn(tf.equal(numbers, tf.max(numbers, 1, true)) as tf.Tensor2D);
  });

/** keeps the k largest; everything that ties with the k-th stays. Fan, Lewis & Dauphin 2018 */
function keepTopK(logits: tf.Tensor2D, k: number): tf.Tensor2D {
  const { values } = tf.topk(logits, k);
  const smallest = tf.slice(values, [0, k - 1], [values.shape[0] as number, 1]); // [N,1]
  return cutWhereNot(tf.greaterEqual(logits, smallest), logits);
}

/**
 * Keeps the smallest prefix, by falling probability, whose mass reaches topP; at least one token. Holtzman et al. 2020.
 * Of tokens that tie at the end of the prefix, those of smaller id are kept. The mass is counted in units of the
 * likeliest token, e^(z − max): equal tokens then add up without rounding, and ten of them at 0.9 are nine.
 */
function keepTopP(logits: tf.Tensor2D, topP: number): tf.Tensor2D {
  const vocabSize = logits.shape[1];
  const sorted = tf.topk(logits, vocabSize).values as tf.Tensor2D;
  const weights = tf.exp(tf.sub(sorted, tf.slice(sorted, [0, 0], [-1, 1])));
  const goal = tf.mul(tf.sum(weights, 1, true), topP - TOP_P_ROUNDING); // [N,1]
  const massBefore = tf.cumsum(weights, 1, true);
  const kept = tf.maximum(tf.sum(tf.cast(tf.less(massBefore, goal), 'float32'), 1, true), 1); // [N,1]
  const isLast = tf.equal(tf.range(1, vocabSize + 1), kept);
  const smallest = tf.sum(tf.mul(sorted, tf.cast(isLast, 'float32')), 1, true);
  const above = tf.greater(logits, smallest);
  const ties = tf.cast(tf.equal(logits, smallest), 'float32');
  const room = tf.sub(kept, tf.sum(tf.cast(above, 'float32'), 1, true));
  const tieKept = tf.greater(ties, 0).logicalAnd(tf.less(tf.cumsum(ties, 1, true), room));
  return cutWhereNot(tf.logicalOr(above, tieKept), logits);
}

/**
 * @param logits [N,V]
 * @param sampling a greedy temperature keeps the likeliest token alone; topK 0 and topP 1 are off
 * @returns logits / temperature [N,V] with the cut ones at −10³⁸, owned by the caller
 */
export function filterLogits(logits: tf.Tensor2D, { temperature, topK, topP }: SamplingConfig): tf.Tensor2D {
  return tf.tidy(() => {
    const numbers = finite(logits);
    if (isGreedy(temperature)) {
      const columns = tf.range(0, logits.shape[1], 1, 'int32');
      return cutWhereNot(tf.equal(tf.expandDims(likeliest(logits), 1), columns), numbers);
    }
    let filtered = temperature === 1 ? numbers : tf.div<tf.Tensor2D>(numbers, temperature);
    if (topK > 0 && topK < logits.shape[1]) filtered = keepTopK(filtered, topK);
    if (Math.fround(topP) < 1) filtered = keepTopP(filtered, topP);
    return filtered;
  });
}
