import type { Gpu } from '../../kernels/gpu/device';
import type { tf } from '../../tf';
import type { FlatBuffer, FlatLayout } from './flatWeights';
import type { KernelSet } from './kernelSet';

/** what the executor works with; shared by all networks of one size on one card */
export interface Engine {
  gpu: Gpu;
  kernels: KernelSet;
  /** rollouts by one workgroup per row where the model is small enough, see `rolloutRows.ts`; measured by the benchmark */
  writesRows?: boolean;
  /** tests: plans that show what is read before it is written */
  poison?: boolean;
}

/** A network as its optimiser sees it. */
export interface Trainable {
  readonly name: string;
  readonly engine: Engine;
  readonly layout: FlatLayout;
  readonly weights: FlatBuffer;
  readonly gradients: FlatBuffer;
  /** leaves the gradient of the loss in `gradients`; @returns its value, owned by the caller */
  differentiate(loss: () => tf.Scalar): tf.Scalar;
}
