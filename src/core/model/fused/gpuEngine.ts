/** The engine on a graphics card: its kernels, compiled once for each size of model. */
import type { ModelConfig } from '../../../contract/config';
import type { Gpu } from '../../kernels/gpu/device';
import { playerOf } from '../../kernels/gpu/player';
import type { Engine } from './engine';
import { type GpuKernels, gpuKernels, launchesOf } from './gpuKernels';

const known = new WeakMap<Gpu, Map<string, GpuKernels>>();

function kernelsFor(gpu: Gpu, config: ModelConfig): GpuKernels {
  const { width, heads, vocabSize, contextLength, layers } = config;
  const key = JSON.stringify([width, heads, vocabSize, contextLength, layers]);
  const sizes = known.get(gpu) ?? new Map<string, GpuKernels>();
  known.set(gpu, sizes);
  const kernels = sizes.get(key) ?? gpuKernels(config, gpu.style);
  sizes.set(key, kernels);
  return kernels;
}

export function gpuEngine(gpu: Gpu, config: ModelConfig): Engine {
  const kernels = kernelsFor(gpu, config);
  const compile = (onProgress?: (done: number) => void): Promise<void> =>
    gpu.compile(
      launchesOf(kernels).map(({ kernel }) => kernel),
      onProgress,
    );
  return { player: playerOf(gpu), kernels, compile };
}
