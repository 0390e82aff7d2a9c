/** Generation that never leaves the card: column by column for all rows at once, or a whole row in one workgroup. */
import type { ModelConfig } from '../../../contract/config';
import type { StepValues } from '../../kernels/gpu/kernel';
import { isPersistent } from '../../kernels/gpu/persistent';
import { PlanBuilder } from '../../kernels/gpu/planBuilder';
import { copyIn, copyOut } from '../../kernels/gpu/tensors';
import type { Random } from '../../tensor/random';
import { tf } from '../../tf';
import type { GenerateOptions, TokenBatch } from '../causalNetwork';
import { checkBatch } from '../trunk';
import type { Engine } from './engine';
import type { FlatBuffer } from './flatWeights';
import { ColumnRecorder } from './rolloutColumns';
import type { WritingPlan, WritingShape } from './rolloutPlan';
import { recordRows } from './rolloutRows';

/** shapes that are remembered */
const MOST = 4;

export interface Written {
  /** [B,P+G] int32, owned by the caller */
  tokens: tf.Tensor2D;
  /** [B,G] float32, owned by the caller */
  mask: tf.Tensor2D;
  /** [B,G] log-probabilities as the sampler saw them, owned by the caller */
  sampledLogprobs: tf.Tensor2D;
}

/** Owner of its plans. */
export class RolloutWriter {
  private readonly plans = new Map<string, WritingPlan>();

  constructor(
    private readonly engine: Engine,
    private readonly config: ModelConfig,
    private readonly weights: FlatBuffer,
  ) {}

  get bytes(): number {
    return [...this.plans.values()].reduce((sum, { plan }) => sum + plan.arenaBytes, 0);
  }

  /** @throws when prompt and completion do not fit the context */
  write(prompts: TokenBatch, options: GenerateOptions, random: Random): Written {
    checkBatch(prompts, this.config);
    const [batch, promptLength] = prompts.tokens.shape;
    const { completionLength } = options;
    const total = promptLength + completionLength;
    if (total > this.config.contextLength)
      throw new Error(`${promptLength} + ${completionLength} tokens do not fit the context of ${this.config.contextLength}`);
    const found = this.planFor({ batch, promptLength, completionLength });
    found.plan.poison();
    found.plan.setSteps(...found.columns.map((column) => stepOf(options, column, random)));
    random.skip(batch * completionLength);
    const whole = tf.tidy(() => tf.concat([prompts.tokens, tf.fill([batch, completionLength], options.padId, 'int32')], 1));
    const written = this.run(found, this.start(found, prompts, whole), { batch, promptLength, completionLength });
    whole.dispose();
    return written;
  }

  dispose(): void {
    for (const { plan } of this.plans.values()) plan.dispose();
    this.plans.clear();
  }

  private planFor(shape: WritingShape): WritingPlan {
    const key = JSON.stringify(shape);
    const found = this.plans.get(key) ?? this.record(shape);
    this.plans.delete(key);
    this.plans.set(key, found);
    if (this.plans.size > MOST) {
      const [oldest, { plan }] = this.plans.entries().next().value as [string, WritingPlan];
      plan.dispose();
      this.plans.delete(oldest);
    }
    return found;
  }

  /** @param whole [B,P+G] prompts and room for completions; @returns an encoder that copies them in first */
  private start(found: WritingPlan, { tokens, leftPad }: TokenBatch, whole: tf.Tensor): GPUCommandEncoder {
    const { gpu } = this.engine;
    const { plan } = found;
    const [batch] = tokens.shape;
    const encoder = gpu.device.createCommandEncoder();
    if (found.prompt) copyIn(encoder, tokens, plan.place(found.prompt));
    copyIn(encoder, whole, plan.place(found.tokens));
    const padding = plan.place(found.leftPad);
    if (leftPad) copyIn(encoder, leftPad, padding);
    else encoder.clearBuffer(padding.buffer, padding.offset, padding.size);
    const alive = plan.place(found.alive);
    gpu.device.queue.writeBuffer(alive.buffer, alive.offset, new Uint32Array(batch).fill(1));
    return encoder;
  }

  private run({ plan, submits, ...slots }: WritingPlan, started: GPUCommandEncoder, shape: WritingShape): Written {
    const { gpu } = this.engine;
    let encoder = started;
    submits.forEach((turns, i) => {
      if (i > 0) {
        gpu.submit(encoder);
        encoder = gpu.device.createCommandEncoder();
      }
      for (const { section, set } of turns) plan.encode(encoder, section, set);
    });
    const { batch, promptLength, completionLength } = shape;
    const written = {
      tokens: copyOut<tf.Tensor2D>(encoder, plan.place(slots.tokens), [batch, promptLength + completionLength], 'int32'),
      mask: copyOut<tf.Tensor2D>(encoder, plan.place(slots.mask), [batch, completionLength]),
      sampledLogprobs: copyOut<tf.Tensor2D>(encoder, plan.place(slots.logprobs), [batch, completionLength]),
    };
    gpu.submit(encoder);
    return written;
  }

  private record(shape: WritingShape): WritingPlan {
    const { gpu, poison = false, writesRows = false } = this.engine;
    const stepCapacity = shape.promptLength + shape.completionLength;
    const builder = new PlanBuilder(gpu, { name: 'rollout', stepCapacity, poison });
    if (writesRows && isPersistent(this.config)) return recordRows(builder, this.config, this.weights, shape);
    return new ColumnRecorder(builder, this.engine, this.config, this.weights, shape).record();
  }
}

function stepOf({ sampling, eosId, padId }: GenerateOptions, column: number, random: Random): StepValues {
  const { key, counter } = random.state;
  return { ...sampling, column, eosId: eosId ?? -1, padId, seed: key, counter };
}
