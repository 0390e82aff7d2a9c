/** What AdamW's kernels are told at each step. */
import type { OptimizerConfig } from '../../../contract/config';
import { wholePower } from '../../tensor/exact';
import type { StepValues } from './stepNumbers';

/**
 * The bias corrections and the decay folded into the numbers that clipping and step read, computed in double precision:
 * 1 − 0.999 from a rounded 0.999 would be off by 1e-5.
 * @param step counts from 1
 */
export function adamWNumbers(
  config: OptimizerConfig,
  step: number,
  rates: { learningRate: number; headLearningRate: number },
): StepValues {
  const { beta1, beta2, epsilon, weightDecay, maxGradNorm } = config;
  const root = Math.sqrt(1 - wholePower(beta2, step));
  const correction = root / (1 - wholePower(beta1, step));
  return {
    rate: rates.learningRate * correction,
    headRate: rates.headLearningRate * correction,
    keep: 1 - rates.learningRate * weightDecay,
    headKeep: 1 - rates.headLearningRate * weightDecay,
    epsilon: epsilon * root,
    oneMinusBeta1: 1 - beta1,
    oneMinusBeta2: 1 - beta2,
    maxGradNorm,
  };
}
