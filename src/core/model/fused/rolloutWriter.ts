/**
 * Generation that never leaves the card: the prompt is read once, then every column is embedded, passed through the blocks with the
 * keys and values of the columns before it, and sampled; the next column reads what was sampled.
 *
 *   prefill   prompt [B,P] → caches, logits of column P−1
 *   sample    logits → token, mask and log-probability of column c
 *   read      column c → caches, logits of column c
 */
import type { ModelConfig } from '../../../contract/config';
import type { StepValues } from '../../kernels/gpu/kernel';
import type { Plan, Slot } from '../../kernels/gpu/plan';
import { PlanBuilder } from '../../kernels/gpu/planBuilder';
import { copyIn, copyOut } from '../../kernels/gpu/tensors';
import type { Random } from '../../tensor/random';
import { tf } from '../../tf';
import type { GenerateOptions, TokenBatch } from '../causalNetwork';
import { checkBatch } from '../trunk';
import type { FlatBuffer } from './flatWeights';
import type { Engine } from './fusedNetwork';
import { Named, TrunkRecorder } from './trunkRecorder';

/** columns that one submit may hold: short enough that a slow card answers in time */
const COLUMNS_PER_SUBMIT = 8;
/** shapes that are remembered */
const MOST = 4;

interface WritingShape {
  batch: number;
  promptLength: number;
  completionLength: number;
}

interface WritingPlan {
  plan: Plan;
  prompt: Slot;
  /** [B,P+G] */
  tokens: Slot;
  leftPad: Slot;
  /** [B] 1 while the row goes on */
  alive: Slot;
  /** [B,G] */
  mask: Slot;
  /** [B,G] as sampled, without filters */
  logprobs: Slot;
}

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
    found.plan.setSteps(...stepsOf(options, promptLength, random));
    random.skip(batch * completionLength);
    this.start(found, prompts, options);
    return this.columns(found, { batch, promptLength, completionLength });
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

  private start(found: WritingPlan, { tokens, leftPad }: TokenBatch, { completionLength, padId }: GenerateOptions): void {
    const { gpu } = this.engine;
    const { plan } = found;
    const [batch] = tokens.shape;
    const whole = tf.tidy(() => tf.concat([tokens, tf.fill([batch, completionLength], padId, 'int32')], 1));
    const encoder = gpu.device.createCommandEncoder();
    copyIn(encoder, tokens, plan.place(found.prompt));
    copyIn(encoder, whole, plan.place(found.tokens));
    const padding = plan.place(found.leftPad);
    if (leftPad) copyIn(encoder, leftPad, padding);
    else encoder.clearBuffer(padding.buffer, padding.offset, padding.size);
    const alive = plan.place(found.alive);
    gpu.device.queue.writeBuffer(alive.buffer, alive.offset, new Uint32Array(batch).fill(1));
    plan.encode(encoder, 'prefill');
    plan.encode(encoder, 'sample', 0);
    gpu.submit(encoder);
    whole.dispose();
  }

  private columns({ plan, tokens, mask, logprobs }: WritingPlan, { batch, promptLength, completionLength }: WritingShape): Written {
    const { gpu } = this.engine;
    let encoder = gpu.device.createCommandEncoder();
    for (let g = 1; g < completionLength; g++) {
      plan.encode(encoder, 'read', g - 1);
      plan.encode(encoder, 'sample', g);
      if (g % COLUMNS_PER_SUBMIT > 0) continue;
      gpu.submit(encoder);
      encoder = gpu.device.createCommandEncoder();
    }
    const written = {
      tokens: copyOut<tf.Tensor2D>(encoder, plan.place(tokens), [batch, promptLength + completionLength], 'int32'),
      mask: copyOut<tf.Tensor2D>(encoder, plan.place(mask), [batch, completionLength]),
      sampledLogprobs: copyOut<tf.Tensor2D>(encoder, plan.place(logprobs), [batch, completionLength]),
    };
    gpu.submit(encoder);
    return written;
  }

  private record(shape: WritingShape): WritingPlan {
    const { gpu, poison = false } = this.engine;
    const builder = new PlanBuilder(gpu, { name: 'rollout', stepCapacity: shape.completionLength, poison });
    return new WritingRecorder(builder, this.engine, this.config, this.weights, shape).record();
  }
}

/** one set of numbers per column that is written */
function stepsOf({ sampling, completionLength, eosId, padId }: GenerateOptions, promptLength: number, random: Random): StepValues[] {
  const { key, counter } = random.state;
  return Array.from({ length: completionLength }, (_, g) => ({
    ...sampling,
    column: promptLength + g,
    eosId: eosId ?? -1,
    padId,
    seed: key,
    counter,
  }));
}

/** Lays the three sections of a writing plan down. */
class WritingRecorder {
  private readonly weights: Named;
  /** keys and values of every column, [B,P+G,3C] per layer */
  private readonly caches: Slot[];
  private readonly total: number;
  private readonly logits: Slot;

  constructor(
    private readonly builder: PlanBuilder,
    private readonly engine: Engine,
    private readonly config: ModelConfig,
    weights: FlatBuffer,
    private readonly shape: WritingShape,
  ) {
    this.weights = new Named(builder, weights);
    this.total = shape.promptLength + shape.completionLength;
    const { layers, width, vocabSize } = config;
    this.caches = Array.from({ length: layers }, () => builder.value('cache', shape.batch * this.total * 3 * width));
    this.logits = builder.value('logits', shape.batch * vocabSize);
  }

  record(): WritingPlan {
    const { builder, shape } = this;
    const { batch, completionLength } = shape;
    builder.section('prefill');
    const prompt = builder.receive('prompt', batch * shape.promptLength);
    const tokens = builder.receive('tokens', batch * this.total);
    const leftPad = builder.receive('leftPad', batch);
    const alive = builder.receive('alive', batch);
    const [mask, logprobs] = ['mask', 'logprobs'].map((name) => builder.value(name, batch * completionLength)) as [Slot, Slot];
    this.prefill(prompt, leftPad);
    builder.section('read');
    this.read(tokens, leftPad);
    builder.section('sample');
    this.sample({ tokens, alive, mask, logprobs });
    // sections run in turn again and again, so nothing may share memory with what lives from round to round
    for (const slot of [...this.caches, this.logits, tokens, leftPad, alive, mask, logprobs]) builder.holdThroughout(slot);
    return { plan: builder.build(), prompt, tokens, leftPad, alive, mask, logprobs };
  }

  private prefill(prompt: Slot, leftPad: Slot): void {
    const { builder, config, shape } = this;
    const { kernels } = this.engine;
    const { batch, promptLength } = shape;
    const rows = batch * promptLength;
    let x = builder.value('x', rows * config.width);
    builder.dispatch(kernels.embed, { tokens: prompt, leftPad, ...this.tables, out: x }, { rows, length: promptLength });
    const trunk = new TrunkRecorder(builder, kernels, config, this.weights, rows);
    for (let layer = 0; layer < config.layers; layer++) {
      const attend = (qkv: Slot) => {
        builder.dispatch(kernels.writing.store, { qkv, cache: this.caches[layer]! }, { rows, length: promptLength, total: this.total });
        const attended = builder.value('attended', rows * config.width);
        const lse = builder.value('lse', rows * config.heads);
        builder.dispatch(kernels.attention, { qkv, leftPad, out: attended, lse }, { batch, length: promptLength });
        return { attended, lse };
      };
      x = trunk.block(layer, x, attend).out;
    }
    this.speak(trunk, x, { rows: batch, length: promptLength, first: promptLength - 1, count: 1 });
  }

  private read(tokens: Slot, leftPad: Slot): void {
    const { builder, config, shape } = this;
    const { kernels } = this.engine;
    const { batch } = shape;
    const sizes = { batch, total: this.total };
    let x = builder.value('x', batch * config.width);
    builder.dispatch(kernels.writing.embed, { tokens, leftPad, ...this.tables, out: x }, sizes);
    const trunk = new TrunkRecorder(builder, kernels, config, this.weights, batch);
    for (let layer = 0; layer < config.layers; layer++) {
      const attend = (qkv: Slot) => {
        const attended = builder.value('attended', batch * config.width);
        builder.dispatch(kernels.writing.attention, { qkv, cache: this.caches[layer]!, leftPad, out: attended }, sizes);
        return { attended, lse: attended };
      };
      x = trunk.block(layer, x, attend).out;
    }
    this.speak(trunk, x, { rows: batch, length: 1, first: 0, count: 1 });
  }

  /** logits of selected rows of the residual stream */
  private speak(trunk: TrunkRecorder, x: Slot, columns: Record<string, number>): void {
    const { builder, config, shape } = this;
    const { kernels } = this.engine;
    const [out, stats] = [builder.value('hidden', shape.batch * config.width), builder.value('final stats', 2 * shape.batch)];
    builder.dispatch(kernels.norm, { x, ...trunk.norm('finalNorm'), out, stats }, columns);
    builder.dispatch(kernels.logits, { a: out, b: this.weights.get('tokenEmbedding'), out: this.logits }, { rows: shape.batch });
  }

  private sample(slots: { tokens: Slot; alive: Slot; mask: Slot; logprobs: Slot }): void {
    const { batch, promptLength, completionLength } = this.shape;
    this.builder.dispatch(
      this.engine.kernels.writing.sample,
      { logits: this.logits, ...slots },
      { batch, total: this.total, first: promptLength, count: completionLength },
    );
  }

  private get tables(): { tokenTable: Slot; positionTable: Slot } {
    return { tokenTable: this.weights.get('tokenEmbedding'), positionTable: this.weights.get('positionEmbedding') };
  }
}
