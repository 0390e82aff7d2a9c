/** What is read off the final hidden states: next-token logits, one scalar per position, one score per row. */
import type { ModelConfig, Pooling } from '../../contract/config';
import { lastTokenMask } from '../tensor/masked';
import { tf } from '../tf';
import { chunkedLogprobs, type LanguageHead, rowsAtOnce } from './ops/chunkedHead';
import { frozenProject, linear, project } from './ops/linear';
import { tokenLogprobs } from './ops/tokenLogprobs';
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

function languageHead(weights: Weights, { tiedHead }: ModelConfig): LanguageHead {
  const name = tiedHead ? 'tokenEmbedding' : 'languageHead/weight';
  const weight = tiedHead ? tf.transpose<tf.Tensor2D>(weights.get(name)) : weights.get(name);
  return { weight, learns: weights.learns(name) };
}

/** @param rows [N,C]; @returns [N,V] */
export function languageLogits(weights: Weights, config: ModelConfig, rows: tf.Tensor2D): tf.Tensor2D {
  const { weight, learns } = languageHead(weights, config);
  return (learns ? project : frozenProject)(rows, weight);
}

/**
 * Of the token after each row. Over a large vocabulary a few rows at a time, so that their logits are never there
 * together.
 * @param rows [N,C], @param tokens [N] int32
 * @returns both [N], nats; differentiable
 */
export function scoredNext(
  weights: Weights,
  config: ModelConfig,
  rows: tf.Tensor2D,
  tokens: tf.Tensor1D,
  temperature: number,
): { logprobs: tf.Tensor1D; entropy: tf.Tensor1D } {
  const size = rowsAtOnce(rows.shape[0], config.vocabSize);
  if (size === rows.shape[0]) return tokenLogprobs(languageLogits(weights, config, rows), tokens, temperature);
  return chunkedLogprobs(rows, languageHead(weights, config), { tokens, temperature, size });
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
