/** The engine on a graphics card: its kernels, compiled once for each size of model. */
import type { KernelStyleName, ModelConfig } from '../../../contract/config';
import type { Gpu } from '../../kernels/gpu/device';
import { reduceNorms } from '../../kernels/gpu/layerNorm';
import { matMul } from '../../kernels/gpu/matMul';
import { playerOf } from '../../kernels/gpu/player';
import type { KernelStyle } from '../../kernels/gpu/style';
import { bySize } from './bySize';
import type { Engine } from './engine';
import { gpuKernels, launchesOf } from './gpuKernels';

/** a real card has cores of its own; the slowest of them still answers in time */
const REAL_PACE = 4;

/** styles are a card's own, so what is known of their kernels holds for that card alone */
const kernelsFor = bySize((style: KernelStyle, config) => gpuKernels(config, style));

/** @param name of a style, where this card can run it; else the kernels are written as is best here */
export function gpuEngine(gpu: Gpu, config: ModelConfig, name: KernelStyleName | null): Engine {
  const style = gpu.styled(name);
  const kernels = kernelsFor(style, config);
  const compile = (onProgress?: (done: number) => void): Promise<void> =>
    gpu.compile(
      launchesOf(kernels).map(({ kernel }) => kernel),
      onProgress,
    );
  const player = playerOf(gpu);
  return {
    player,
    kernels,
    product: (spec) => matMul(spec, style),
    listing: null,
    normGradient: (norms) => reduceNorms({ width: config.width, norms }, style),
    arithmetic: 'webgpu',
    writesAsItReads: false,
    style: style.name,
    pace: style.alone ? 1 : REAL_PACE,
    compile,
  };
}
