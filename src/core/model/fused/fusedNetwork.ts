/**
 * The fused executor: the transformer as recorded plans of hand-written kernels over flat buffers. To a loss it is one differentiable
 * operation per call; the gradients of its weights never become tensors.
 */
import type { ModelConfig, OptimizerConfig, Pooling } from '../../../contract/config';
import { copyIn, copyOut, onTape } from '../../kernels/gpu/tensors';
import { scoringTemperature } from '../../sample/sampleTokens';
import type { Random } from '../../tensor/random';
import { assertSameShape } from '../../tensor/shapes';
import { tf } from '../../tf';
import type {
  CausalNetwork,
  GenerateOptions,
  Heads,
  NamedTensors,
  NetworkOptimizer,
  Parameter,
  Rollout,
  TokenBatch,
} from '../causalNetwork';
import { pool } from '../heads';
import { parameterList } from '../layout';
import { checkBatch, checkFrom } from '../trunk';
import type { Engine } from './engine';
import { copyShared, FlatBuffer, type FlatLayout, flatLayout, flatten, unflatten } from './flatWeights';
import { createFusedOptimizer } from './fusedOptimizer';
import { type HeadKind, type NetworkPlan, normPlaces, PassRecorder } from './networkPlan';
import { PlanShelf } from './planShelf';
import { RolloutWriter } from './rolloutWriter';

type Scored = { logprobs: tf.Tensor2D; entropy: tf.Tensor2D };

/** One call of the network: what to read off it, and where. */
interface Call {
  kind: HeadKind;
  batch: number;
  length: number;
  first: number;
  count: number;
  temperature: number;
}

/** A gradient that is being taken. */
interface Recording {
  /** backward passes so far; the first replaces the gradients, the others add to them */
  passes: number;
}

export class FusedNetwork implements CausalNetwork {
  readonly executor = 'fused';
  readonly parameters: readonly Parameter[];
  readonly layout: FlatLayout;
  readonly weights: FlatBuffer;
  private gradientBuffer: FlatBuffer | null = null;
  private readonly normTable: GPUBuffer;
  private readonly anchor: tf.Scalar;
  private readonly reading: PlanShelf;
  private readonly learning: PlanShelf;
  private readonly writer: RolloutWriter;
  private recording: Recording | null = null;
  private scale = { gain: 1, bias: 0 };

  /** @param values null leaves the weights 0, for the caller to fill */
  constructor(
    readonly engine: Engine,
    readonly name: string,
    readonly config: ModelConfig,
    readonly heads: Heads,
    values: NamedTensors | null,
  ) {
    const { device } = engine.gpu;
    this.parameters = parameterList(config, heads);
    this.layout = flatLayout(this.parameters);
    this.weights = new FlatBuffer(engine.gpu, `${name} weights`, this.layout);
    if (values) this.weights.write(flatten(this.layout, values));
    const places = normPlaces(this.layout, config.layers);
    this.normTable = device.createBuffer({
      size: Math.max(256, places.byteLength),
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
    device.queue.writeBuffer(this.normTable, 0, places);
    this.anchor = tf.keep(tf.scalar(0));
    this.reading = new PlanShelf((key) => this.record(JSON.parse(key) as Call, null));
    this.learning = new PlanShelf((key) => this.record(JSON.parse(key) as Call, this.gradients));
    this.writer = new RolloutWriter(engine, config, this.weights);
  }

  /** made when an optimiser first asks for them */
  get gradients(): FlatBuffer {
    this.gradientBuffer ??= new FlatBuffer(this.engine.gpu, `${this.name} gradients`, this.layout);
    return this.gradientBuffer;
  }

  /** bytes on the card: weights, gradients, arenas */
  get bytes(): number {
    const flat = 4 * this.layout.elements * (this.gradientBuffer ? 2 : 1);
    return flat + this.reading.bytes + this.learning.bytes + this.writer.bytes;
  }

  logits(batch: TokenBatch, from = 0): tf.Tensor3D {
    checkFrom(batch, from, 0);
    const [logits] = this.call({ language: 'logits', scalar: false }, batch, from, batch.tokens.shape[1] - from);
    return logits as tf.Tensor3D;
  }

  logprobs(batch: TokenBatch, from: number, temperature: number): Scored {
    checkFrom(batch, from, 1);
    const [logprobs, entropy] = this.before(batch, from, { language: 'logprobs', scalar: false }, temperature);
    return { logprobs, entropy } as Scored;
  }

  values(batch: TokenBatch, from: number): tf.Tensor2D {
    checkFrom(batch, from, 1);
    return tf.tidy(() => this.scaled(this.before(batch, from, { language: null, scalar: true })[0] as tf.Tensor2D));
  }

  logprobsAndValues(batch: TokenBatch, from: number, temperature: number): Scored & { values: tf.Tensor2D } {
    checkFrom(batch, from, 1);
    return tf.tidy(() => {
      const [logprobs, entropy, values] = this.before(batch, from, { language: 'logprobs', scalar: true }, temperature);
      return { logprobs, entropy, values: this.scaled(values as tf.Tensor2D) } as Scored & { values: tf.Tensor2D };
    });
  }

  scores(batch: TokenBatch, from: number, mask: tf.Tensor2D, pooling: Pooling): tf.Tensor1D {
    return tf.tidy(() => {
      const tokenScores = this.tokenScores(batch, from);
      assertSameShape({ mask, tokenScores });
      return this.scaled(pool(tokenScores, mask, pooling));
    });
  }

  tokenScores(batch: TokenBatch, from: number): tf.Tensor2D {
    checkFrom(batch, from, 0);
    const [scores] = this.call({ language: null, scalar: true }, batch, from, batch.tokens.shape[1] - from);
    return scores as tf.Tensor2D;
  }

  attention(batch: TokenBatch): tf.Tensor3D[] {
    return this.call({ language: null, scalar: false, maps: true }, batch, 0, batch.tokens.shape[1]) as tf.Tensor3D[];
  }

  hidden(batch: TokenBatch): tf.Tensor3D {
    const [hidden] = this.call({ language: null, scalar: false }, batch, 0, batch.tokens.shape[1]);
    return hidden as tf.Tensor3D;
  }

  generate(prompts: TokenBatch, options: GenerateOptions, random: Random): Rollout {
    const { tokens, mask, sampledLogprobs } = this.writer.write(prompts, options, random);
    sampledLogprobs.dispose();
    const promptLength = prompts.tokens.shape[1];
    const batch = { tokens, leftPad: prompts.leftPad && tf.clone(prompts.leftPad) };
    // one full pass, the same that the update will take: the ratio of an untouched policy is then exactly 1
    const logprobs = tf.tidy(() => tf.mul(this.logprobs(batch, promptLength, scoringTemperature(options.sampling)).logprobs, mask));
    return { batch, promptLength, completionMask: mask, logprobs: logprobs as tf.Tensor2D };
  }

  get scoreScale(): { gain: number; bias: number } {
    return { ...this.scale };
  }

  setScoreScale(gain: number, bias: number): void {
    this.scale = { gain: Math.fround(gain), bias: Math.fround(bias) }; // as they will be saved
  }

  createOptimizer(config: OptimizerConfig): NetworkOptimizer {
    return createFusedOptimizer(this, config);
  }

  clone(name: string, heads: Heads = this.heads): CausalNetwork {
    const copy = new FusedNetwork(this.engine, name, this.config, heads, null);
    copyShared(this.engine.gpu, this.weights, copy.weights);
    copy.scale = this.scoreScale;
    return copy;
  }

  async save(): Promise<NamedTensors> {
    const saved = unflatten(this.layout, await this.weights.read());
    if (this.heads.scalar) saved.scoreScale = { shape: [2], data: Float32Array.of(this.scale.gain, this.scale.bias) };
    return saved;
  }

  load(tensors: NamedTensors): void {
    this.weights.write(flatten(this.layout, tensors));
    const [gain, bias] = tensors.scoreScale?.data ?? [];
    if (gain !== undefined && bias !== undefined) this.setScoreScale(gain, bias);
  }

  dispose(): void {
    for (const owned of [this.reading, this.learning, this.writer, this.weights, this.gradientBuffer]) owned?.dispose();
    this.normTable.destroy();
    this.anchor.dispose();
  }

  /**
   * Runs a loss and leaves the gradient of every weight in `gradients`.
   * @returns the loss, owned by the caller
   */
  differentiate(loss: () => tf.Scalar): tf.Scalar {
    if (this.recording) throw new Error(`a gradient of ${this.name} is being taken already`);
    const recording: Recording = { passes: 0 };
    this.recording = recording;
    try {
      this.clearGradients(this.heads.scalar ? 'scalarHead/' : null);
      const { value } = tf.engine().gradients(loss, [this.anchor], undefined, true);
      if (recording.passes === 0) this.clearGradients('');
      return value;
    } finally {
      this.learning.giveBack();
      this.recording = null;
    }
  }

  /** debug: values that the passes of the last gradient left unwritten, when the engine poisons its plans */
  unwritten(): Promise<string[]> {
    return this.learning.unwritten();
  }

  /** sets the gradients of the weights whose name begins so to 0, because no pass may reach them */
  private clearGradients(prefix: string | null): void {
    if (prefix === null) return;
    const encoder = this.engine.gpu.device.createCommandEncoder();
    for (const { parameter, offset, size } of this.layout.places)
      if (parameter.name.startsWith(prefix)) encoder.clearBuffer(this.gradients.buffer, 4 * offset, 4 * size);
    this.engine.gpu.submit(encoder);
  }

  private scaled<T extends tf.Tensor>(raw: T): T {
    const { gain, bias } = this.scale;
    return gain === 1 && bias === 0 ? raw : (tf.add(tf.mul(raw, gain), bias) as T);
  }

  /** heads at the columns that emit tokens[from …] */
  private before(batch: TokenBatch, from: number, kind: HeadKind, temperature = 1): tf.Tensor[] {
    return this.call(kind, batch, from - 1, batch.tokens.shape[1] - from, temperature);
  }

  private call(kind: HeadKind, batch: TokenBatch, first: number, count: number, temperature = 1): tf.Tensor[] {
    checkBatch(batch, this.config);
    const [rows, length] = batch.tokens.shape;
    const call: Call = { kind, batch: rows, length, first, count, temperature };
    const key = JSON.stringify({ ...call, temperature: undefined });
    if (!this.recording) {
      const plan = this.reading.take(key);
      const outputs = this.forward(plan, call, batch);
      this.reading.giveBack();
      return outputs;
    }
    const plan = this.learning.take(key);
    return onTape(
      this.anchor,
      () => this.forward(plan, call, batch),
      (gradients) => this.backward(plan, call, gradients),
    );
  }

  private record({ kind, ...shape }: Call, gradients: FlatBuffer | null): NetworkPlan {
    const { gpu, kernels, poison = false } = this.engine;
    const buffers = { weights: this.weights, gradients, normPlaces: this.normTable };
    return new PassRecorder(gpu, this.name, kernels, this.config, buffers, shape, poison).record(kind);
  }

  private forward(found: NetworkPlan, call: Call, { tokens, leftPad }: TokenBatch): tf.Tensor[] {
    const { gpu } = this.engine;
    const { plan } = found;
    const encoder = gpu.device.createCommandEncoder();
    plan.poison();
    plan.setSteps({ temperature: call.temperature });
    copyIn(encoder, tokens, plan.place(found.tokens));
    const padding = plan.place(found.leftPad);
    if (leftPad) copyIn(encoder, leftPad, padding);
    else encoder.clearBuffer(padding.buffer, padding.offset, padding.size);
    plan.encode(encoder, 'forward');
    const outputs = this.outputs(found, call, encoder);
    gpu.submit(encoder);
    return outputs;
  }

  private outputs(found: NetworkPlan, { kind, batch, length, count }: Call, encoder: GPUCommandEncoder): tf.Tensor[] {
    const { plan, maps, logits, logprobs, entropy, scalars, hidden } = found;
    const { vocabSize, width, heads } = this.config;
    if (kind.maps) return maps.map((map) => copyOut(encoder, plan.place(map), [heads, length, length]));
    if (kind.language === 'logits') return [copyOut(encoder, plan.place(logits!), [batch, count, vocabSize])];
    const columns = [logprobs, entropy, scalars].filter((slot) => slot !== null);
    if (columns.length === 0) return [copyOut(encoder, plan.place(hidden), [batch, count, width])];
    return columns.map((slot) => copyOut(encoder, plan.place(slot), [batch, count]));
  }

  private backward(found: NetworkPlan, { temperature }: Call, gradients: tf.Tensor[]): void {
    const { gpu } = this.engine;
    const recording = this.recording as Recording;
    const { plan, dLogits, dLogprobs, dEntropy, dScalars } = found;
    const encoder = gpu.device.createCommandEncoder();
    plan.setSteps({ temperature, accumulate: recording.passes++ > 0 ? 1 : 0 });
    const slots = [dLogits, dLogprobs, dEntropy, dScalars].filter((slot) => slot !== null);
    slots.forEach((slot, i) => {
      copyIn(encoder, gradients[i]!, plan.place(slot));
    });
    plan.encode(encoder, 'backward');
    gpu.submit(encoder);
  }
}
