import { describe, expect, it } from 'vitest';
import type { SamplingConfig } from '../../../src/contract/config';
import { filterLogits } from '../../../src/core/sample/filterLogits';
import { sampleTokens, uniformNumbers } from '../../../src/core/sample/sampleTokens';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { withBackend } from '../../helpers/backend';

const plain: SamplingConfig = { temperature: 1, topK: 0, topP: 1 };
const logits = [1.2, -0.4, 0.3, 2, -3, 0.9, 0];

function counts(draws: number, sampling: SamplingConfig): number[] {
  const rows = tf.tile(tf.tensor2d([logits]), [draws, 1]) as tf.Tensor2D;
  const tokens = sampleTokens(rows, sampling, uniformNumbers(Random.fromSeed(5), draws, 1)).dataSync();
  return logits.map((_, id) => tokens.filter((token) => token === id).length);
}

describe.each(['cpu', 'wasm'] as const)('sampling on %s', (backend) => {
  withBackend(backend);

  it.each([plain, { ...plain, temperature: 0.5 }, { ...plain, topK: 3 }, { ...plain, topP: 0.8 }])(
    'follows the exact distribution (%o)',
    (sampling) => {
      const draws = 4000;
      const exact = tf.softmax(filterLogits(tf.tensor2d([logits]), sampling)).dataSync();
      const seen = counts(draws, sampling);
      let chiSquare = 0;
      for (const [id, count] of seen.entries()) {
        const expected = (exact[id] ?? 0) * draws;
        if (expected === 0) expect(count).toBe(0);
        else chiSquare += (count - expected) ** 2 / expected;
      }
      expect(chiSquare).toBeLessThan(22.5); // 0.1 % point for 6 degrees of freedom; the seed is fixed
    },
  );

  it('inverts the distribution function: small numbers give the first token, large ones the last', () => {
    const even = tf.zeros([4, 4]) as tf.Tensor2D;
    const uniforms = tf.tensor2d([0, 0.26, 0.74, 1 - 2 ** -24], [4, 1]);
    expect([...sampleTokens(even, plain, uniforms).dataSync()]).toEqual([0, 1, 2, 3]);
  });

  it('never picks a cut token, not even at the edges', () => {
    const rows = tf.tensor2d([
      [0, 9, 0],
      [0, 9, 0],
    ]);
    const uniforms = tf.tensor2d([0, 1 - 2 ** -24], [2, 1]);
    expect([...sampleTokens(rows, { ...plain, topK: 1 }, uniforms).dataSync()]).toEqual([1, 1]);
  });

  it('takes the likeliest at temperature 0, whatever the numbers', () => {
    const rows = tf.tensor2d([
      [0, 2, 1],
      [5, 2, 1],
    ]);
    expect([
      ...sampleTokens(rows, { ...plain, temperature: 0 }, uniformNumbers(Random.fromSeed(1), 2, 1)).dataSync(),
    ]).toEqual([1, 0]);
  });
});
