/**
 * Drawing one token per row on the device by inverting the distribution function: the first token whose cumulated
 * probability passes a uniform number. The numbers come from our own seeded generator; tf.js's sampler on WebGPU always
 * gives row 0 token 0.
 */
import { isGreedy, type SamplingConfig } from '../../contract/config';
import type { Random } from '../tensor/random';
import { tf } from '../tf';
import { filterLogits, firstColumn, likeliest } from './filterLogits';

/** just below 1, so that rounding in the cumulated sum can never leave the uniform number above it */
const BELOW_ONE = 1 - 1e-6;

/** of the log-probabilities of what was sampled: a greedy choice has no temperature, so they are the model's own */
export const scoringTemperature = ({ temperature }: SamplingConfig): number =>
  isGreedy(temperature) ? 1 : temperature;

/** @returns [rows,columns], row by row, so that a row's numbers do not depend on how many rows follow */
export function uniformNumbers(random: Random, rows: number, columns: number): tf.Tensor2D {
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < values.length; i++) values[i] = random.next();
  return tf.tensor2d(values, [rows, columns]);
}

/**
 * @param logits [N,V]
 * @param uniforms [N,1] in [0, 1); unused when the temperature is greedy
 * @returns [N] int32, owned by the caller
 */
export function sampleTokens(logits: tf.Tensor2D, sampling: SamplingConfig, uniforms: tf.Tensor2D): tf.Tensor1D {
  if (isGreedy(sampling.temperature)) return likeliest(logits);
  return tf.tidy(() => {
    const [rows, vocabSize] = logits.shape;
    const probabilities = tf.softmax(filterLogits(logits, sampling));
    const cumulated = tf.cumsum(probabilities, 1);
    const total = tf.slice(cumulated, [0, vocabSize - 1], [rows, 1]);
    const passed = tf.greater(cumulated, tf.mul(tf.mul(uniforms, total), BELOW_ONE));
    return firstColumn(tf.logicalAnd(passed, tf.greater(probabilities, 0)) as tf.Tensor2D);
  });
}
