import { describe, expect, it } from 'vitest';
import { composedLayerNorm, hostLayerNorm } from '../../../src/core/model/ops/layerNorm';
import { sumRows } from '../../../src/core/model/ops/linear';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { withBackend } from '../../helpers/backend';

const random = Random.fromSeed(4);
const noise = (...shape: number[]): tf.Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => random.normal()),
    shape,
  );
};
function expectClose(actual: tf.Tensor, expected: tf.Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0]).toBeLessThan(3e-5);
}

describe.each(['cpu', 'wasm'] as const)('loops on %s', (backend) => {
  withBackend(backend);

  it.each([
    [1, 1],
    [5, 7],
    [40, 32],
  ])('sum rows: [%i,%i]', (rows, columns) => {
    const x = noise(rows, columns) as tf.Tensor2D;
    expectClose(sumRows(x), tf.sum(x, 0));
  });

  it('normalise like the composed twin, forward and backward', () => {
    const [x, dy] = [noise(6, 10), noise(6, 10)] as [tf.Tensor2D, tf.Tensor2D];
    const [gain, bias] = [noise(10), noise(10)] as [tf.Tensor1D, tf.Tensor1D];
    const [loops, composed] = [hostLayerNorm, composedLayerNorm].map((path) => path.forward(x, gain, bias, 1e-5));
    for (const part of ['y', 'normalised', 'scale'] as const) expectClose(loops![part], composed![part]);
    const { normalised, scale } = composed!;
    const [dLoops, dComposed] = [hostLayerNorm, composedLayerNorm].map((path) =>
      path.backward(dy, normalised, scale, gain),
    );
    for (const [i, gradient] of dComposed!.entries()) expectClose(dLoops![i]!, gradient);
  });
});

describe('repaired wasm kernels', () => {
  withBackend('wasm');

  it.each([
    [[9], [2], [4]],
    [
      [4, 5],
      [1, 0],
      [2, 5],
    ],
    [
      [4, 5],
      [1, 2],
      [3, 1],
    ],
    [
      [3, 4, 5],
      [0, 1, 0],
      [3, 2, 5],
    ],
    [
      [2, 3, 4, 5],
      [1, 0, 2, 1],
      [1, 3, 1, 3],
    ],
    [
      [2, 3, 2, 3, 20],
      [0, 1, 0, 1, 1],
      [2, 2, 2, 2, 18],
    ],
    [[], [], []],
  ])('slice %j from %j, %j', (shape, begin, size) => {
    const x = noise(...shape);
    const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
    const values = x.dataSync();
    const expected: number[] = [];
    const walk = (axis: number, from: number): void => {
      if (axis === shape.length) expected.push(values[from] as number);
      else
        for (let i = 0; i < (size[axis] as number); i++)
          walk(axis + 1, from + ((begin[axis] as number) + i) * (strides[axis] as number));
    };
    walk(0, 0);
    const piece = shape.length > 0 ? tf.slice(x, begin, size) : tf.clone(x);
    expect(piece.shape).toEqual(size);
    expect([...piece.dataSync()]).toEqual(expected);
  });

  it('slice integers too', () => {
    const ids = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3], 'int32');
    expect([...tf.slice(ids, [0, 1], [2, 2]).dataSync()]).toEqual([2, 3, 5, 6]);
  });

  it.each([
    [
      [8, 12],
      [1, 0],
    ],
    [
      [5, 7],
      [1, 0],
    ],
    [
      [2, 3, 4, 5],
      [0, 2, 1, 3],
    ],
    [
      [2, 3, 4],
      [2, 0, 1],
    ],
  ])('transpose %j by %j', async (shape, perm) => {
    const x = noise(...shape);
    const turned = (await tf.transpose(x, perm).array()) as number[];
    const plain = (await x.array()) as number[];
    const at = (nested: unknown, index: number[]): unknown => index.reduce((part, i) => (part as unknown[])[i], nested);
    const visit = (index: number[]): void => {
      if (index.length < shape.length) {
        for (let i = 0; i < (shape[perm[index.length]!] as number); i++) visit([...index, i]);
        return;
      }
      const source = perm.map((_, axis) => index[perm.indexOf(axis)] as number);
      expect(at(turned, index)).toBe(at(plain, source));
    };
    visit([]);
  });

  it('share a cloned tensor and free it with the last of its owners', () => {
    const start = tf.memory();
    const x = tf.tensor1d([1, 2, 3]);
    const copy = tf.clone(x);
    x.dispose();
    expect([...copy.dataSync()]).toEqual([1, 2, 3]);
    copy.dispose();
    expect(tf.memory().numDataBuffers).toBe(start.numDataBuffers);
  });
});
