import { describe, expect, it } from 'vitest';
import { globalNorm } from '../../../src/core/optim/clipGradNorm';
import { tf } from '../../../src/core/tf';
import { withBackend } from '../../helpers/backend';

describe('the norm of a large gradient on WebAssembly', () => {
  withBackend('wasm');

  it('counts small numbers that are many', () => {
    const gradient = new Float32Array(2 ** 20 + 3).fill(0.5);
    gradient[0] = 4096; // 2²⁴, beside which a float32 has no quarter
    const norm = tf.tidy(() => globalNorm([tf.tensor1d(gradient)]).dataSync()[0]!);
    expect(norm / Math.sqrt(4096 ** 2 + (2 ** 20 + 2) / 4)).toBeCloseTo(1, 4);
  });
});
