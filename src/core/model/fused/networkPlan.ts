/**
 * Forward and backward pass of one network for one shape, as a plan. The order of the dispatches below is the
 * transformer, and after `section('backward')` its chain rule, written out by hand.
 *
 *   forward     embed · (norm · qkv · attention · out+residual · norm · in+GELU · out+residual) × layers · norm · heads
 *   backward    heads · norm · (mlp · norm · attention · norm) × layers, last first · embeddings · sums for the norms
 */
import type { ModelConfig } from '../../../contract/config';
import { PlanBuilder } from '../../kernels/plan/planBuilder';
import type { Launch, Memory, Plan, Slot } from '../../kernels/plan/player';
import { normChunks } from '../../kernels/plan/sharing';
import type { Columns, HeadKind } from '../baseNetwork';
import type { Engine } from './engine';
import { type FlatBuffer, type FlatLayout, rangeOf } from './flatWeights';
import type { KernelSet } from './kernelSet';
import { type BlockMemory, Named, type SomeColumns, TrunkRecorder } from './trunkRecorder';

/** What is read off the hidden states. */
export interface PassKind extends HeadKind {
  /** attention of row 0, one [H,T,T] per layer */
  maps?: boolean;
}

export interface PassShape extends Columns {
  batch: number;
  length: number;
}

export interface NetworkBuffers {
  weights: FlatBuffer;
  /** null: no backward pass */
  gradients: FlatBuffer | null;
  /** [norms,2] where the gradient of each norm's gain and bias begins; in the order of `normNames` */
  normOffsets: Memory;
}

/** What a plan gives and takes, by name; only those of its heads exist. */
export interface NetworkPlan {
  plan: Plan;
  tokens: Slot;
  leftPad: Slot;
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

/** in the order in which their gradients are summed */
export const normNames = (layers: number): string[] => [
  ...Array.from({ length: layers }, (_, layer) => [`block${layer}/norm1`, `block${layer}/norm2`]).flat(),
  'finalNorm',
];

export class PassRecorder {
  private readonly builder: PlanBuilder;
  private readonly kernels: KernelSet;
  private readonly weights: Named;
  private readonly trunk: TrunkRecorder;
  private readonly rows: number;
  private readonly headRows: number;
  /** that a head reads */
  private readonly columns: SomeColumns;

  constructor(
    { player, kernels, poison = false }: Engine,
    name: string,
    private readonly config: ModelConfig,
    private readonly buffers: NetworkBuffers,
    private readonly shape: PassShape,
  ) {
    this.kernels = kernels;
    this.builder = new PlanBuilder(player, { name, poison });
    this.weights = new Named(this.builder, buffers.weights);
    const { batch, length, first, count } = shape;
    this.rows = batch * length;
    this.trunk = new TrunkRecorder(this.builder, kernels, config, this.weights, this.rows);
    this.headRows = batch * count;
    this.columns = { rows: this.headRows, length, first, count };
  }

  record(kind: PassKind): NetworkPlan {
    const { builder, rows, shape, config } = this;
    builder.section('forward');
    const tokens = builder.receive('tokens', rows);
    const leftPad = builder.receive('leftPad', shape.batch);
    let x = this.value('x', config.width);
    builder.dispatch(
      this.kernels.embed,
      {
        tokens,
        leftPad,
        tokenTable: this.weights.get('tokenEmbedding'),
        positionTable: this.weights.get('positionEmbedding'),
        out: x,
      },
      { rows, length: shape.length },
    );
    const blocks: BlockMemory[] = [];
    const maps: Slot[] = [];
    for (let layer = 0; layer < config.layers; layer++) {
      const columns = layer === config.layers - 1 ? this.columns : undefined;
      const { memory, out } = this.trunk.block(layer, x, (qkv) => this.attend(qkv, leftPad), columns);
      blocks.push(memory);
      if (kind.maps) maps.push(this.attentionMap(memory, leftPad));
      x = out;
    }
    const stats = builder.value('final stats', 2 * this.headRows);
    const hidden = builder.hand(builder.value('hidden', this.headRows * config.width));
    builder.dispatch(
      this.kernels.norm,
      { x, ...this.trunk.norm('finalNorm'), out: hidden, stats },
      { rows: this.headRows, length: 1, first: 0, count: 1 },
    );
    const heads = this.heads(kind, hidden, tokens);
    const back = this.buffers.gradients
      ? this.backward(kind, heads, { tokens, leftPad, hidden, blocks, last: x, stats })
      : NO_GRADIENTS;
    const { logits, logprobs, entropy, scalars } = heads;
    return { plan: builder.build(), tokens, leftPad, hidden, logits, logprobs, entropy, scalars, maps, ...back };
  }

  /** [rows, columns] */
  private value(name: string, columns: number): Slot {
    return this.builder.value(name, this.rows * columns);
  }

  private attend(qkv: Slot, leftPad: Slot): { attended: Slot; lse: Slot } {
    const { width, heads } = this.config;
    const [attended, lse] = [this.value('attended', width), this.value('lse', heads)];
    const { batch, length } = this.shape;
    this.builder.dispatch(this.kernels.attention, { qkv, leftPad, out: attended, lse }, { batch, length });
    return { attended, lse };
  }

  private attentionMap({ qkv, lse }: BlockMemory, leftPad: Slot): Slot {
    const { length } = this.shape;
    const maps = this.builder.hand(this.builder.value('maps', this.config.heads * length * length));
    this.builder.dispatch(this.kernels.attentionMaps, { qkv, lse, leftPad, maps }, { length });
    return maps;
  }

  private heads(kind: PassKind, hidden: Slot, tokens: Slot): HeadSlots {
    const { builder, kernels, headRows } = this;
    const slots: HeadSlots = { logits: null, logprobs: null, entropy: null, lse: null, scalars: null };
    if (kind.language) {
      slots.logits = builder.value('logits', headRows * this.config.vocabSize);
      builder.dispatch(
        kernels.logits,
        { a: hidden, b: this.weights.get('tokenEmbedding'), out: slots.logits },
        { rows: headRows },
      );
    }
    if (kind.language === 'logits') builder.hand(slots.logits!);
    if (kind.language === 'logprobs') {
      const { logits } = slots;
      const [logprobs, entropy] = ['logprobs', 'entropy'].map((name) =>
        builder.hand(builder.value(name, headRows)),
      ) as [Slot, Slot];
      const lse = builder.value('token lse', headRows);
      builder.dispatch(kernels.logprobs, { logits: logits!, tokens, logprobs, entropy, lse }, { ...this.columns });
      Object.assign(slots, { logprobs, entropy, lse });
    }
    if (kind.scalar) {
      slots.scalars = builder.hand(builder.value('scalars', headRows));
      const [weight, bias] = [this.weights.get('scalarHead/weight'), this.weights.get('scalarHead/bias')];
      builder.dispatch(kernels.scalar, { hidden, weight, bias, out: slots.scalars }, { rows: headRows });
    }
    return slots;
  }

  private backward(kind: PassKind, heads: HeadSlots, memory: ForwardMemory): GradientSlots {
    const { builder, kernels, rows } = this;
    const gradients = new Named(builder, this.buffers.gradients as FlatBuffer);
    builder.section('backward');
    const { dHidden, ...received } = this.headsBackward(kind, heads, memory, gradients);
    const partials = new NormPartials(builder, rows, this.config);
    let dx = builder.value('dx', this.headRows * this.config.width);
    const ends = { ...this.columns, allRows: rows };
    const last = normNames(this.config.layers).length - 1;
    builder.dispatch(
      kernels.finalNormBack,
      {
        dOut: dHidden,
        x: memory.last,
        stats: memory.stats,
        gain: this.weights.get('finalNorm/gain'),
        dX: dx,
        partials: partials.all,
      },
      { ...ends, norm: last },
    );
    for (let layer = this.config.layers - 1; layer >= 0; layer--)
      dx = this.blockBackward(layer, memory.blocks[layer]!, memory.leftPad, dx, gradients, partials);
    const table = gradients.get('tokenEmbedding');
    const tokenGradient = kind.language ? kernels.tokenGradientAdd : kernels.tokenGradient;
    builder.dispatch(tokenGradient, { dX: dx, tokens: memory.tokens, out: table }, { rows });
    const { batch, length } = this.shape;
    builder.dispatch(
      kernels.positionGradient,
      { dX: dx, leftPad: memory.leftPad, out: gradients.get('positionEmbedding') },
      { batch, length },
    );
    partials.sum(kernels.normGradient, this.buffers);
    return received;
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
    if (kind.language) {
      const { dLogits, ...rest } = this.dLogits(kind, heads, tokens);
      Object.assign(received, rest, { dLogits: kind.language === 'logits' ? dLogits : null });
      const table = this.weights.get('tokenEmbedding');
      builder.dispatch(kernels.logitsBack, { a: dLogits, b: table, out: dHidden }, { rows: headRows });
      builder.dispatch(
        kernels.logitsGradient,
        { a: dLogits, b: hidden, out: gradients.get('tokenEmbedding') },
        { rows: headRows },
      );
    }
    if (kind.scalar) {
      const dScalars = builder.receive('dScalars', headRows);
      received.dScalars = dScalars;
      const weight = this.weights.get('scalarHead/weight');
      builder.dispatch(
        kind.language ? kernels.scalarBackAdd : kernels.scalarBack,
        { dOut: dScalars, weight, dHidden },
        { rows: headRows },
      );
      const [dWeight, dBias] = [gradients.get('scalarHead/weight'), gradients.get('scalarHead/bias')];
      builder.dispatch(kernels.scalarGradient, { dOut: dScalars, hidden, dWeight, dBias }, { rows: headRows });
    }
    return { ...received, dHidden };
  }

  /** the gradient with respect to the logits: copied in, or computed over them in place */
  private dLogits(
    kind: PassKind,
    heads: HeadSlots,
    tokens: Slot,
  ): { dLogits: Slot; dLogprobs: Slot | null; dEntropy: Slot | null } {
    const { builder, headRows, config } = this;
    if (kind.language === 'logits')
      return { dLogits: builder.receive('dLogits', headRows * config.vocabSize), dLogprobs: null, dEntropy: null };
    const [dLogprobs, dEntropy] = [builder.receive('dLogprobs', headRows), builder.receive('dEntropy', headRows)];
    const { logits, lse, entropy } = heads as { logits: Slot; lse: Slot; entropy: Slot };
    builder.dispatch(
      this.kernels.logprobsBack,
      { logits, tokens, lse, entropy, dLogprobs, dEntropy },
      { ...this.columns },
    );
    return { dLogits: logits, dLogprobs, dEntropy };
  }

  /** @param options another way back, with buffers of its own; fewer rows than all */
  private linearBackward(
    launches: { gradient: Launch; back: Launch },
    name: string,
    part: string,
    input: Slot,
    dOut: Slot,
    gradients: Named,
    columns: number,
    { back = launches.back, more = {}, rows = this.rows }: BackOptions = {},
  ): Slot {
    const { builder } = this;
    const dInput = builder.value(`d${part}`, rows * columns);
    builder.dispatch(back, { a: dOut, b: this.weights.get(`${name}/w${part}`), out: dInput, ...more }, { rows });
    const [out, sums] = [gradients.get(`${name}/w${part}`), gradients.get(`${name}/b${part}`)];
    builder.dispatch(launches.gradient, { a: input, b: dOut, out, sums }, { rows });
    return dInput;
  }

  /**
   * @param index of the norm in `normNames`
   * @param columns that were normalised: `dOut`, `stats` and `skip` have their rows
   */
  private normBackward(
    index: number,
    dOut: Slot,
    x: Slot,
    stats: Slot,
    skip: Slot,
    partials: NormPartials,
    { length, first, count }: Omit<SomeColumns, 'rows'> = { length: 1, first: 0, count: 1 },
  ): Slot {
    const { rows } = this;
    const dX = this.value('dx', this.config.width);
    const gain = this.weights.get(`${normNames(this.config.layers)[index]}/gain`);
    this.builder.dispatch(
      this.kernels.normBack,
      { dOut, x, stats, gain, residual: skip, dX, partials: partials.all },
      { length, first, count, allRows: rows, norm: index },
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
    const { width } = config;
    const { columns, norm2, active, pre } = memory;
    const [attn, mlp] = [`block${layer}/attn`, `block${layer}/mlp`];
    const { rows } = columns;
    const { mlpIn, mlpOut, mlpOutBack } = kernels;
    const throughGelu = { back: mlpOutBack, more: { pre }, rows };
    const dPre = this.linearBackward(mlpOut, mlp, 'Out', active, dOut, gradients, 4 * width, throughGelu);
    const dNorm2 = this.linearBackward(mlpIn, mlp, 'In', norm2, dPre, gradients, width, { rows });
    const { middle, stats2 } = memory;
    const dMiddle = this.normBackward(2 * layer + 1, dNorm2, middle, stats2, dOut, partials, columns);
    const dAttended = this.linearBackward(kernels.out, attn, 'Out', memory.attended, dMiddle, gradients, width);
    const dQkv = this.value('dQkv', 3 * width);
    const { batch, length } = this.shape;
    const { qkv, lse, attended } = memory;
    builder.dispatch(
      kernels.attentionBack,
      { qkv, lse, out: attended, dOut: dAttended, leftPad, dQkv },
      { batch, length },
    );
    const dNorm1 = this.linearBackward(kernels.qkv, attn, 'Qkv', memory.norm1, dQkv, gradients, width);
    return this.normBackward(2 * layer, dNorm1, memory.x, memory.stats1, dMiddle, partials);
  }
}

interface BackOptions {
  back?: Launch;
  more?: Record<string, Slot>;
  rows?: number;
}

interface HeadSlots {
  logits: Slot | null;
  logprobs: Slot | null;
  entropy: Slot | null;
  lse: Slot | null;
  scalars: Slot | null;
}
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

/**
 * Sums of gain and bias gradients over chunks of rows, of all norms side by side: one dispatch adds them up at the end.
 */
class NormPartials {
  /** chunks of rows in each norm */
  readonly chunks: number;
  /** [norms, chunks, 2C] */
  readonly all: Slot;
  private readonly norms: number;

  constructor(
    private readonly builder: PlanBuilder,
    rows: number,
    { layers, width }: ModelConfig,
  ) {
    this.norms = normNames(layers).length;
    this.chunks = normChunks(rows);
    this.all = builder.value('norm partials', this.norms * this.chunks * 2 * width);
  }

  sum(launch: Launch, { gradients, normOffsets: table }: NetworkBuffers): void {
    const { memory, layout } = gradients as FlatBuffer;
    const out = this.builder.outside('gradients', memory, 0, layout.elements);
    const offsets = this.builder.outside('norm offsets', table, 0, 2 * this.norms);
    this.builder.dispatch(launch, { partials: this.all, offsets, out }, { chunks: this.chunks });
  }
}

/** [norms,2] in numbers from the beginning: where gain and bias lie */
export function normOffsets(layout: FlatLayout, layers: number): Uint32Array<ArrayBuffer> {
  const table = normNames(layers).flatMap((name) => [
    rangeOf(layout, `${name}/gain`).offset,
    rangeOf(layout, `${name}/bias`).offset,
  ]);
  return Uint32Array.from(table);
}
