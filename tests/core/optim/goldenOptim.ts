import { describe } from 'vitest';
import type { OptimizerConfig, ScheduleConfig } from '../../../src/contract/config';
import { AdamW, type Trained } from '../../../src/core/optim/optimizer';
import { learningRateAt } from '../../../src/core/optim/schedule';
import { tf } from '../../../src/core/tf';
import { type Actual, itReproduces, type Json } from '../../helpers/golden';

interface GoldenConfig {
  lr: number;
  betas: [number, number];
  eps: number;
  weight_decay: number;
  max_grad_norm: number | null;
  schedule: { type: string; warmup_steps?: number; decay_steps?: number; min_lr?: number; total_updates?: number };
}
type Arrays = { [name: string]: tf.TensorLike };

const scheduleOf = ({ type, warmup_steps = 0, ...rest }: GoldenConfig['schedule']): ScheduleConfig => {
  if (type === 'cosine')
    return {
      type,
      warmupSteps: warmup_steps,
      totalSteps: rest.decay_steps as number,
      minLearningRate: rest.min_lr ?? 0,
    };
  if (type === 'linear_anneal')
    return { type: 'linear', warmupSteps: warmup_steps, totalSteps: rest.total_updates as number };
  if (type === 'constant') return { type, warmupSteps: warmup_steps };
  throw new Error(`schedule ${type}`);
};

/** Decay acts on tensors with two or more dimensions. */
const trainedOf = (params: Arrays): Trained[] =>
  Object.entries(params).map(([name, values]) => {
    const { shape } = tf.tensor(values);
    return { name, shape, decay: shape.length > 1, head: false };
  });

function trajectory(inputs: { [key: string]: Json }): { [name: string]: Actual } {
  const golden = inputs.config as unknown as GoldenConfig;
  const [beta1, beta2] = golden.betas;
  const config: OptimizerConfig = {
    beta1,
    beta2,
    epsilon: golden.eps,
    weightDecay: golden.weight_decay,
    maxGradNorm: golden.max_grad_norm ?? 0,
  };
  const params = inputs.params as unknown as Arrays;
  const optimizer = new AdamW(trainedOf(params), config, inputs.optimizer === 'adam_tf' ? 'tensorflow' : 'torch');
  let weights = Object.values(params).map((values) => tf.tensor(values));
  const steps = (inputs.grads_per_step as unknown as Arrays[]).map((gradients, step) => {
    const learningRate = learningRateAt(scheduleOf(golden.schedule), golden.lr, step);
    const list = Object.keys(params).map((name) => tf.tensor(gradients[name] as tf.TensorLike));
    const next = optimizer.apply(weights, list, { learningRate, headLearningRate: learningRate });
    weights = next.weights;
    const named = Object.fromEntries(Object.keys(params).map((name, i) => [name, weights[i] as tf.Tensor]));
    return { step, lr: learningRate, grad_norm_before_clip: next.gradNorm, params: named };
  });
  return { steps };
}

export function describeGoldenOptim(): void {
  describe('optimisers against the reference vectors', () => {
    itReproduces('j_optimizers', ['optimizer', 'config', 'params', 'grads_per_step'], trajectory);
  });
}
