/** The linear layer against tf.js's own gradient, below and above the rows at which WebGPU begins to add atomically. */
import { expect, it } from 'vitest';
import { contractRows, linear, sumRows } from '../../../src/core/model/ops/linear';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';

const noise = (...shape: [number, number]): tf.Tensor2D => {
  const random = Random.fromSeed(shape[0] + shape[1]);
  return tf.tensor2d(
    Float32Array.from({ length: shape[0] * shape[1] }, () => random.normal()),
    shape,
  );
};
async function expectClose(actual: tf.Tensor, expected: Float32Array): Promise<void> {
  const values = [...(await actual.data())];
  expect(values).toHaveLength(expected.length);
  const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? Number.NaN))), 0);
  expect(worst).toBeLessThan(2e-3); // sums of up to 2,002 products of size 1
}
/** aᵀ·b in double precision */
async function exact(a: tf.Tensor2D, b: tf.Tensor2D): Promise<Float32Array> {
  const [x, y] = [await a.data(), await b.data()];
  const [rows, columns, width] = [a.shape[0], a.shape[1], b.shape[1]];
  return Float32Array.from({ length: columns * width }, (_, at) => {
    let sum = 0;
    for (let n = 0; n < rows; n++) sum += x[n * columns + Math.floor(at / width)]! * y[n * width + (at % width)]!;
    return sum;
  });
}

export function itIsALinearLayer(): void {
  it.each([
    [5, 3, 4],
    [7, 20, 12],
    [2002, 4, 40],
    [2003, 4, 6], // nothing divides it
  ])('contracts %i rows of %i and %i columns, twice to the same numbers', async (rows, columns, width) => {
    const [a, b] = [noise(rows, columns), noise(rows, width)];
    const product = contractRows(a, b);
    await expectClose(product, await exact(a, b));
    expect(await contractRows(a, b).data()).toEqual(await product.data());
    await expectClose(sumRows(b), await exact(tf.ones([rows, 1]), b));
  });

  it('has the gradients of a plain product and sum', async () => {
    const [x, weight, dy] = [noise(6, 5), noise(5, 3), noise(6, 3)];
    const bias = tf.tensor1d([0.1, 0.2, 0.3]);
    const ours = tf.grads((a, b, c) => linear(a as tf.Tensor2D, b as tf.Tensor2D, c as tf.Tensor1D))(
      [x, weight, bias],
      dy,
    );
    const stock = tf.grads((a, b, c) => tf.add(tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D), c))(
      [x, weight, bias],
      dy,
    );
    for (const [i, gradient] of stock.entries()) {
      expect(ours[i]!.shape).toEqual(gradient.shape);
      await expectClose(ours[i]!, (await gradient.data()) as Float32Array);
    }
  });
}
