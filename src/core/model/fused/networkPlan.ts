/**
 * Forward and backward pass of one network for one shape, as a plan. The order of the dispatches below is the
 * transformer, and after `section('backward')` its chain rule, written out by hand.
 *
 *   forward     embed · (norm · qkv · attention · out+residual · norm · in+GELU · out+residual) × layers · norm · heads
 *   backward    heads · norm · (mlp · norm · attention · norm) × layers, last first · embeddings · sums for the norms
 */
import type { ModelConfig } from '../../../contract/config';
import { minOf } from '../../../contract/many';
import { PlanBuilder } from '../../kernels/plan/planBuilder';
import type { Memory, Plan, Slot } from '../../kernels/plan/player';
import { heightOf } from '../adapters/tuning';
import type { Columns, HeadKind } from '../baseNetwork';
import { isHead } from '../layout';
import type { Engine } from './engine';
import type { FlatBuffer } from './flatWeights';
import type { KernelSet } from './kernelSet';
import { LanguageHead, type Scored } from './languageHead';
import { type Level, Named } from './levels';
import type { LinearMemory } from './linearRecorder';
import { NormPartials } from './normPartials';
import { AS_THEY_COME, type BlockMemory, type SomeColumns, shapeOf, TrunkRecorder } from './trunkRecorder';

/** What is read off the hidden states. */
export interface PassKind extends HeadKind {
  /** attention of row 0, one [H,T,T] per layer */
  maps?: boolean;
}

export interface PassShape extends Columns {
  batch: number;
  length: number;
  /** whether padding is left out: then texts end where the batch says, and heads answer 0 behind their ends */
  endsTexts: boolean;
}

export interface NetworkBuffers {
  /** that are read, the highest first */
  levels: readonly Level[];
  /** of what learns; null: no backward pass */
  gradients: FlatBuffer | null;
  /** [norms,2] where the gradients of gain and bias begin of each norm that learns; in the order of `normNames` */
  normOffsets: Memory;
}

/** What a plan gives and takes, by name; only those of its heads exist. */
export interface NetworkPlan {
  plan: Plan;
  tokens: Slot;
  leftPad: Slot;
  /** [B] where each text ends; null where all columns are computed */
  ends: Slot | null;
  /** [R,C] after the last norm */
  hidden: Slot;
  logits: Slot | null;
  logprobs: Slot | null;
  entropy: Slot | null;
  scalars: Slot | null;
  maps: Slot[];
  /** gradients to copy in before `backward`: of logprobs and entropy, or of logits, and of scalars */
  dLogprobs: Slot | null;
  dEntropy: Slot | null;
  dLogits: Slot | null;
  dScalars: Slot | null;
}

export class PassRecorder {
  private readonly builder: PlanBuilder;
  private readonly kernels: KernelSet;
  private readonly weights: Named;
  private readonly trunk: TrunkRecorder;
  private readonly language: LanguageHead;
  private readonly rows: number;
  private readonly headRows: number;
  /** that a head reads */
  private readonly columns: SomeColumns;
  /** of the rows that are computed */
  private readonly lists: Lists | null;

  constructor(
    private readonly engine: Engine,
    name: string,
    private readonly config: ModelConfig,
    private readonly buffers: NetworkBuffers,
    private readonly shape: PassShape,
  ) {
    const { player, kernels, poison = false } = engine;
    this.kernels = kernels;
    this.builder = new PlanBuilder(player, { name, poison });
    this.weights = new Named(this.builder, buffers.levels);
    const { batch, length, first, count } = shape;
    this.rows = batch * length;
    this.headRows = batch * count;
    this.lists = shape.endsTexts ? this.roomForLists() : null;
    const { trunk = null, head = null } = this.lists ?? {};
    this.trunk = new TrunkRecorder(this.builder, engine, config, this.weights, this.rows, trunk);
    this.columns = { rows: this.headRows, length, first, count, list: head };
    this.language = new LanguageHead(this.builder, engine, config, this.weights, this.columns);
  }

  record(kind: PassKind): NetworkPlan {
    const { builder, rows, shape, config } = this;
    builder.section('forward');
    const tokens = builder.receive('tokens', rows);
    const leftPad = builder.receive('leftPad', shape.batch);
    const ends = this.lists && builder.receive('ends', shape.batch);
    if (this.lists) this.listRows(this.lists, leftPad, ends!);
    let x = this.value('x', config.width);
    builder.dispatch(
      this.kernels.embed,
      {
        tokens,
        leftPad,
        tokenTable: this.weights.get('tokenEmbedding'),
        positionTable: this.weights.get('positionEmbedding'),
        out: x,
        ...this.ofTrunk,
      },
      { rows, length: shape.length },
    );
    const blocks: BlockMemory[] = [];
    const maps: Slot[] = [];
    for (let layer = 0; layer < config.layers; layer++) {
      const columns = layer === config.layers - 1 ? this.columns : undefined;
      const { memory, out } = this.trunk.block(
        layer,
        x,
        (qkv, readAlone) => this.attend(qkv, leftPad, readAlone),
        columns,
      );
      blocks.push(memory);
      if (kind.maps) maps.push(this.attentionMap(memory, leftPad));
      x = out;
    }
    const stats = builder.value('final stats', 2 * this.headRows);
    const hidden = builder.hand(builder.value('hidden', this.headRows * config.width));
    builder.dispatch(
      this.kernels.norm,
      { x, ...this.trunk.norm('finalNorm'), out: hidden, stats, ...this.ofHead },
      { rows: this.headRows, length: 1, first: 0, count: 1 },
    );
    const heads = this.heads(kind, hidden, tokens);
    const back = this.buffers.gradients
      ? this.backward(kind, heads, { tokens, leftPad, hidden, blocks, last: x, stats })
      : NO_GRADIENTS;
    const { logits, logprobs, entropy, scalars } = heads;
    return { plan: builder.build(), tokens, leftPad, ends, hidden, logits, logprobs, entropy, scalars, maps, ...back };
  }

  private roomForLists(): Lists {
    const { builder, rows, headRows } = this;
    const { batch } = this.shape;
    const room = (name: string, size: number) => builder.value(name, this.engine.listing!.words({ rows: size, batch }));
    return { trunk: room('rows', rows), head: room('head rows', headRows) };
  }

  private listRows(lists: Lists, leftPad: Slot, ends: Slot): void {
    const { batch, length, first, count, lastAlone } = this.shape;
    const columns = { batch, length, first, count, lastAlone: lastAlone ? 1 : 0 };
    this.builder.dispatch(this.engine.listing!.rows, { leftPad, ends, ...lists }, columns);
  }

  /** the list of the trunk's rows, for kernels that take one */
  private get ofTrunk(): { list?: Slot } {
    return this.lists ? { list: this.lists.trunk } : {};
  }

  private get ofHead(): { list?: Slot } {
    return this.lists ? { list: this.lists.head } : {};
  }

  /** [rows, columns] */
  private value(name: string, columns: number): Slot {
    return this.builder.value(name, this.rows * columns);
  }

  private attend(qkv: Slot, leftPad: Slot, readAlone: boolean): { attended: Slot; lse: Slot } {
    const { width, heads } = this.config;
    const rows = readAlone ? this.headRows : this.rows;
    const [attended, lse] = [this.builder.value('attended', rows * width), this.value('lse', heads)];
    const { batch, length } = this.shape;
    const buffers = { qkv, leftPad, out: attended, lse, ...this.ofTrunk };
    this.builder.dispatch(this.kernels.attention, buffers, { batch, length, readAlone: readAlone ? 1 : 0 });
    return { attended, lse };
  }

  private attentionMap({ qkv, lse }: BlockMemory, leftPad: Slot): Slot {
    const { length } = this.shape;
    const maps = this.builder.hand(this.builder.value('maps', this.config.heads * length * length));
    this.builder.dispatch(this.kernels.attentionMaps, { qkv, lse, leftPad, maps }, { length });
    return maps;
  }

  /** logits of all rows, 0 of those that are not computed */
  private spread(logits: Slot): Slot {
    const { builder, headRows, lists } = this;
    if (!lists) return logits;
    const { vocabSize } = this.config;
    const out = builder.value('all logits', headRows * vocabSize);
    builder.dispatch(this.engine.listing!.spread(vocabSize), { x: logits, out, head: lists.head }, { rows: headRows });
    return out;
  }

  private heads(kind: PassKind, hidden: Slot, tokens: Slot): HeadSlots {
    const { builder, kernels, headRows } = this;
    const slots: HeadSlots = { logits: null, logprobs: null, entropy: null, lse: null, kept: null, scalars: null };
    if (kind.language === 'logits') slots.logits = builder.hand(this.spread(this.language.logits(hidden, headRows)));
    if (kind.language === 'logprobs') Object.assign(slots, this.language.score(hidden, tokens));
    if (kind.language === 'both') {
      const scored = this.language.score(hidden, tokens);
      const logits = scored.kept ?? this.language.logits(hidden, headRows);
      Object.assign(slots, scored, { logits: builder.hand(this.spread(logits)) });
    }
    if (kind.scalar) {
      slots.scalars = builder.hand(builder.value('scalars', headRows));
      const [weight, bias] = [this.weights.get('scalarHead/weight'), this.weights.get('scalarHead/bias')];
      const buffers = { hidden, weight, bias, out: slots.scalars, ...this.ofHead };
      builder.dispatch(kernels.scalar, buffers, { rows: headRows });
    }
    return slots;
  }

  /** back to the lowest weight that learns */
  private backward(kind: PassKind, heads: HeadSlots, memory: ForwardMemory): GradientSlots {
    const { builder, rows, config } = this;
    const flat = this.buffers.gradients as FlatBuffer;
    const gradients = new Named(builder, [{ flat, tuning: null }]);
    const lowest = lowestOf(
      flat.layout.ranges.map(({ parameter }) => parameter.name),
      config,
    );
    builder.section('backward');
    const { dHidden, ...received } = this.headsBackward(kind, heads, memory, gradients);
    if (lowest > config.layers) return received;
    const partials = new NormPartials(builder, rows, config, gradients);
    let dx = this.finalNormBackward(dHidden, memory, partials);
    for (let layer = config.layers - 1; layer >= Math.max(0, lowest); layer--)
      dx = this.blockBackward(layer, memory.blocks[layer]!, memory.leftPad, dx, gradients, partials);
    if (lowest < 0) this.embeddingsBackward(kind, dx, memory, gradients);
    partials.sum(this.engine, this.buffers);
    return received;
  }

  private finalNormBackward(dHidden: Slot, { last, stats }: ForwardMemory, partials: NormPartials): Slot {
    const { builder, kernels, rows } = this;
    const dx = builder.value('dx', this.headRows * this.config.width);
    const gain = this.weights.get('finalNorm/gain');
    builder.dispatch(
      kernels.finalNormBack,
      { dOut: dHidden, x: last, stats, gain, dX: dx, partials: partials.all, ...this.ofTrunk },
      { ...shapeOf(this.columns), allRows: rows, norm: partials.slotOf('finalNorm'), lie: 0 },
    );
    return dx;
  }

  private embeddingsBackward(kind: PassKind, dx: Slot, { tokens, leftPad }: ForwardMemory, gradients: Named): void {
    const { builder, kernels, rows } = this;
    const { batch, length } = this.shape;
    if (gradients.has('tokenEmbedding')) {
      const tokenGradient = kind.language ? kernels.tokenGradientAdd : kernels.tokenGradient;
      const buffers = { dX: dx, tokens, out: gradients.get('tokenEmbedding'), ...this.ofTrunk };
      builder.dispatch(tokenGradient, buffers, { rows });
    }
    if (gradients.has('positionEmbedding')) {
      const out = gradients.get('positionEmbedding');
      builder.dispatch(kernels.positionGradient, { dX: dx, leftPad, out, ...this.ofTrunk }, { batch, length });
    }
  }

  private headsBackward(
    kind: PassKind,
    heads: HeadSlots,
    { hidden, tokens }: ForwardMemory,
    gradients: Named,
  ): GradientSlots & { dHidden: Slot } {
    const { builder, kernels, headRows, config } = this;
    const received: GradientSlots = { ...NO_GRADIENTS };
    const dHidden = builder.value('dHidden', headRows * config.width);
    const language = { hidden, dHidden, gradients };
    if (kind.language === 'logits') {
      received.dLogits = builder.receive('dLogits', headRows * config.vocabSize);
      this.language.logitsBackward(received.dLogits, { begin: 0, rows: headRows }, language);
    }
    if (kind.language === 'logprobs')
      Object.assign(received, this.language.scoreBackward(heads as Scored, tokens, language));
    if (kind.scalar) {
      const dScalars = builder.receive('dScalars', headRows);
      received.dScalars = dScalars;
      const weight = this.weights.get('scalarHead/weight');
      builder.dispatch(
        kind.language ? kernels.scalarBackAdd : kernels.scalarBack,
        { dOut: dScalars, weight, dHidden, ...this.ofHead },
        { rows: headRows },
      );
      const [dWeight, dBias] = [gradients.get('scalarHead/weight'), gradients.get('scalarHead/bias')];
      const buffers = { dOut: dScalars, hidden, dWeight, dBias, ...this.ofHead };
      builder.dispatch(kernels.scalarGradient, buffers, { rows: headRows });
    }
    return { ...received, dHidden };
  }

  /**
   * @param columns that were normalised: `dOut`, `stats` and `skip` have their rows
   */
  private normBackward(
    name: string,
    dOut: Slot,
    x: Slot,
    stats: Slot,
    skip: Slot,
    partials: NormPartials,
    lie: number,
    { length, first, count }: Pick<SomeColumns, 'length' | 'first' | 'count'> = AS_THEY_COME,
  ): Slot {
    const { rows } = this;
    const { width } = this.config;
    const dX = lie === READ_ALONE ? this.builder.value('dx', this.headRows * width) : this.value('dx', width);
    const gain = this.weights.get(`${name}/gain`);
    this.builder.dispatch(
      this.kernels.normBack,
      { dOut, x, stats, gain, residual: skip, dX, partials: partials.all, ...this.ofTrunk },
      { length, first, count, allRows: rows, norm: partials.slotOf(name), lie },
    );
    return dX;
  }

  private blockBackward(
    layer: number,
    memory: BlockMemory,
    leftPad: Slot,
    dOut: Slot,
    gradients: Named,
    partials: NormPartials,
  ): Slot {
    const { kernels, config, builder } = this;
    const { columns, narrow, norm2, active, pre, lows, middle, stats2 } = memory;
    const [behind, own, over] = narrow ? [columns, READ_ALONE, READ_RESIDUAL] : [this.trunk.all, 0, 0];
    const back = (name: keyof BlockMemory['lows'], read: Omit<LinearMemory, 'lows'>, rows = this.trunk.all): Slot => {
      const { linears } = this.trunk;
      return linears.backward(linears.linear(layer, name, rows), { ...read, lows: lows[name] }, gradients);
    };
    const dPre = back('mlpOut', { x: active, dOut, pre }, columns);
    const dNorm2 = back('mlpIn', { x: norm2, dOut: dPre }, columns);
    const dMiddle = this.normBackward(`block${layer}/norm2`, dNorm2, middle, stats2, dOut, partials, own, columns);
    const dAttended = back('out', { x: memory.attended, dOut: dMiddle }, behind);
    const dQkv = this.value('dQkv', 3 * config.width);
    const { batch, length } = this.shape;
    const { qkv, lse, attended } = memory;
    builder.dispatch(
      kernels.attentionBack,
      { qkv, lse, out: attended, dOut: dAttended, leftPad, dQkv, ...this.ofTrunk },
      { batch, length, readAlone: narrow ? 1 : 0 },
    );
    const dNorm1 = back('qkv', { x: memory.norm1, dOut: dQkv });
    return this.normBackward(`block${layer}/norm1`, dNorm1, memory.x, memory.stats1, dMiddle, partials, over);
  }
}

/** how rows lie for a norm on the way back, see ../../kernels/assembly/layerNorm.ts; 0 else */
const READ_ALONE = 1;
const READ_RESIDUAL = 2;

/** Of the rows that are computed. */
interface Lists {
  trunk: Slot;
  head: Slot;
}

/** each null where it is not asked for */
type HeadSlots = { [Name in keyof Scored]: Slot | null } & { logits: Slot | null; scalars: Slot | null };
type GradientSlots = Pick<NetworkPlan, 'dLogprobs' | 'dEntropy' | 'dLogits' | 'dScalars'>;
const NO_GRADIENTS: GradientSlots = { dLogprobs: null, dEntropy: null, dLogits: null, dScalars: null };

interface ForwardMemory {
  tokens: Slot;
  leftPad: Slot;
  hidden: Slot;
  blocks: BlockMemory[];
  /** residual stream before the last norm */
  last: Slot;
  stats: Slot;
}

/** @returns the height of the lowest of these weights: −1 of an embedding, a layer's number, and above all layers a norm or a head */
function lowestOf(names: readonly string[], { layers }: ModelConfig): number {
  return minOf(names.map((name) => (isHead(name) ? layers + 1 : heightOf(name, layers))));
}
