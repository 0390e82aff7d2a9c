/** Clip by global norm and AdamW over flat buffers: three dispatches whatever the number of weights. */
import type { OptimizerConfig } from '../../../contract/config';
import { adamWNumbers, NORM_PARTIALS } from '../../kernels/gpu/adamW';
import type { Plan, Slot } from '../../kernels/gpu/plan';
import { PlanBuilder } from '../../kernels/gpu/planBuilder';
import { copyOut } from '../../kernels/gpu/tensors';
import { tf } from '../../tf';
import type { NamedTensors, NetworkOptimizer, Objective, Shown } from '../causalNetwork';
import { lettingShow } from '../objective';
import type { Trainable } from './engine';
import { FlatBuffer, flatten, unflatten } from './flatWeights';

interface StepPlan {
  plan: Plan;
  /** [1] before clipping */
  norm: Slot;
}

function recordStep(network: Trainable, moments: { m: FlatBuffer; v: FlatBuffer }, flags: GPUBuffer): StepPlan {
  const { engine, layout, weights, gradients } = network;
  const { kernels } = engine;
  const builder = new PlanBuilder(engine.gpu, { name: `${network.name} optimiser` });
  const { elements } = layout;
  const flat = (name: string, { buffer }: FlatBuffer): Slot => builder.outside(name, buffer, 0, elements);
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
  private readonly flags: GPUBuffer;
  private readonly step: StepPlan;

  constructor(
    private readonly network: Trainable,
    private readonly config: OptimizerConfig,
  ) {
    const { engine, layout, name } = network;
    const { device } = engine.gpu;
    this.m = new FlatBuffer(engine.gpu, `${name} m`, layout);
    this.v = new FlatBuffer(engine.gpu, `${name} v`, layout);
    this.flags = device.createBuffer({
      size: Math.max(256, layout.flags.byteLength),
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
    device.queue.writeBuffer(this.flags, 0, layout.flags);
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
    const { layout } = this.network;
    const step = { shape: [1], data: Float32Array.of(this.steps) };
    const [m, v] = await Promise.all([this.m.read(), this.v.read()]);
    return { step, ...unflatten(layout, m, 'm/'), ...unflatten(layout, v, 'v/') };
  }

  load(tensors: NamedTensors): void {
    const step = tensors.step?.data[0];
    if (step === undefined) throw new Error('optimizer state lacks `step`');
    const { layout } = this.network;
    const [m, v] = (['m/', 'v/'] as const).map((prefix) => flatten(layout, without(prefix, tensors)));
    this.m.write(m!);
    this.v.write(v!);
    this.steps = step;
  }

  dispose(): void {
    this.step.plan.dispose();
    this.m.dispose();
    this.v.dispose();
    this.flags.destroy();
  }

  private apply(learningRate: number, headLearningRate: number): tf.Scalar {
    this.steps++;
    const { gpu } = this.network.engine;
    const { plan, norm } = this.step;
    plan.setSteps(adamWNumbers(this.config, this.steps, { learningRate, headLearningRate }));
    const encoder = gpu.device.createCommandEncoder();
    plan.encode(encoder, 'step');
    const gradNorm = copyOut<tf.Scalar>(encoder, plan.place(norm), []);
    gpu.submit(encoder);
    return gradNorm;
  }
}

/** the tensors whose name begins with the prefix, without it */
function without(prefix: string, tensors: NamedTensors): NamedTensors {
  const entries = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

export const createFusedOptimizer = (network: Trainable, config: OptimizerConfig): NetworkOptimizer => new FusedOptimizer(network, config);
