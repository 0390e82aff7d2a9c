/**
 * A rollout column by column: the prompt is read once, then every column is embedded, passed through the blocks with
 * the keys and values of the columns before it, and sampled; the next column reads what was sampled.
 *
 *   prefill   prompt [B,P] → caches, logits of column P−1
 *   sample    logits → token, mask and log-probability of column c
 *   read      column c → caches, logits of column c
 */
import type { ModelConfig } from '../../../contract/config';
import type { PlanBuilder } from '../../kernels/plan/planBuilder';
import type { Slot } from '../../kernels/plan/player';
import { columnsAtOnce } from '../../sample/generate';
import type { Engine } from './engine';
import type { KernelSet } from './kernelSet';
import { type Level, Named } from './levels';
import type { Turn, WritingPlan, WritingShape } from './rolloutPlan';
import { TrunkRecorder } from './trunkRecorder';

/** the prompt and its first token, then every further column, several to a submit */
function columnTurns(completionLength: number, columns: number): Turn[][] {
  const further = Array.from({ length: completionLength - 1 }, (_, g) => [
    { section: 'read', set: g },
    { section: 'sample', set: g + 1 },
  ]);
  const submits = [
    [
      { section: 'prefill', set: 0 },
      { section: 'sample', set: 0 },
    ],
  ];
  for (let g = 0; g < further.length; g += columns) submits.push(further.slice(g, g + columns).flat());
  return submits;
}

/** What a rollout is recorded for. */
export interface WritingNetwork {
  engine: Engine;
  config: ModelConfig;
  levels: readonly Level[];
}

/** Lays the three sections of a writing plan down. */
class ColumnRecorder {
  private readonly engine: Engine;
  private readonly kernels: KernelSet;
  private readonly config: ModelConfig;
  private readonly weights: Named;
  /** keys and values of every column, [B,P+G,3C] per layer */
  private readonly caches: Slot[];
  private readonly total: number;
  private readonly logits: Slot;
  /** list of those that go on; null where all are written to the end */
  private readonly texts: Slot | null;
  /** numbers in all weights */
  private readonly size: number;
  private readonly pace: number;

  constructor(
    private readonly builder: PlanBuilder,
    { engine, config, levels }: WritingNetwork,
    private readonly shape: WritingShape,
  ) {
    this.kernels = engine.kernels;
    this.pace = engine.pace;
    this.config = config;
    this.engine = engine;
    this.weights = new Named(builder, levels);
    this.size = levels.reduce((sum, { flat }) => sum + flat.layout.elements, 0);
    this.total = shape.promptLength + shape.completionLength;
    const { layers, width, vocabSize } = config;
    this.caches = Array.from({ length: layers }, () => builder.value('cache', shape.batch * this.total * 3 * width));
    this.logits = builder.value('logits', shape.batch * vocabSize);
    const { listing } = engine;
    this.texts = listing && builder.value('texts', listing.words({ rows: shape.batch, batch: shape.batch }));
  }

  record(): WritingPlan {
    const { builder, shape } = this;
    const { batch, completionLength } = shape;
    builder.section('prefill');
    const prompt = builder.receive('prompt', batch * shape.promptLength);
    const tokens = builder.receive('tokens', batch * this.total);
    const leftPad = builder.receive('leftPad', batch);
    const alive = builder.receive('alive', batch);
    const [mask, logprobs] = ['mask', 'logprobs'].map((name) => builder.value(name, batch * completionLength)) as [
      Slot,
      Slot,
    ];
    this.prefill(prompt, leftPad);
    this.listTexts(alive);
    builder.section('read');
    this.listTexts(alive);
    this.read(tokens, leftPad);
    builder.section('sample');
    this.sample({ tokens, alive, mask, logprobs });
    // sections run in turn again and again, so nothing may share memory with what lives from round to round
    const lists = this.texts ? [this.texts] : [];
    for (const slot of [...this.caches, ...lists, this.logits, tokens, leftPad, alive, mask, logprobs])
      builder.holdThroughout(slot);
    const columns = Array.from({ length: completionLength }, (_, g) => shape.promptLength + g);
    const submits = columnTurns(completionLength, columnsAtOnce(batch, this.size, this.pace));
    return { plan: builder.build(), submits, columns, prompt, tokens, leftPad, alive, mask, logprobs };
  }

  private prefill(prompt: Slot, leftPad: Slot): void {
    const { builder, kernels, config, shape } = this;
    const { batch, promptLength } = shape;
    const rows = batch * promptLength;
    let x = builder.value('x', rows * config.width);
    builder.dispatch(
      kernels.embed,
      { tokens: prompt, leftPad, ...this.tables, out: x },
      { rows, length: promptLength },
    );
    const trunk = new TrunkRecorder(builder, this.engine, config, this.weights, rows);
    for (let layer = 0; layer < config.layers; layer++) {
      const attend = (qkv: Slot) => {
        builder.dispatch(
          kernels.writing.store,
          { qkv, cache: this.caches[layer]! },
          { rows, length: promptLength, total: this.total },
        );
        const attended = builder.value('attended', rows * config.width);
        const lse = builder.value('lse', rows * config.heads);
        builder.dispatch(
          kernels.attention,
          { qkv, leftPad, out: attended, lse },
          { batch, length: promptLength, readAlone: 0 },
        );
        return { attended, lse };
      };
      const last = { rows: batch, length: promptLength, first: promptLength - 1, count: 1, list: null };
      x = trunk.block(layer, x, attend, layer === config.layers - 1 ? last : undefined).out;
    }
    this.head(trunk, x, null);
  }

  private listTexts(alive: Slot): void {
    const { texts } = this;
    const { batch } = this.shape;
    if (texts) this.builder.dispatch(this.engine.listing!.texts, { alive, texts }, { batch });
  }

  private read(tokens: Slot, leftPad: Slot): void {
    const { builder, kernels, config, shape } = this;
    const { batch } = shape;
    const sizes = { batch, total: this.total };
    let x = builder.value('x', batch * config.width);
    const list = this.texts;
    const listed = list && { list };
    builder.dispatch(kernels.writing.embed, { tokens, leftPad, ...this.tables, out: x, ...listed }, sizes);
    const trunk = new TrunkRecorder(builder, this.engine, config, this.weights, batch, list);
    for (let layer = 0; layer < config.layers; layer++) {
      const attend = (qkv: Slot) => {
        const attended = builder.value('attended', batch * config.width);
        const buffers = { qkv, cache: this.caches[layer]!, leftPad, out: attended, ...listed };
        builder.dispatch(kernels.writing.attention, buffers, sizes);
        return { attended, lse: attended };
      };
      x = trunk.block(layer, x, attend).out;
    }
    this.head(trunk, x, list);
  }

  /**
   * last norm and language head
   * @param x [B,C] residual stream
   * @param list of the texts that are computed; null: all
   */
  private head(trunk: TrunkRecorder, x: Slot, list: Slot | null): void {
    const { builder, kernels, config, shape } = this;
    const [out, stats] = [
      builder.value('hidden', shape.batch * config.width),
      builder.value('final stats', 2 * shape.batch),
    ];
    builder.dispatch(
      kernels.norm,
      { x, ...trunk.norm('finalNorm'), out, stats, ...(list && { list }) },
      { rows: shape.batch, length: 1, first: 0, count: 1 },
    );
    builder.dispatch(
      kernels.logits,
      { a: out, b: this.weights.get('tokenEmbedding'), out: this.logits, ...(list && { list }) },
      { rows: shape.batch },
    );
  }

  private sample(slots: { tokens: Slot; alive: Slot; mask: Slot; logprobs: Slot }): void {
    const { batch, promptLength, completionLength } = this.shape;
    this.builder.dispatch(
      this.kernels.writing.sample,
      { logits: this.logits, ...slots, ...(this.texts && { list: this.texts }) },
      { batch, total: this.total, first: promptLength, count: completionLength },
    );
  }

  private get tables(): { tokenTable: Slot; positionTable: Slot } {
    return { tokenTable: this.weights.get('tokenEmbedding'), positionTable: this.weights.get('positionEmbedding') };
  }
}

export const recordColumns = (builder: PlanBuilder, network: WritingNetwork, shape: WritingShape): WritingPlan =>
  new ColumnRecorder(builder, network, shape).record();
