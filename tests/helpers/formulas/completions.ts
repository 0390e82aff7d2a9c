/**
 * Where a completion ends. Sampling may run on after the first stop token; whatever follows it is not part of the text,
 * so it becomes padding, is never scored and never trained on:
 *
 *   sampled     7 4 1 5 8      1 is <eos>
 *   completion  7 4 1 ·  ·
 *   mask        1 1 1 0  0     <eos> was chosen by the policy, so it counts
 */
import { tf } from '../../../src/core/tf';

export interface Ending {
  stopId: number;
  padId: number;
  /** stop tokens before this position do not end the text (lm-human-preferences) */
  notBefore?: number;
}

/**
 * @param sampled [B,G] int32
 * @returns completion [B,G] int32, mask [B,G], finished [B] (1 where a stop token was met), owned by the caller
 */
export function cutAtStop(
  sampled: tf.Tensor2D,
  ending: Ending,
): { completion: tf.Tensor2D; mask: tf.Tensor2D; finished: tf.Tensor1D } {
  const { stopId, padId, notBefore = 0 } = ending;
  return tf.tidy(() => {
    const allowed = tf.cast(tf.greaterEqual(tf.range(0, sampled.shape[1]), notBefore), 'float32'); // [G]
    const stops = tf.mul(tf.cast(tf.equal(sampled, stopId), 'float32'), allowed) as tf.Tensor2D; // [B,G]
    const stopsBefore = tf.cumsum(stops, 1, true); // [B,G] of the columns to the left
    const mask = tf.cast(tf.equal(stopsBefore, 0), 'float32') as tf.Tensor2D;
    const completion = tf.add(
      tf.mul(sampled, tf.cast(mask, 'int32')),
      tf.mul(tf.cast(tf.sub(1, mask), 'int32'), tf.scalar(padId, 'int32')),
    );
    return { completion: tf.cast(completion, 'int32') as tf.Tensor2D, mask, finished: tf.minimum(tf.sum(stops, 1), 1) };
  });
}

/** @returns [B] index of the last real token, −1 in an empty row */
export function lastTokenIndex(mask: tf.Tensor2D): tf.Tensor1D {
  return tf.tidy(() => {
    const positions = tf.add(tf.range(0, mask.shape[1]), 1); // [G] from 1
    return tf.sub(tf.max(tf.mul(mask, positions), 1), 1);
  });
}
