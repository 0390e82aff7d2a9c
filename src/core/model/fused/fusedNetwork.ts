/**
 * The fused executor: the transformer as recorded plans of hand-written kernels over flat memory. To a loss it is one
 * differentiable operation per call; the gradients of its weights never become tensors. What plays the plans is the
 * engine's matter.
 */
import type { Tuning } from '../../../contract/adapters';
import type { ModelConfig, OptimizerConfig } from '../../../contract/config';
import { onTape } from '../../kernels/onTape';
import type { Memory, Run, Slot } from '../../kernels/plan/player';
import type { Random } from '../../tensor/random';
import { sizeOf } from '../../tensor/shapes';
import { tf } from '../../tf';
import { checkTuning, initialAdapters, learningList } from '../adapters/tuning';
import { BaseNetwork, type Columns, type HeadKind, type Readings, type Written } from '../baseNetwork';
import type {
  GenerateOptions,
  Heads,
  NamedTensor,
  NamedTensors,
  NetworkOptimizer,
  Parameter,
  TokenBatch,
} from '../causalNetwork';
import { isHead, parameterList } from '../layout';
import { checkBatch } from '../trunk';
import type { Engine, Trainable } from './engine';
import { FlatBuffer, type FlatLayout, flatLayout } from './flatWeights';
import { createFusedOptimizer } from './fusedOptimizer';
import { headRowsOf } from './headRows';
import type { Level } from './levels';
import { mergeChanges } from './mergeChanges';
import { type NetworkPlan, type PassKind, PassRecorder, type PassShape } from './networkPlan';
import { normOffsets } from './normPartials';
import { PlanShelf } from './planShelf';
import { recordColumns } from './rolloutColumns';
import { RolloutWriter } from './rolloutWriter';

/** One kind of call of the network: what to read off it, and where. Calls of one kind share a plan. */
interface Call {
  kind: PassKind;
  shape: PassShape;
}

/** what every player can bind */
const LEAST = 256;

const zerosOf = ({ shape }: Parameter): NamedTensor => ({ shape: [...shape], data: new Float32Array(sizeOf(shape)) });

/** weights whose gradients one kernel leaves */
const PAIRS: readonly (readonly [RegExp, string])[] = [
  [/\/gain$/, '/bias'],
  [/\/w(\w+)$/, '/b$1'],
];

/** @throws when one of two learns whose gradients are taken together */
function checkPairs({ whole }: Tuning): void {
  const half = whole.find((name) =>
    PAIRS.some(([of, other]) => of.test(name) && !whole.includes(name.replace(of, other))),
  );
  if (half !== undefined) throw new Error(`${half} is to learn without its bias: use the portable executor`);
}

/** A gradient that is being taken. */
interface Differentiation {
  /** backward passes so far; the first replaces the gradients, the others add to them */
  passes: number;
}

/** Where a network learns in part: what learns, and the weights that it does so above. */
export interface OnTrunk {
  tuning: Tuning;
  /** the highest first; they belong to the network from now on */
  below: readonly Level[];
}

export class FusedNetwork extends BaseNetwork implements Trainable {
  readonly executor = 'fused';
  readonly tuning: Tuning | null;
  /** of what learns */
  readonly layout: FlatLayout;
  private own: FlatBuffer;
  private readonly below: readonly Level[];
  private gradientBuffer: FlatBuffer | null = null;
  private readonly normTable: Memory;
  private readonly anchor: tf.Scalar;
  private readonly reading: PlanShelf;
  private readonly learning: PlanShelf;
  protected readonly writer: RolloutWriter;
  private underway: Differentiation | null = null;
  /** an optimiser writes into its weights */
  private learns = false;

  /**
   * @param values null leaves the weights 0, for the caller to fill; a flat memory of what learns belongs to the
   * network from now on
   */
  constructor(
    readonly engine: Engine,
    name: string,
    config: ModelConfig,
    heads: Heads,
    values: NamedTensors | FlatBuffer | null,
    onTrunk: OnTrunk | null = null,
  ) {
    const given = values instanceof FlatBuffer ? values : null;
    super(name, config, heads, values instanceof FlatBuffer ? null : values);
    const { player } = engine;
    this.tuning = onTrunk?.tuning ?? null;
    this.below = onTrunk?.below ?? [];
    this.layout = flatLayout(this.tuning ? learningList(this.parameters, this.tuning) : this.parameters);
    this.own = given ?? FlatBuffer.allocate(player, `${name} weights`, this.layout);
    if (values && !(values instanceof FlatBuffer)) this.own.load(values);
    const offsets = normOffsets(this.layout, config.layers);
    this.normTable = player.allocate(`${name} norms`, Math.max(LEAST, offsets.byteLength));
    if (offsets.length > 0) this.normTable.write(offsets);
    this.anchor = tf.keep(tf.scalar(0));
    this.reading = new PlanShelf((key) => this.record(JSON.parse(key) as Call, null));
    this.learning = new PlanShelf((key) => this.record(JSON.parse(key) as Call, this.gradients));
    this.writer = this.createWriter();
  }

  /** those that learn */
  get weights(): FlatBuffer {
    return this.own;
  }

  /** all that are read, the highest first */
  get levels(): readonly Level[] {
    return [{ flat: this.own, tuning: this.tuning }, ...this.below];
  }

  /** made when an optimiser first asks for them */
  get gradients(): FlatBuffer {
    this.gradientBuffer ??= FlatBuffer.allocate(this.engine.player, `${this.name} gradients`, this.layout);
    return this.gradientBuffer;
  }

  /** bytes that are held, without a trunk below: weights, gradients, arenas */
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
    this.part();
    this.learns = true;
    return createFusedOptimizer(this, config);
  }

  dispose(): void {
    for (const owned of [
      this.reading,
      this.learning,
      this.writer,
      this.own,
      ...this.below.map(({ flat }) => flat),
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

  protected override get skipsPadding(): boolean {
    return this.engine.listing !== null;
  }

  protected createWriter(): RolloutWriter {
    return new RolloutWriter(this.engine, this.config, (builder, shape) => recordColumns(builder, this, shape));
  }

  protected read(batch: TokenBatch, kind: HeadKind, columns: Columns, temperature: number): Readings {
    const outputs = this.pass(batch, kind, columns, temperature);
    if (kind.language === 'logits') return { logits: outputs[0] as tf.Tensor3D };
    const [first, second, third] = outputs as tf.Tensor[] as [tf.Tensor2D, tf.Tensor2D, tf.Tensor];
    return {
      ...(kind.language && { logprobs: first!, entropy: second! }),
      ...(kind.language === 'both' && { logits: third as tf.Tensor3D }),
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
    const { engine, config, tuning } = this;
    const below = this.below.map(({ flat, ...level }) => ({ ...level, flat: flat.share() }));
    const isSame = heads.language === this.heads.language && heads.scalar === this.heads.scalar;
    const own = isSame ? this.lend() : null;
    const copy = new FusedNetwork(engine, name, config, heads, own, tuning && { tuning, below });
    if (!own) copy.own.copyShared(this.own);
    return copy;
  }

  protected tune(name: string, heads: Heads, tuning: Tuning, seed: Random): FusedNetwork {
    const all = parameterList(this.config, heads);
    checkTuning(all, tuning);
    checkPairs(tuning);
    const below = this.levels.map(({ flat, ...level }, i) => ({
      ...level,
      flat: i === 0 ? this.lend() : flat.share(),
    }));
    const drawn = initialAdapters(all, tuning, seed);
    const values = Object.fromEntries(
      learningList(all, tuning).map((one) => [one.name, drawn[one.name] ?? zerosOf(one)]),
    );
    const tuned = new FusedNetwork(this.engine, name, this.config, heads, values, { tuning, below });
    for (const { flat } of this.levels.toReversed()) tuned.own.copyShared(flat, (one) => drawn[one] === undefined);
    return tuned;
  }

  protected merge(name: string): FusedNetwork {
    const plain = new FusedNetwork(this.engine, name, this.config, this.heads, null);
    for (const { flat } of this.levels.toReversed()) plain.own.copyShared(flat);
    mergeChanges(this.engine, this.levels, plain.own);
    return plain;
  }

  protected saveWeights(): Promise<NamedTensors> {
    return this.own.save();
  }

  protected async saveMerged(): Promise<NamedTensors> {
    if (!this.tuning) return this.own.save();
    const plain = this.merge(`${this.name}, merged`);
    try {
      return await plain.own.save();
    } finally {
      plain.dispose();
    }
  }

  protected loadWeights(tensors: NamedTensors): void {
    this.part();
    this.own.load(tensors);
  }

  /** @returns the own weights for another network: the same memory while nobody here writes into it */
  private lend(): FlatBuffer {
    return this.learns ? this.own.copy(this.engine.player, `trunk ${this.name}`) : this.own.share();
  }

  /** before weights are written that others read as their trunk: they keep the numbers that they have */
  private part(): void {
    if (!this.own.isShared) return;
    const { own } = this;
    this.own = own.copy(this.engine.player, `${this.name} weights`);
    own.dispose();
    for (const recorded of [this.reading, this.learning, this.writer]) recorded.forget();
  }

  private pass(texts: TokenBatch, kind: PassKind, columns: Columns, temperature = 1): tf.Tensor[] {
    checkBatch(texts, this.config);
    const [batch, length] = texts.tokens.shape;
    const endsTexts = this.endsTexts(texts, kind, columns);
    const call: Call = { kind, shape: { batch, length, ...columns, endsTexts } };
    const key = JSON.stringify(call);
    if (this.underway && kind.language === 'both') throw new Error('logits beside log-probabilities have no gradient');
    const shelf = this.underway ? this.learning : this.reading;
    const plan = shelf.take(key);
    const forward = () => this.forward(plan, call, texts, temperature);
    if (this.underway) return onTape(this.anchor, forward, (gradients) => this.backward(plan, temperature, gradients));
    const outputs = forward();
    shelf.giveBack();
    return outputs;
  }

  /** whether padding is left out of a pass: not where hidden states are handed out, or rows are read a few at a time */
  private endsTexts({ tokens, ends }: TokenBatch, { language, scalar }: PassKind, { count }: Columns): boolean {
    if (!ends || !this.engine.listing || !(language || scalar)) return false;
    if (language === 'logits') return !this.underway;
    const rows = tokens.shape[0] * count;
    return !language || headRowsOf(rows, this.config.vocabSize, this.engine.mostLogits).length === 1;
  }

  private record({ kind, shape }: Call, gradients: FlatBuffer | null): NetworkPlan {
    const buffers = { levels: this.levels, gradients, normOffsets: this.normTable };
    return new PassRecorder(this.engine, this.name, this.config, buffers, shape).record(kind);
  }

  private forward(found: NetworkPlan, call: Call, texts: TokenBatch, temperature: number): tf.Tensor[] {
    const { tokens, leftPad, ends } = texts;
    const { plan } = found;
    plan.poison();
    plan.setSteps({ temperature });
    const run = plan.begin();
    run.put(tokens, found.tokens);
    if (leftPad) run.put(leftPad, found.leftPad);
    else run.clear(found.leftPad);
    if (found.ends) run.put(ends!, found.ends);
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
    if (kind.language === 'both')
      return [
        ...[logprobs, entropy].map((slot) => run.take(slot!, [batch, count])),
        run.take(logits!, [batch, count, vocabSize]),
      ];
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
