/** What is read off the final hidden states: next-token logits, one scalar per position, one score per row. */
import type { ModelConfig, Pooling } from '../../contract/config';
import { lastTokenMask } from '../tensor/masked';
import { tf } from '../tf';
import { frozenProject, linear, project } from './ops/linear';
import type { Weights } from './weights';

/**
 * Sum pooling divides by this constant, about the mean length of a story's completion, so that its scores start in the
 * range of the other poolings. A constant, not the length: longer completions still sum more, which is what this
 * pooling teaches.
 */
export const SUM_POOLING_SCALE = 12;

/**
 * @param hidden [B,T,C]
 * @returns columns `first` … `first + count − 1` as rows [B·count,C]; heads are computed only there
 */
export function columnsOf(hidden: tf.Tensor3D, first: number, count: number): tf.Tensor2D {
  const [batch, length, width] = hidden.shape;
  const part = first === 0 && count === length ? hidden : tf.slice(hidden, [0, first, 0], [batch, count, width]);
  return tf.reshape(part, [batch * count, width]);
}

/** @param rows [N,C]; @returns [N,V] */
export function languageLogits(weights: Weights, config: ModelConfig, rows: tf.Tensor2D): tf.Tensor2D {
  const name = config.tiedHead ? 'tokenEmbedding' : 'languageHead/weight';
  const through = weights.learns(name) ? project : frozenProject;
  return through(rows, config.tiedHead ? tf.transpose(weights.get(name)) : weights.get(name));
}

/** @param rows [N,C]; @returns [N] */
export function scalars(weights: Weights, rows: tf.Tensor2D): tf.Tensor1D {
  return tf.squeeze(linear(rows, weights.get('scalarHead/weight'), weights.get<tf.Tensor1D>('scalarHead/bias')), [1]);
}

/**
 * One number per row: the last counted token's, Σ/12, or the mean over counted tokens. An empty row gives 0.
 * @param tokenScores, mask [B,G]
 * @returns [B]; differentiable in tokenScores
 */
export function pool(tokenScores: tf.Tensor2D, mask: tf.Tensor2D, pooling: Pooling): tf.Tensor1D {
  if (pooling === 'last') return tf.sum(tf.mul(tokenScores, lastTokenMask(mask)), 1);
  const sum = tf.sum<tf.Tensor1D>(tf.mul(tokenScores, mask), 1);
  if (pooling === 'sum') return tf.div(sum, SUM_POOLING_SCALE);
  return tf.div(sum, tf.maximum(tf.sum(mask, 1), 1));
}
