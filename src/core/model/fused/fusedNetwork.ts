/**
 * The fused executor: the transformer as recorded plans of hand-written kernels over flat memory. To a loss it is one
 * differentiable operation per call; the gradients of its weights never become tensors. What plays the plans is the
 * engine's matter.
 */
import type { ModelConfig, OptimizerConfig } from '../../../contract/config';
import { onTape } from '../../kernels/onTape';
import type { Memory, Run, Slot } from '../../kernels/plan/player';
import type { Random } from '../../tensor/random';
import { tf } from '../../tf';
import { BaseNetwork, type Columns, type HeadKind, type Readings, type Written } from '../baseNetwork';
import type { GenerateOptions, Heads, NamedTensors, NetworkOptimizer, TokenBatch } from '../causalNetwork';
import { isHead } from '../layout';
import { checkBatch } from '../trunk';
import type { Engine, Trainable } from './engine';
import { FlatBuffer, type FlatLayout, flatLayout } from './flatWeights';
import { createFusedOptimizer } from './fusedOptimizer';
import { type NetworkPlan, normOffsets, type PassKind, PassRecorder, type PassShape } from './networkPlan';
import { PlanShelf } from './planShelf';
import { recordColumns } from './rolloutColumns';
import { RolloutWriter } from './rolloutWriter';

/** One kind of call of the network: what to read off it, and where. Calls of one kind share a plan. */
interface Call {
  kind: PassKind;
  shape: PassShape;
}

/** A gradient that is being taken. */
interface Differentiation {
  /** backward passes so far; the first replaces the gradients, the others add to them */
  passes: number;
}

export class FusedNetwork extends BaseNetwork implements Trainable {
  readonly executor = 'fused';
  readonly tuning = null;
  readonly layout: FlatLayout;
  readonly weights: FlatBuffer;
  private gradientBuffer: FlatBuffer | null = null;
  private readonly normTable: Memory;
  private readonly anchor: tf.Scalar;
  private readonly reading: PlanShelf;
  private readonly learning: PlanShelf;
  protected readonly writer: RolloutWriter;
  private underway: Differentiation | null = null;

  /** @param values null leaves the weights 0, for the caller to fill */
  constructor(
    readonly engine: Engine,
    name: string,
    config: ModelConfig,
    heads: Heads,
    values: NamedTensors | null,
  ) {
    super(name, config, heads, values);
    const { player } = engine;
    this.layout = flatLayout(this.parameters);
    this.weights = new FlatBuffer(player, `${name} weights`, this.layout);
    if (values) this.weights.load(values);
    const offsets = normOffsets(this.layout, config.layers);
    this.normTable = player.allocate(`${name} norms`, offsets.byteLength);
    this.normTable.write(offsets);
    this.anchor = tf.keep(tf.scalar(0));
    this.reading = new PlanShelf((key) => this.record(JSON.parse(key) as Call, null));
    this.learning = new PlanShelf((key) => this.record(JSON.parse(key) as Call, this.gradients));
    this.writer = this.createWriter();
  }

  /** made when an optimiser first asks for them */
  get gradients(): FlatBuffer {
    this.gradientBuffer ??= new FlatBuffer(this.engine.player, `${this.name} gradients`, this.layout);
    return this.gradientBuffer;
  }

  /** bytes that are held: weights, gradients, arenas */
  get bytes(): number {
    const flat = 4 * this.layout.elements * (this.gradientBuffer ? 2 : 1);
    return flat + this.reading.bytes + this.learning.bytes + this.writer.bytes;
  }

  attention(batch: TokenBatch): tf.Tensor3D[] {
    return this.pass(batch, { language: null, scalar: false, maps: true }, all(batch)) as tf.Tensor3D[];
  }

  hidden(batch: TokenBatch): tf.Tensor3D {
    const [hidden] = this.pass(batch, { language: null, scalar: false }, all(batch));
    return hidden as tf.Tensor3D;
  }

  createOptimizer(config: OptimizerConfig): NetworkOptimizer {
    return createFusedOptimizer(this, config);
  }

  dispose(): void {
    for (const owned of [
      this.reading,
      this.learning,
      this.writer,
      this.weights,
      this.gradientBuffer,
      this.normTable,
      this.anchor,
    ])
      owned?.dispose();
  }

  /**
   * Runs a loss and leaves the gradient of every weight in `gradients`.
   * @returns the loss, owned by the caller
   */
  differentiate(loss: () => tf.Scalar): tf.Scalar {
    if (this.underway) throw new Error(`a gradient of ${this.name} is being taken already`);
    const underway: Differentiation = { passes: 0 };
    this.underway = underway;
    try {
      this.gradients.clear(isHead); // the passes of a loss may leave the scalar head out
      const { value } = tf.engine().gradients(loss, [this.anchor], undefined, true);
      if (underway.passes === 0) this.gradients.clear(() => true);
      return value;
    } finally {
      this.learning.giveBack();
      this.underway = null;
    }
  }

  /** debug: values that the passes of the last gradient left unwritten, when the engine poisons its plans */
  unwritten(): Promise<string[]> {
    return this.learning.unwritten();
  }

  protected createWriter(): RolloutWriter {
    return new RolloutWriter(this.engine, this.config, (builder, shape) => recordColumns(builder, this, shape));
  }

  protected read(batch: TokenBatch, kind: HeadKind, columns: Columns, temperature: number): Readings {
    const outputs = this.pass(batch, kind, columns, temperature);
    if (kind.language === 'logits') return { logits: outputs[0] as tf.Tensor3D };
    const [first, second] = outputs as tf.Tensor2D[];
    return {
      ...(kind.language && { logprobs: first!, entropy: second! }),
      ...(kind.scalar && { scalars: outputs.at(-1) as tf.Tensor2D }),
    };
  }

  protected *write(prompts: TokenBatch, options: GenerateOptions, random: Random): Generator<void, Written> {
    const { tokens, mask, sampledLogprobs } = yield* this.writer.write(prompts, options, random);
    if (this.engine.writesAsItReads) return { tokens, mask, logprobs: sampledLogprobs };
    sampledLogprobs.dispose();
    return { tokens, mask };
  }

  protected copy(name: string, heads: Heads): FusedNetwork {
    const copy = new FusedNetwork(this.engine, name, this.config, heads, null);
    copy.weights.copyShared(this.weights);
    return copy;
  }

  protected tune(name: string): BaseNetwork {
    throw new Error(`${name} is to learn in part, and the fused executor trains all weights: use the portable one`);
  }

  protected merge(name: string): FusedNetwork {
    return this.copy(name, this.heads);
  }

  protected saveWeights(): Promise<NamedTensors> {
    return this.weights.save();
  }

  protected saveMerged(): Promise<NamedTensors> {
    return this.weights.save();
  }

  protected loadWeights(tensors: NamedTensors): void {
    this.weights.load(tensors);
  }

  private pass(
    { tokens, leftPad }: TokenBatch,
    kind: PassKind,
    { first, count }: Columns,
    temperature = 1,
  ): tf.Tensor[] {
    checkBatch({ tokens, leftPad }, this.config);
    const [batch, length] = tokens.shape;
    const call: Call = { kind, shape: { batch, length, first, count } };
    const key = JSON.stringify(call);
    const shelf = this.underway ? this.learning : this.reading;
    const plan = shelf.take(key);
    const forward = () => this.forward(plan, call, { tokens, leftPad }, temperature);
    if (this.underway) return onTape(this.anchor, forward, (gradients) => this.backward(plan, temperature, gradients));
    const outputs = forward();
    shelf.giveBack();
    return outputs;
  }

  private record({ kind, shape }: Call, gradients: FlatBuffer | null): NetworkPlan {
    const buffers = { weights: this.weights, gradients, normOffsets: this.normTable };
    return new PassRecorder(this.engine, this.name, this.config, buffers, shape).record(kind);
  }

  private forward(found: NetworkPlan, call: Call, { tokens, leftPad }: TokenBatch, temperature: number): tf.Tensor[] {
    const { plan } = found;
    plan.poison();
    plan.setSteps({ temperature });
    const run = plan.begin();
    run.put(tokens, found.tokens);
    if (leftPad) run.put(leftPad, found.leftPad);
    else run.clear(found.leftPad);
    run.play('forward');
    const outputs = this.outputs(found, call, run);
    run.submit();
    return outputs;
  }

  private outputs(found: NetworkPlan, { kind, shape }: Call, run: Run): tf.Tensor[] {
    const { maps, logits, logprobs, entropy, scalars, hidden } = found;
    const { batch, length, count } = shape;
    const { vocabSize, width, heads } = this.config;
    if (kind.maps) return maps.map((map) => run.take(map, [heads, length, length]));
    if (kind.language === 'logits') return [run.take(logits!, [batch, count, vocabSize])];
    const columns = [logprobs, entropy, scalars].filter((slot) => slot !== null);
    if (columns.length === 0) return [run.take(hidden, [batch, count, width])];
    return columns.map((slot) => run.take(slot, [batch, count]));
  }

  private backward(found: NetworkPlan, temperature: number, gradients: tf.Tensor[]): void {
    const { plan, dLogits, dLogprobs, dEntropy, dScalars } = found;
    const underway = this.underway as Differentiation;
    plan.setSteps({ temperature, accumulate: underway.passes++ > 0 ? 1 : 0 });
    const run = plan.begin();
    const slots: Slot[] = [dLogits, dLogprobs, dEntropy, dScalars].filter((slot) => slot !== null);
    slots.forEach((slot, i) => {
      run.put(gradients[i]!, slot);
    });
    run.play('backward');
    run.submit();
  }
}

const all = ({ tokens }: TokenBatch): Columns => ({ first: 0, count: tokens.shape[1] });
