import { tf } from '../tf';

/**
 * Rows of zeros with a 1 at the given index, as floats. Through int32 and a cast, because tf.js's wasm kernel writes
 * the bits of the integer 1 when asked for floats, which read as 1.4e-45.
 * @param ids [...] int32
 * @returns [...,depth] float32, owned by the caller
 */
export function oneHot(ids: tf.Tensor, depth: number): tf.Tensor {
  return tf.tidy(() => tf.cast(tf.oneHot(tf.cast(ids, 'int32'), depth), 'float32'));
}
