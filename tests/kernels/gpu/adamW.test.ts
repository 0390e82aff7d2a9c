import { beforeAll, describe, expect, it } from 'vitest';
import { adamWStep, clipScale, sumOfSquares } from '../../../src/core/kernels/gpu/adamW';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import { adamWNumbers } from '../../../src/core/kernels/plan/adamWNumbers';
import { DECAYS, FLAG_BLOCK, HEAD, NORM_PARTIALS } from '../../../src/core/kernels/plan/sharing';
import { AdamW } from '../../../src/core/optim/optimizer';
import { startBackend, tf } from '../../../src/core/tf';
import { COOPERATIVE, expectClose, filled, runKernel, SOLITARY, SUBGROUPS, unwritten } from './runKernel';

const config = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, maxGradNorm: 1 };
const rates = { learningRate: 0.01, headLearningRate: 0.03 };

/** tensors at multiples of FLAG_BLOCK, gaps between them */
const tensors = [
  { name: 'matrix', size: 130, offset: 0, decay: true, head: false },
  { name: 'vector', size: 7, offset: 192, decay: false, head: false },
  { name: 'head matrix', size: 12, offset: 256, decay: true, head: true },
  { name: 'head vector', size: 1, offset: 320, decay: false, head: true },
];
const ELEMENTS = 384;
const FLAGS = Uint32Array.from({ length: ELEMENTS / FLAG_BLOCK }, (_, block) => {
  const { decay, head } = tensors.findLast(({ offset }) => offset <= block * FLAG_BLOCK)!;
  return (decay ? DECAYS : 0) | (head ? HEAD : 0);
});

const isPadding = (i: number): boolean => !tensors.some(({ offset, size }) => i >= offset && i < offset + size);
const flat = (phase: number, scale = 1): Float32Array =>
  filled(ELEMENTS, phase).map((value, i) => (isPadding(i) ? 0 : scale * value));
const partsOf = (values: Float32Array): tf.Tensor[] =>
  tensors.map(({ offset, size }) => tf.tensor1d(values.slice(offset, offset + size)));

/** the portable optimiser over the same tensors */
async function portableSteps(gradients: Float32Array[], maxGradNorm: number) {
  await tf.setBackend('cpu');
  const list = tensors.map(({ name, size, decay, head }) => ({ name, shape: [size], decay, head }));
  const adam = new AdamW(list, { ...config, maxGradNorm });
  let weights = partsOf(flat(0));
  const norms: number[] = [];
  for (const gradient of gradients) {
    const stepped = adam.apply(weights, partsOf(gradient), rates);
    weights = stepped.weights;
    norms.push(stepped.gradNorm.dataSync()[0]!);
  }
  const saved = await adam.save();
  const values = weights.map((weight) => weight.dataSync());
  adam.dispose();
  await tf.setBackend('webgpu');
  return {
    values,
    norms,
    m: tensors.map(({ name }) => saved[`m/${name}`]!.data),
    v: tensors.map(({ name }) => saved[`v/${name}`]!.data),
  };
}

describe.each([COOPERATIVE, SUBGROUPS, SOLITARY])('AdamW kernels, $name', (style) => {
  let gpu: Gpu;
  beforeAll(async () => {
    await startBackend('webgpu');
    gpu = currentGpu()!;
  });

  const clip = async (gradients: Float32Array, maxGradNorm: number): Promise<{ scale: number; norm: number }> => {
    const { partials } = await runKernel(gpu, {
      launch: sumOfSquares(style),
      buffers: { gradients, partials: unwritten(NORM_PARTIALS) },
      shape: { elements: gradients.length },
    });
    const { scale, norm } = await runKernel(gpu, {
      launch: clipScale(style),
      buffers: { partials: partials!, scale: unwritten(1), norm: unwritten(1) },
      step: { maxGradNorm },
    });
    return { scale: scale![0]!, norm: norm![0]! };
  };

  it.each([4, 384, 5000])('measures the norm of %d gradients and shortens it', async (size) => {
    const gradients = filled(size);
    const norm = Math.hypot(...gradients);
    const shortened = await clip(gradients, norm / 4);
    expectClose([shortened.norm, shortened.scale], [norm, 0.25 / (1 + 1e-6 / norm)], 1e-6, 'clipped');
    expectClose([(await clip(gradients, 2 * norm)).scale, (await clip(gradients, 0)).scale], [1, 1], 0, 'left alone');
  });

  it('has no direction to keep when the gradient is 0', async () => {
    expect(await clip(new Float32Array(64), 1)).toEqual({ scale: 1, norm: 0 });
  });

  it.each([0, 1])('takes the steps of the portable optimiser, clipped to %d', async (maxGradNorm) => {
    const gradients = [1, 2, 3].map((phase) => flat(phase, 10 ** (phase - 2)));
    const portable = await portableSteps(gradients, maxGradNorm);
    let state = { weights: flat(0), m: new Float32Array(ELEMENTS), v: new Float32Array(ELEMENTS) };
    for (const [i, gradient] of gradients.entries()) {
      const { scale, norm } = await clip(gradient, maxGradNorm);
      expectClose([norm], [portable.norms[i]!], 1e-6, 'norm');
      const buffers = { ...state, gradients: gradient, flags: FLAGS, scale: Float32Array.of(scale) };
      const step = adamWNumbers({ ...config, maxGradNorm }, i + 1, rates);
      state = (await runKernel(gpu, {
        launch: adamWStep(style),
        buffers,
        shape: { elements: ELEMENTS },
        step,
      })) as typeof state;
    }
    tensors.forEach(({ name, offset, size }, i) => {
      const part = (values: Float32Array): Float32Array => values.subarray(offset, offset + size);
      expectClose(part(state.weights), portable.values[i]!, 1e-6, name);
      expectClose(part(state.m), portable.m[i]!, 1e-6, `m of ${name}`);
      const shares = part(state.v).map((value, j) => value / portable.v[i]![j]!);
      expectClose(shares, new Array(size).fill(1), 2e-6, `v of ${name}, as a share`);
    });
    for (const values of Object.values(state))
      expect(Array.from(values).every((value, i) => !isPadding(i) || value === 0)).toBe(true);
  });
});
