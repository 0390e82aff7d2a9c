import { beforeAll, describe, expect, it } from 'vitest';
import { geluErf } from '../../../src/core/model/ops/gelu';
import { normalShare } from '../../../src/core/tensor/normalTail';
import { tf } from '../../../src/core/tf';

beforeAll(() => tf.setBackend('cpu'));

/** Φ(x) to 10 digits, from tables */
const SHARES: [number, number][] = [
  [0, 0.5],
  [0.5, 0.6914624613],
  [1, 0.8413447461],
  [2, 0.9772498681],
  [-1.5, 0.0668072013],
  [-3, 0.001349898],
];

describe('GELU as it is defined', () => {
  it.each(SHARES)('share of a normal below %f: %f', (x, share) => {
    expect(Math.abs(normalShare(x) - share)).toBeLessThan(1e-7);
  });

  it('is x·Φ(x), and its slope is that of differences', () => {
    const at = [-4, -1.5, -0.3, 0, 0.2, 1, 3];
    const x = tf.tensor1d(at);
    const value = geluErf(x).arraySync();
    const slope = tf
      .grad((inner: tf.Tensor) => tf.sum(geluErf(inner)))(x)
      .arraySync() as number[];
    for (const [i, one] of at.entries()) {
      expect(value[i]).toBeCloseTo(one * normalShare(one), 6);
      const step = 1e-3;
      const risen = (one + step) * normalShare(one + step) - (one - step) * normalShare(one - step);
      expect(slope[i]).toBeCloseTo(risen / (2 * step), 3);
    }
  });
});
