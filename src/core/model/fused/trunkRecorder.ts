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

  /** @param x [N,C] residual stream */
  block(layer: number, x: Slot, attend: Attend): { memory: BlockMemory; out: Slot } {
    const { kernels } = this;
    const { width } = this.config;
    const [attn, mlp] = [`block${layer}/attn`, `block${layer}/mlp`];
    const { out: norm1, stats: stats1 } = this.normalise(`block${layer}/norm1`, x);
    const qkv = this.affine(kernels.qkv.forward, attn, 'Qkv', norm1, this.value('qkv', 3 * width));
    const { attended, lse } = attend(qkv, layer);
    const middle = this.affine(kernels.out.forward, attn, 'Out', attended, this.value('middle', width), {
      residual: x,
    });
    const { out: norm2, stats: stats2 } = this.normalise(`block${layer}/norm2`, middle);
    const pre = this.value('pre', 4 * width);
    const active = this.affine(kernels.mlpIn.forward, mlp, 'In', norm2, this.value('active', 4 * width), { pre });
    const out = this.affine(kernels.mlpOut.forward, mlp, 'Out', active, this.value('x', width), { residual: middle });
    return { memory: { x, stats1, norm1, qkv, lse, attended, middle, stats2, norm2, pre, active }, out };
  }

  norm(name: string): { gain: Slot; bias: Slot } {
    return { gain: this.weights.get(`${name}/gain`), bias: this.weights.get(`${name}/bias`) };
  }

  private normalise(name: string, x: Slot): { out: Slot; stats: Slot } {
    const [out, stats] = [this.value(name, this.config.width), this.value(`${name} stats`, 2)];
    const { rows } = this;
    this.builder.dispatch(
      this.kernels.norm,
      { x, ...this.norm(name), out, stats },
      { rows, length: 1, first: 0, count: 1 },
    );
    return { out, stats };
  }

  /** out = a·W + b with whatever the kernel adds on the way */
  private affine(
    launch: Launch,
    name: string,
    part: string,
    a: Slot,
    out: Slot,
    more: Record<string, Slot> = {},
  ): Slot {
    const [b, bias] = [this.weights.get(`${name}/w${part}`), this.weights.get(`${name}/b${part}`)];
    this.builder.dispatch(launch, { a, b, bias, out, ...more }, { rows: this.rows });
    return out;
  }

  /** [rows, columns] */
  private value(name: string, columns: number): Slot {
    return this.builder.value(name, this.rows * columns);
  }
}
