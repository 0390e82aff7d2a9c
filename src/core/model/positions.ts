/** Where a token stands in its row: learned vectors as in GPT-2, or the fixed waves of 2017. */
import type { ModelConfig } from '../../contract/config';
import { tf } from '../tf';
import { embedding } from './ops/embedding';
import { sinusoidTable } from './sinusoids';
import type { Weights } from './weights';

/**
 * Position of every column, counted from the row's first real token; padding says 0.
 * @returns [B,T] int32
 */
export function positionIds(batch: number, length: number, leftPad: tf.Tensor1D | null): tf.Tensor2D {
  return tf.tidy(() => {
    const columns = tf.reshape(tf.range(0, length, 1, 'int32'), [1, length]);
    if (!leftPad) return tf.tile(columns, [batch, 1]) as tf.Tensor2D;
    return tf.maximum(tf.sub(columns, tf.reshape(leftPad, [batch, 1])), tf.scalar(0, 'int32')) as tf.Tensor2D;
  });
}

/**
 * Token vectors plus position vectors. With fixed waves the token vectors are scaled by √C, as in section 3.4 of the
 * paper, because waves have amplitude 1.
 * @param tokens, positions [N] int32
 * @returns [N,C]; differentiable
 */
export function embed(weights: Weights, config: ModelConfig, tokens: tf.Tensor1D, positions: tf.Tensor1D): tf.Tensor2D {
  const vectors = embedding(weights.get('tokenEmbedding'), tokens);
  if (config.positions === 'learned') return tf.add(vectors, embedding(weights.get('positionEmbedding'), positions));
  const table = tf.tensor2d(sinusoidTable(config.contextLength, config.width), [config.contextLength, config.width]);
  return tf.add(tf.mul(vectors, Math.sqrt(config.width)), embedding(table, positions));
}
