import { describe, expect, it } from 'vitest';
import {
  attention,
  attentionPath,
  composedAttention,
  hostAttention,
  softmaxRows,
} from '../../../src/core/model/ops/attention';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { withBackend } from '../../helpers/backend';

const random = Random.fromSeed(2);
const noise = (rows: number, columns: number): tf.Tensor2D =>
  tf.tensor2d(
    Float32Array.from({ length: rows * columns }, () => random.normal()),
    [rows, columns],
  );
const expectClose = (actual: tf.Tensor, expected: tf.Tensor): void => {
  expect(actual.shape).toEqual(expected.shape);
  expect(tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0]).toBeLessThan(2e-5);
};

describe.each(['cpu', 'wasm'] as const)('attention on %s', (backend) => {
  withBackend(backend);

  it.each([
    [1, 4, 1, 6],
    [3, 7, 2, 32], // heads of 16: vector loops on wasm
    [2, 5, 3, 96],
    [2, 1, 1, 16],
  ])(
    'by loops equals the composed twin, forward and backward: batch %i, length %i, %i heads, width %i',
    (batch, length, heads, width) => {
      const shape = { batch, length, heads, width };
      const packed = noise(batch * length, 3 * width);
      const dOut = noise(batch * length, width);
      const leftPad = tf.tensor1d(
        Array.from({ length: batch }, (_, b) => Math.min(b, length - 1)),
        'int32',
      );
      const [loops, composed] = [hostAttention, composedAttention].map((path) =>
        path.forward(packed, path.mask(leftPad, shape), shape),
      );
      expectClose(loops!.out, composed!.out);
      expectClose(loops!.weights, composed!.weights);
      const [dLoops, dComposed] = [hostAttention, composedAttention].map((path) =>
        path.backward(packed, loops!.weights, dOut, path.mask(leftPad, shape), shape),
      );
      expectClose(dLoops!, dComposed!);
    },
  );

  it('has the gradient that finite differences give', () => {
    const shape = { batch: 1, length: 3, heads: 1, width: 2 };
    const packed = noise(3, 6);
    const mask = attentionPath().mask(null, shape);
    const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.square(attention(x as tf.Tensor2D, mask, shape)));
    const gradient = tf.grad(loss)(packed).dataSync();
    const values = packed.dataSync();
    for (let i = 0; i < values.length; i++) {
      const at = (change: number): number => {
        const moved = Float32Array.from(values);
        moved[i]! += change;
        return loss(tf.tensor2d(moved, [3, 6])).dataSync()[0] as number;
      };
      expect(gradient[i]).toBeCloseTo((at(1e-2) - at(-1e-2)) / 2e-2, 2);
    }
  });

  it('falls back to composed softmax above the rows that WebGPU can count', () => {
    const scores = tf.tensor2d(
      Float32Array.from({ length: 2 * 65_600 }, (_, i) => i % 3),
      [65_600, 2],
    );
    expectClose(softmaxRows(scores), tf.softmax(scores));
  });
});
