/** The blocks of the transformer as dispatches of a plan: the same for whole texts and for one column at a time. */
import type { ModelConfig } from '../../../contract/config';
import type { PlanBuilder } from '../../kernels/plan/planBuilder';
import type { Launch, Slot } from '../../kernels/plan/player';
import { type FlatBuffer, rangeOf } from './flatWeights';
import type { KernelSet } from './kernelSet';

/** Parts of a flat memory by the name of the weight. */
export class Named {
  constructor(
    private readonly builder: PlanBuilder,
    private readonly flat: FlatBuffer,
  ) {}

  get(name: string): Slot {
    const { offset, size } = rangeOf(this.flat.layout, name);
    return this.builder.outside(name, this.flat.memory, 4 * offset, size);
  }
}

/** Columns of a batch, as the kernels of `../../kernels/gpu/layerNorm.ts` count them: rows = B·count. */
export interface SomeColumns {
  rows: number;
  length: number;
  first: number;
  count: number;
}

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
  /** of norm2, pre, active and what leaves the block; all before have all columns */
  columns: SomeColumns;
}

/** Turns packed [q | k | v] of all rows into what attention reads. */
export type Attend = (qkv: Slot, layer: number) => { attended: Slot; lse: Slot };

export class TrunkRecorder {
  constructor(
    private readonly builder: PlanBuilder,
    private readonly kernels: KernelSet,
    private readonly config: ModelConfig,
    private readonly weights: Named,
    private readonly rows: number,
  ) {}

  /**
   * @param x [N,C] residual stream
   * @param columns that are computed behind the attention: rows know of each other nowhere else
   */
  block(layer: number, x: Slot, attend: Attend, columns = this.all): { memory: BlockMemory; out: Slot } {
    const { kernels } = this;
    const { width } = this.config;
    const { rows } = columns;
    const [attn, mlp] = [`block${layer}/attn`, `block${layer}/mlp`];
    const { out: norm1, stats: stats1 } = this.normalise(`block${layer}/norm1`, x, this.all);
    const qkv = this.affine(kernels.qkv.forward, attn, 'Qkv', norm1, this.value('qkv', this.rows, 3 * width));
    const { attended, lse } = attend(qkv, layer);
    const middle = this.affine(kernels.out.forward, attn, 'Out', attended, this.value('middle', this.rows, width), {
      residual: x,
    });
    const { out: norm2, stats: stats2 } = this.normalise(`block${layer}/norm2`, middle, columns);
    const residual = this.select(middle, columns);
    const [pre, active] = [this.value('pre', rows, 4 * width), this.value('active', rows, 4 * width)];
    this.affine(kernels.mlpIn.forward, mlp, 'In', norm2, active, { pre }, rows);
    const out = this.affine(
      kernels.mlpOut.forward,
      mlp,
      'Out',
      active,
      this.value('x', rows, width),
      { residual },
      rows,
    );
    return { memory: { x, stats1, norm1, qkv, lse, attended, middle, stats2, norm2, pre, active, columns }, out };
  }

  norm(name: string): { gain: Slot; bias: Slot } {
    return { gain: this.weights.get(`${name}/gain`), bias: this.weights.get(`${name}/bias`) };
  }

  /** row by row */
  private get all(): SomeColumns {
    return { rows: this.rows, length: 1, first: 0, count: 1 };
  }

  private normalise(name: string, x: Slot, columns: SomeColumns): { out: Slot; stats: Slot } {
    const [out, stats] = [
      this.value(name, columns.rows, this.config.width),
      this.value(`${name} stats`, columns.rows, 2),
    ];
    this.builder.dispatch(this.kernels.norm, { x, ...this.norm(name), out, stats }, { ...columns });
    return { out, stats };
  }

  private select(x: Slot, columns: SomeColumns): Slot {
    if (columns.rows === this.rows) return x;
    const out = this.value('selected', columns.rows, this.config.width);
    this.builder.dispatch(this.kernels.select, { x, out }, { ...columns });
    return out;
  }

  /** out = a·W + b with whatever the kernel adds on the way */
  private affine(
    launch: Launch,
    name: string,
    part: string,
    a: Slot,
    out: Slot,
    more: Record<string, Slot> = {},
    rows = this.rows,
  ): Slot {
    const [b, bias] = [this.weights.get(`${name}/w${part}`), this.weights.get(`${name}/b${part}`)];
    this.builder.dispatch(launch, { a, b, bias, out, ...more }, { rows });
    return out;
  }

  /** [rows, columns] */
  private value(name: string, rows: number, columns: number): Slot {
    return this.builder.value(name, rows * columns);
  }
}
