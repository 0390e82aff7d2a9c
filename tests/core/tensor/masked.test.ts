import { describe, expect, it } from 'vitest';
import { maskedMean, maskedMoments } from '../../../src/core/tensor/masked';
import { assertSameShape } from '../../../src/core/tensor/shapes';
import { tf } from '../../../src/core/tf';

await tf.setBackend('cpu');
const scalar = (tensor: tf.Tensor): number => tensor.dataSync()[0] as number;

describe('masked statistics', () => {
  const mask = tf.tensor2d([
    [1, 1, 0],
    [1, 0, 0],
  ]);

  it('count real tokens only', () => {
    const values = tf.tensor2d([
      [1, 2, 1000],
      [6, -1000, 1000],
    ]); // 1, 2, 6
    expect(scalar(maskedMean(values, mask))).toBeCloseTo(3, 5);
    expect(scalar(maskedMoments(values, mask).variance)).toBeCloseTo(7, 5); // (4+1+9)/2
    expect(scalar(maskedMoments(values, mask, false).variance)).toBeCloseTo(14 / 3, 5);
    expect([...maskedMean<tf.Tensor1D>(values, mask, 1).dataSync()]).toEqual([1.5, 6]);
  });

  it('give 0 instead of NaN for an empty mask, a single token and equal values', () => {
    const values = tf.fill([2, 3], 3.7);
    for (const real of [
      tf.zerosLike(mask),
      tf.tensor2d([
        [0, 1, 0],
        [0, 0, 0],
      ]),
      mask,
    ]) {
      expect(scalar(maskedMoments(values, real).variance)).toBe(0);
      expect([...maskedMoments(values, real).centred.dataSync()].every((x) => x === 0)).toBe(true);
    }
    expect(scalar(maskedMean(values, tf.zerosLike(mask)))).toBe(0);
    expect(scalar(maskedMoments(values, tf.zerosLike(mask)).mean)).toBeCloseTo(0, 12);
  });
});

describe('assertSameShape', () => {
  it('names both sides', () => {
    expect(() => assertSameShape({ refLogprobs: tf.zeros([8, 24]), logprobs: tf.zeros([8, 32]) })).toThrow(
      'refLogprobs is [8,24], logprobs is [8,32]',
    );
  });
});
