/** The engine on a graphics card: its kernels, compiled once for each size of model. */
import type { ModelConfig } from '../../../contract/config';
import type { Gpu } from '../../kernels/gpu/device';
import { playerOf } from '../../kernels/gpu/player';
import { bySize } from './bySize';
import type { Engine } from './engine';
import { gpuKernels, launchesOf } from './gpuKernels';

/** a real card has cores of its own; the slowest of them still answers in time */
const REAL_PACE = 4;

const kernelsFor = bySize((gpu: Gpu, config) => gpuKernels(config, gpu.style));

export function gpuEngine(gpu: Gpu, config: ModelConfig): Engine {
  const kernels = kernelsFor(gpu, config);
  const compile = (onProgress?: (done: number) => void): Promise<void> =>
    gpu.compile(
      launchesOf(kernels).map(({ kernel }) => kernel),
      onProgress,
    );
  return { player: playerOf(gpu), kernels, pace: gpu.style.alone ? 1 : REAL_PACE, compile };
}
