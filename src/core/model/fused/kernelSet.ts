/**
 * The kernels that a recording names, whoever plays it. They are listed once, where the card's are made; another player
 * brings kernels of the same names, each with the same buffers and shape.
 */
import type { Launch } from '../../kernels/plan/player';
import type { GpuKernels } from './gpuKernels';

type Played<Kernels> = Kernels extends Launch ? Launch : { readonly [Name in keyof Kernels]: Played<Kernels[Name]> };

export type KernelSet = Played<GpuKernels>;
