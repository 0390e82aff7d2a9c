/** The blocks of the transformer as dispatches of a plan: the same for whole texts and for one column at a time. */
import type { ModelConfig } from '../../../contract/config';
import type { PlanBuilder } from '../../kernels/plan/planBuilder';
import type { Slot } from '../../kernels/plan/player';
import type { Engine } from './engine';
import type { Named } from './levels';
import { type Linear, LinearRecorder } from './linearRecorder';

/** Columns of a batch, as the kernels of `../../kernels/gpu/layerNorm.ts` count them: rows = B·count. */
export interface SomeColumns {
  rows: number;
  length: number;
  first: number;
  count: number;
  /** of the rows that are computed; null: all */
  list: Slot | null;
}

/** one row after the other */
export const AS_THEY_COME = { length: 1, first: 0, count: 1 };

/** what a kernel is told of them */
export const shapeOf = ({ rows, length, first, count }: SomeColumns) => ({ rows, length, first, count });

/** What one block leaves for its backward pass. */
export interface BlockMemory {
  x: Slot;
  stats1: Slot;
  norm1: Slot;
  qkv: Slot;
  lse: Slot;
  attended: Slot;
  middle: Slot;
  stats2: Slot;
  norm2: Slot;
  pre: Slot;
  active: Slot;
  /** what low-rank changes beside the matrices left */
  lows: { qkv: Slot[]; out: Slot[]; mlpIn: Slot[]; mlpOut: Slot[] };
  /** of norm2, pre, active and what leaves the block; all before have all columns, but for `narrow` */
  columns: SomeColumns;
  /** attended and middle have them alone too */
  narrow: boolean;
}

/** Turns packed [q | k | v] of all rows into what attention reads. */
export type Attend = (qkv: Slot, readAlone: boolean) => { attended: Slot; lse: Slot };

export class TrunkRecorder {
  readonly linears: LinearRecorder;

  constructor(
    private readonly builder: PlanBuilder,
    private readonly engine: Engine,
    private readonly config: ModelConfig,
    private readonly weights: Named,
    private readonly rows: number,
    /** of the rows that are computed; null: all */
    private readonly list: Slot | null = null,
  ) {
    this.linears = new LinearRecorder(builder, engine, config, weights);
  }

  /**
   * @param x [N,C] residual stream
   * @param columns that are computed behind the attention: rows know of each other nowhere else
   */
  block(layer: number, x: Slot, attend: Attend, columns = this.all): { memory: BlockMemory; out: Slot } {
    const { linears } = this;
    const { width } = this.config;
    const { rows } = columns;
    const { out: norm1, stats: stats1 } = this.normalise(`block${layer}/norm1`, x, this.all);
    const qkv = this.value('qkv', this.rows, 3 * width);
    const lowsOfQkv = linears.forward(this.linear(layer, 'qkv', this.all), norm1, qkv);
    const narrow = columns.list !== this.list;
    const { attended, lse } = attend(qkv, narrow);
    const behind = narrow ? columns : this.all;
    const middle = this.value('middle', behind.rows, width);
    const onto = narrow ? this.select(x, columns) : x;
    const lowsOfOut = linears.forward(this.linear(layer, 'out', behind), attended, middle, { residual: onto });
    const read = narrow ? { ...columns, ...AS_THEY_COME } : columns;
    const { out: norm2, stats: stats2 } = this.normalise(`block${layer}/norm2`, middle, read);
    const residual = narrow ? middle : this.select(middle, columns);
    const [pre, active] = [this.value('pre', rows, 4 * width), this.value('active', rows, 4 * width)];
    const lowsOfIn = linears.forward(this.linear(layer, 'mlpIn', columns), norm2, active, { pre });
    const out = this.value('x', rows, width);
    const lowsOfMlp = linears.forward(this.linear(layer, 'mlpOut', columns), active, out, { residual });
    const lows = { qkv: lowsOfQkv, out: lowsOfOut, mlpIn: lowsOfIn, mlpOut: lowsOfMlp };
    const memory = { x, stats1, norm1, qkv, lse, attended, middle, stats2, norm2, pre, active, lows, columns, narrow };
    return { memory, out };
  }

  norm(name: string): { gain: Slot; bias: Slot } {
    return { gain: this.weights.get(`${name}/gain`), bias: this.weights.get(`${name}/bias`) };
  }

  /** row by row */
  get all(): SomeColumns {
    return { rows: this.rows, ...AS_THEY_COME, list: this.list };
  }

  private normalise(name: string, x: Slot, columns: SomeColumns): { out: Slot; stats: Slot } {
    const [out, stats] = [
      this.value(name, columns.rows, this.config.width),
      this.value(`${name} stats`, columns.rows, 2),
    ];
    const { list } = columns;
    const buffers = { x, ...this.norm(name), out, stats, ...(list && { list }) };
    this.builder.dispatch(this.engine.kernels.norm, buffers, shapeOf(columns));
    return { out, stats };
  }

  private select(x: Slot, columns: SomeColumns): Slot {
    const { list } = columns;
    if (columns.rows === this.rows && !list) return x;
    const out = this.value('selected', columns.rows, this.config.width);
    this.builder.dispatch(this.engine.kernels.select, { x, out, ...(list && { list }) }, shapeOf(columns));
    return out;
  }

  private linear(layer: number, name: keyof BlockMemory['lows'], columns: SomeColumns): Linear {
    return this.linears.linear(layer, name, columns);
  }

  /** [rows, columns] */
  private value(name: string, rows: number, columns: number): Slot {
    return this.builder.value(name, rows * columns);
  }
}
