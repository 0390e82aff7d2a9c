/** Clip by global norm and AdamW over flat memory: three dispatches whatever the number of weights. */
import type { OptimizerConfig } from '../../../contract/config';
import { adamWNumbers } from '../../kernels/plan/adamWNumbers';
import { PlanBuilder } from '../../kernels/plan/planBuilder';
import type { Memory, Plan, Slot } from '../../kernels/plan/player';
import { NORM_PARTIALS } from '../../kernels/plan/sharing';
import { loadStep, saveStep } from '../../optim/optimizer';
import { fromPrefix, underPrefix } from '../../tensor/prefix';
import { tf } from '../../tf';
import type { NamedTensors, NetworkOptimizer, Objective, Shown } from '../causalNetwork';
import { lettingShow } from '../objective';
import type { Trainable } from './engine';
import { FlatBuffer, flatten } from './flatWeights';

interface StepPlan {
  plan: Plan;
  /** [1] before clipping */
  norm: Slot;
}

function recordStep(network: Trainable, moments: { m: FlatBuffer; v: FlatBuffer }, flags: Memory): StepPlan {
  const { engine, layout, weights, gradients } = network;
  const { kernels } = engine;
  const builder = new PlanBuilder(engine.player, { name: `${network.name} optimiser` });
  const { elements } = layout;
  const flat = (name: string, { memory }: FlatBuffer): Slot => builder.outside(name, memory, 0, elements);
  const [gradient, partials] = [flat('gradients', gradients), builder.value('partials', NORM_PARTIALS)];
  builder.section('step');
  const clip = builder.value('clip', 1);
  const norm = builder.hand(builder.value('norm', 1));
  builder.dispatch(kernels.sumOfSquares, { gradients: gradient, partials }, { elements });
  builder.dispatch(kernels.clipScale, { partials, scale: clip, norm }, {});
  builder.dispatch(
    kernels.adamW,
    {
      weights: flat('weights', weights),
      gradients: gradient,
      m: flat('m', moments.m),
      v: flat('v', moments.v),
      flags: builder.outside('flags', flags, 0, layout.flags.length),
      scale: clip,
    },
    { elements },
  );
  return { plan: builder.build(), norm };
}

class FusedOptimizer implements NetworkOptimizer {
  private steps = 0;
  private readonly m: FlatBuffer;
  private readonly v: FlatBuffer;
  private readonly flags: Memory;
  private readonly step: StepPlan;

  constructor(
    private readonly network: Trainable,
    private readonly config: OptimizerConfig,
  ) {
    const { engine, layout, name } = network;
    const { player } = engine;
    this.m = FlatBuffer.allocate(player, `${name} m`, layout);
    this.v = FlatBuffer.allocate(player, `${name} v`, layout);
    this.flags = player.allocate(`${name} flags`, layout.flags.byteLength);
    this.flags.write(layout.flags);
    this.step = recordStep(network, { m: this.m, v: this.v }, this.flags);
  }

  minimize<S extends Shown>(
    objective: () => Objective<S>,
    learningRate: number,
    headLearningRate = learningRate,
  ): { loss: tf.Scalar; gradNorm: tf.Scalar; shown: S } {
    const { loss, shown } = lettingShow(objective);
    const step = tf.tidy(() => {
      const value = this.network.differentiate(loss);
      return { loss: value, gradNorm: this.apply(learningRate, headLearningRate) };
    });
    return { ...step, shown: shown() };
  }

  async save(): Promise<NamedTensors> {
    const [m, v] = await Promise.all([this.m.save(), this.v.save()]);
    return { ...saveStep(this.steps), ...underPrefix('m', m), ...underPrefix('v', v) };
  }

  load(tensors: NamedTensors): void {
    const steps = loadStep(tensors);
    const { layout } = this.network;
    // both, before either is written
    const [m, v] = [flatten(layout, fromPrefix('m', tensors)), flatten(layout, fromPrefix('v', tensors))];
    this.m.memory.write(m);
    this.v.memory.write(v);
    this.steps = steps;
  }

  dispose(): void {
    for (const owned of [this.step.plan, this.m, this.v, this.flags]) owned.dispose();
  }

  private apply(learningRate: number, headLearningRate: number): tf.Scalar {
    this.steps++;
    const { plan, norm } = this.step;
    plan.setSteps(adamWNumbers(this.config, this.steps, { learningRate, headLearningRate }));
    const run = plan.begin();
    run.play('step');
    const gradNorm = run.take<tf.Scalar>(norm, []);
    run.submit();
    return gradNorm;
  }
}

export const createFusedOptimizer = (network: Trainable, config: OptimizerConfig): NetworkOptimizer =>
  new FusedOptimizer(network, config);
