import { type NamedScalars, nameScalars } from '../kernels/namedScalars';
import type { NetworkOptimizer, Objective, Shown } from '../model/causalNetwork';
import { tf } from '../tf';

/**
 * One step down the gradient of an objective.
 * @returns all that there is to see of it, on the device until it is read; owned by the caller
 */
export function descend<S extends Shown>(
  optimizer: NetworkOptimizer,
  objective: () => Objective<S>,
  learningRate: number,
  headLearningRate?: number,
): NamedScalars<'loss' | 'gradNorm' | Extract<keyof S, string>> {
  const { loss, gradNorm, shown } = optimizer.minimize(objective, learningRate, headLearningRate);
  const seen = { loss, gradNorm, ...shown } as Record<'loss' | 'gradNorm' | Extract<keyof S, string>, tf.Scalar>;
  const scalars = nameScalars(seen);
  tf.dispose(Object.values(seen));
  return scalars;
}
