import { describe, expect, it } from 'vitest';
import { plainRowMath, vectorRowMath } from '../../../src/core/kernels/rowMath';
import { Random } from '../../../src/core/tensor/random';

const memory = new WebAssembly.Memory({ initial: 1 });
const heap = new Float32Array(memory.buffer);
const vector = vectorRowMath(memory);
const random = Random.fromSeed(3);
const noise = Float32Array.from({ length: heap.length }, () => random.normal());

/** the whole memory after `run`, so that a write in the wrong place shows */
function memoryAfter(run: () => void): Float32Array {
  heap.set(noise);
  run();
  return heap.slice();
}
function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual).toHaveLength(expected.length);
  const worst = actual.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? Number.NaN))), 0);
  expect(worst).toBeLessThan(1e-4);
}

describe('vector loops', () => {
  it('are really used here', () => {
    expect(vector).not.toBe(plainRowMath);
  });

  it.each([
    [16, 1, 16],
    [32, 7, 96],
    [64, 36, 70],
    [48, 0, 48],
    [20, 5, 24], // not a multiple of 16: the plain loop
  ])('give the dot products of the plain loop: size %i, %i rows, stride %i', (size, count, stride) => {
    const run = (math: typeof vector) =>
      memoryAfter(() => math.dotRows(heap, 3, heap, 1001, heap, 5003, stride, count, size));
    expectClose(run(vector), run(plainRowMath));
  });

  it.each([
    [16, 1, 1, 16],
    [32, 7, 36, 96],
    [64, 36, 1, 70],
    [48, 0, 1, 48], // nothing to weigh gives zeros
    [20, 5, 2, 24],
  ])(
    'give the weighted sum of the plain loop: size %i, %i rows, weight stride %i, stride %i',
    (size, count, weightStride, stride) => {
      const run = (math: typeof vector) =>
        memoryAfter(() => math.weighRows(heap, 3, heap, 1001, weightStride, heap, 5003, stride, count, size));
      expectClose(run(vector), run(plainRowMath));
    },
  );

  it('run on the shared memory of a page with threads', () => {
    const shared = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
    const array = new Float32Array(shared.buffer);
    array.fill(2, 0, 48);
    vectorRowMath(shared).dotRows(array, 100, array, 0, array, 16, 16, 2, 16);
    expect([...array.slice(100, 103)]).toEqual([64, 64, 0]);
  });
});
