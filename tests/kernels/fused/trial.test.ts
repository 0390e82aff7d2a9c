/** A card on which the kernels compute something else than they should is found out before a run begins. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelConfig } from '../../../src/contract/config';
import { currentGpu, Gpu } from '../../../src/core/kernels/gpu/device';
import type { GpuLaunch } from '../../../src/core/kernels/gpu/kernel';
import { fusedEngine, preferExecutor } from '../../../src/core/model/executor';
import type { Engine } from '../../../src/core/model/fused/engine';
import { gpuEngine } from '../../../src/core/model/fused/gpuEngine';
import { type GpuKernels, gpuKernels } from '../../../src/core/model/fused/gpuKernels';
import { fusedDiffers } from '../../../src/core/model/fused/trial';
import { startBackend, tf } from '../../../src/core/tf';

const CONFIG: ModelConfig = {
  vocabSize: 11,
  contextLength: 16,
  layers: 1,
  heads: 2,
  width: 8,
  positions: 'learned',
  norm: 'pre',
  activation: 'gelu',
  tiedHead: true,
};

/** the same kernel with another formula in it */
function miscompiled(launch: GpuLaunch, from: string, to: string): GpuLaunch {
  const { kernel } = launch;
  expect(kernel.code).toContain(from);
  return { ...launch, kernel: { ...kernel, code: kernel.code.replace(from, to) } };
}

const BROKEN: [string, (kernels: GpuKernels) => GpuKernels, RegExp][] = [
  [
    'forward pass',
    (k) => ({ ...k, norm: miscompiled(k.norm, '= total(', '= 1.5 * total(') }),
    /^loss [\d.]+ instead of [\d.]+$/,
  ],
  [
    'gradient of attention',
    (k) => ({ ...k, attentionBack: miscompiled(k.attentionBack, 'exp(', '1.1 * exp(') }),
    /^gradient norm [\d.]+ instead/,
  ],
  [
    'step of the optimiser',
    (k) => ({ ...k, adamW: miscompiled(k.adamW, '* keep - nextM', '* keep + nextM') }),
    /^loss after a step [\d.]+ instead/,
  ],
  [
    'attention of generation',
    (k) => ({
      ...k,
      writing: { ...k.writing, attention: miscompiled(k.writing.attention, 'exp(score', '9.0 * exp(-score') },
    }),
    /^other texts/,
  ],
];

describe('the trial of a card', () => {
  let engine: Engine;
  beforeAll(async () => {
    await startBackend('webgpu');
    preferExecutor('auto');
    engine = fusedEngine(CONFIG) as Engine;
  });

  it('finds nothing where both executors agree, and leaves nothing behind', async () => {
    expect(await fusedDiffers(engine, CONFIG)).toBeNull();
    const { numTensors } = tf.memory();
    expect(await fusedDiffers(engine, CONFIG)).toBeNull();
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it.each(BROKEN)('finds a wrong %s', async (_, breakIt, what) => {
    const kernels = breakIt(gpuKernels(CONFIG, currentGpu()!.styled()));
    expect(await fusedDiffers({ ...engine, kernels }, CONFIG)).toMatch(what);
  });

  /** what a real card would run: the software GPU needs half a minute to compile it */
  it('finds nothing in wide tiles and subgroups either, and finds a subgroup that does not meet', async () => {
    const real = new Gpu(currentGpu()!.device, false);
    const written = gpuEngine(real, CONFIG, 'broadSubgroups');
    expect(written.style).toBe('broadSubgroups');
    expect(await fusedDiffers(written, CONFIG)).toBeNull();
    const kernels = gpuKernels(CONFIG, real.styled('broadSubgroups'));
    const alone = miscompiled(kernels.norm, 'subgroupShuffleXor(sum, 1u)', 'subgroupShuffleXor(sum, 0u)');
    expect(await fusedDiffers({ ...written, kernels: { ...kernels, norm: alone } }, CONFIG)).toMatch(/^loss /);
  }, 300_000);
});
