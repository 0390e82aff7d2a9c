import { beforeAll, describe, expect, it } from 'vitest';
import { preferPlainKernelsOnSoftwareGpu } from '../../src/core/kernels/softwareGpu';
import { runsOnSoftwareGpu, startBackend, tf } from '../../src/core/tf';

/** values that differ everywhere, small enough for float32 sums to be exact to 1e-6 */
const filled = (shape: number[]): tf.Tensor => {
  const size = shape.reduce((product, side) => product * side, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * 1.7) / 2),
    shape,
  );
};

/** the same computation on the plain cpu backend */
async function onBoth(compute: () => tf.Tensor): Promise<{ gpu: Float32Array; cpu: Float32Array; shapes: number[][] }> {
  const gpu = compute();
  const gpuValues = (await gpu.data()) as Float32Array;
  await tf.setBackend('cpu');
  const cpu = compute();
  const cpuValues = (await cpu.data()) as Float32Array;
  await tf.setBackend('webgpu');
  return { gpu: gpuValues, cpu: cpuValues, shapes: [gpu.shape, cpu.shape] };
}

async function expectSame(compute: () => tf.Tensor): Promise<void> {
  const { gpu, cpu, shapes } = await onBoth(compute);
  expect(shapes[0]).toEqual(shapes[1]);
  expect(gpu.length).toBe(cpu.length);
  for (let i = 0; i < cpu.length; i++) expect(Math.abs(gpu[i]! - cpu[i]!), `entry ${i}`).toBeLessThan(1e-5);
}

describe('the kernels for a graphics card that is really the processor', () => {
  beforeAll(async () => {
    await startBackend('webgpu');
    tf.env().set('WEBGPU_CPU_FORWARD', false); // known once the backend is here
    preferPlainKernelsOnSoftwareGpu();
  });

  it('are in use exactly when the adapter is emulated', async () => {
    const adapter = await navigator.gpu.requestAdapter();
    expect(runsOnSoftwareGpu()).toBe(
      /swiftshader|llvmpipe/i.test(`${adapter?.info.architecture} ${adapter?.info.description}`),
    );
    await tf.setBackend('cpu');
    expect(runsOnSoftwareGpu()).toBe(false);
    await tf.setBackend('webgpu');
  });

  it.each([
    [[3, 5], [5, 7], false, false],
    [[5, 3], [5, 7], true, false],
    [[3, 5], [7, 5], false, true],
    [[5, 3], [7, 5], true, true],
    [[1, 1], [1, 1], false, false],
    [[2, 3, 4, 5], [2, 3, 5, 6], false, false],
    [[2, 3, 4, 5], [2, 3, 6, 5], false, true],
    [[1, 4, 5], [3, 5, 2], false, false],
  ] as const)('multiply %j by %j, transposed %s %s', async (a, b, transposeA, transposeB) => {
    await expectSame(() =>
      tf.matMul(filled([...a]) as tf.Tensor2D, filled([...b]) as tf.Tensor2D, transposeA, transposeB),
    );
  });

  it('add a bias, and leave activations to the stock kernel', async () => {
    const inputs = () => ({ a: filled([4, 6]) as tf.Tensor2D, b: filled([6, 5]) as tf.Tensor2D, bias: filled([5]) });
    await expectSame(() => tf.fused.matMul(inputs()));
    await expectSame(() => tf.fused.matMul({ ...inputs(), activation: 'relu' }));
  });

  it('sum, average and find the largest along the last axes, and others through the stock kernel', async () => {
    for (const reduce of [tf.sum, tf.mean, tf.max]) {
      await expectSame(() => reduce(filled([3, 5, 7]), -1));
      await expectSame(() => reduce(filled([3, 5, 7]), [1, 2], true));
      await expectSame(() => reduce(filled([3, 5, 7])));
      await expectSame(() => reduce(filled([3, 5, 7]), 0));
      await expectSame(() => reduce(filled([1, 1]), 1));
    }
    await expectSame(() => tf.sum(tf.tensor([1, 2, 3], [3], 'int32')));
  });

  it('make distributions of logits of ±50', async () => {
    await expectSame(() => tf.softmax(tf.mul(filled([4, 9]), 100)));
    await expectSame(() => tf.softmax(filled([2, 3, 1])));
  });

  it('carry gradients', async () => {
    const loss = (w: tf.Tensor) =>
      tf.sum(tf.square(tf.softmax(tf.matMul(filled([4, 6]) as tf.Tensor2D, w as tf.Tensor2D)))) as tf.Scalar;
    await expectSame(() => tf.grad(loss)(filled([6, 5])));
  });
});
