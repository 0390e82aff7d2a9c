import { beforeAll, describe, expect, it } from 'vitest';
import { NEAR_GELU, swish } from '../../../src/core/model/ops/swish';
import { tf } from '../../../src/core/tf';

beforeAll(() => tf.setBackend('cpu'));

describe('a number that gates itself', () => {
  it.each([1, NEAR_GELU])('is x·σ(βx) with β = %f, and its slope is that of differences', (beta) => {
    const plain = (x: number) => x / (1 + Math.exp(-beta * x));
    const at = [-4, -1.5, -0.3, 0, 0.2, 1, 3];
    const x = tf.tensor1d(at);
    const value = swish(beta)(x).arraySync();
    const slope = tf
      .grad((inner: tf.Tensor) => tf.sum(swish(beta)(inner)))(x)
      .arraySync() as number[];
    for (const [i, one] of at.entries()) {
      expect(value[i]).toBeCloseTo(plain(one), 6);
      expect(slope[i]).toBeCloseTo((plain(one + 1e-3) - plain(one - 1e-3)) / 2e-3, 3);
    }
  });
});
