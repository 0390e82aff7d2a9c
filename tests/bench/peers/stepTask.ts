/** A training step as another library is told of it. */
import type { CausalNetwork } from '../../../src/core/model/causalNetwork';
import { STEP, type StepWork } from '../work';
import type { Model, Task } from './peer';

/** so many losses are compared: the later ones also tell of gradient, clip and AdamW */
export const CHECKED_STEPS = 3;

export const modelOf = async (network: CausalNetwork): Promise<Model> => ({
  config: network.config,
  weights: await network.save(),
});

/** before its first step */
export const stepTask = async ({
  network,
  tokens,
}: StepWork & { network: CausalNetwork }): Promise<Extract<Task, { kind: 'step' }>> => ({
  kind: 'step',
  model: await modelOf(network),
  tokens: await tokens.array(),
  ...STEP,
});
