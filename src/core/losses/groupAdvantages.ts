/**
 * Advantages without a critic: several completions of one prompt judge one another. GRPO (Shao et al. 2024) measures
 * each against the group's mean in units of its spread; RLOO (Ahmadian et al. 2024) against the mean of its siblings.
 */
import { tf } from '../tf';

export interface GroupAdvantages {
  /** [N] (r − mean) / (std + 1e-4) */
  grpo: tf.Tensor1D;
  /** [N] r − mean (Dr. GRPO, Liu et al. 2025) */
  unscaled: tf.Tensor1D;
  /** [N] r − mean of the others; 0 when there are none */
  rloo: tf.Tensor1D;
  /** [N/K] */
  mean: tf.Tensor1D;
  /** [N/K], over K−1 */
  std: tf.Tensor1D;
  /** scalar share of groups whose rewards are all equal: those teach nothing */
  equalShare: tf.Scalar;
}

/**
 * @param rewards [N], the K completions of a prompt side by side
 * @param groupSize K
 * @returns tensors owned by the caller
 * @throws when N is not a multiple of K
 */
export function groupAdvantages(rewards: tf.Tensor1D, groupSize: number): GroupAdvantages {
  if (rewards.size % groupSize !== 0) throw new Error(`${rewards.size} rewards do not make groups of ${groupSize}`);
  return tf.tidy(() => {
    const groups = tf.reshape(rewards, [-1, groupSize]) as tf.Tensor2D; // [N/K,K]
    const first = tf.slice(groups, [0, 0], [-1, 1]);
    const distances = tf.sub(groups, first); // measured from a member, so that equal rewards differ by exactly 0
    const shift = tf.mean(distances, 1, true);
    const centred = tf.sub(distances, shift) as tf.Tensor2D; // [N/K,K]
    const std = tf.sqrt(tf.div(tf.sum(tf.square(centred), 1, true), Math.max(groupSize - 1, 1))); // [N/K,1]
    const flat = (x: tf.Tensor): tf.Tensor1D => tf.reshape(x, [-1]) as tf.Tensor1D;
    return {
      grpo: flat(tf.div(centred, tf.add(std, 1e-4))),
      unscaled: flat(centred),
      rloo: flat(tf.mul(centred, groupSize / Math.max(groupSize - 1, 1))), // r − (sum − r)/(K−1) = (r − mean)·K/(K−1)
      mean: flat(tf.add(first, shift)),
      std: flat(std),
      equalShare: tf.mean<tf.Scalar>(tf.cast(tf.equal(std, 0), 'float32')),
    };
  });
}
