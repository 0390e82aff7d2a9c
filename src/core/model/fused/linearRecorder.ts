/**
 * y = x·W + b as dispatches, with the low-rank changes that are beside W, and what the chain rule makes of it. The
 * product through W is the trunk's own; each change adds to what it left, so that one that is 0 changes no bit.
 *
 *   forward    y₀ = x·W + b          u = s·x·A         y = y₀ + u·B
 *   backward   dx₀ = dy·Wᵀ           du = s·dy·Bᵀ      dx = dx₀ + du·Aᵀ     dA = xᵀ·du     dB = uᵀ·dy
 */
import type { ModelConfig } from '../../../contract/config';
import type { PlanBuilder } from '../../kernels/plan/planBuilder';
import type { Launch, Slot } from '../../kernels/plan/player';
import { sideA, sideB } from '../adapters/tuning';
import type { Engine } from './engine';
import type { Named, PlacedChange } from './levels';

/** The kernels of one linear layer without changes. */
export interface LinearLaunches {
  forward: Launch;
  gradient: Launch;
  back: Launch;
}

/** of a block: who owns it, and how many times the width it takes and gives */
const LINEARS = {
  qkv: { owner: 'attn', part: 'Qkv', takes: 1, gives: 3 },
  out: { owner: 'attn', part: 'Out', takes: 1, gives: 1 },
  mlpIn: { owner: 'mlp', part: 'In', takes: 1, gives: 4 },
  mlpOut: { owner: 'mlp', part: 'Out', takes: 4, gives: 1 },
} as const;

/** One layer on so many rows. */
export interface Linear {
  /** `block0/attn` */
  owner: string;
  /** `Qkv` */
  part: string;
  inputs: number;
  outputs: number;
  rows: number;
  /** of those that are computed; null: all */
  list: Slot | null;
  launches: LinearLaunches;
}

/** What is done on the way of a product. */
export interface OnTheWay {
  /** is added */
  residual?: Slot;
  /** GELU follows, which leaves here what its slope is found by */
  pre?: Slot;
}

export class LinearRecorder {
  constructor(
    private readonly builder: PlanBuilder,
    private readonly engine: Engine,
    private readonly config: ModelConfig,
    private readonly weights: Named,
  ) {}

  /** @param name of its kernels */
  linear(layer: number, name: keyof typeof LINEARS, { rows, list }: Pick<Linear, 'rows' | 'list'>): Linear {
    const { owner, part, takes, gives } = LINEARS[name];
    const { width } = this.config;
    const launches = this.engine.kernels[name];
    return {
      owner: `block${layer}/${owner}`,
      part,
      inputs: takes * width,
      outputs: gives * width,
      rows,
      list,
      launches,
    };
  }

  /** @returns what each change left of x, for its backward pass */
  forward(linear: Linear, x: Slot, out: Slot, { residual, pre }: OnTheWay = {}): Slot[] {
    const { owner, part, launches } = linear;
    const changes = this.changesOf(linear);
    const alone = changes.length === 0;
    const [b, bias] = [this.weights.get(`${owner}/w${part}`), this.weights.get(`${owner}/b${part}`)];
    let onto = alone ? out : this.value(linear, 'below', linear.outputs);
    const more = { ...(residual && { residual }), ...(alone && pre && { pre }) };
    const launch = pre && !alone ? this.plain(linear) : launches.forward;
    this.product(linear, launch, { a: x, b, bias, out: onto, ...more });
    return changes.map((change, i) => {
      const last = i === changes.length - 1;
      const low = this.value(linear, 'low', change.rank);
      this.product(linear, this.down(linear, change), { a: x, b: change.a, out: low });
      const next = last ? out : this.value(linear, 'below', linear.outputs);
      const bent = last ? pre : undefined;
      const buffers = { a: low, b: change.b, onto, out: next, ...(bent && { pre: bent }) };
      this.product(linear, this.up(linear, change, bent !== undefined), buffers);
      onto = next;
      return low;
    });
  }

  /**
   * Gradients of what learns, and of x.
   * @param pre where x came through GELU, what that left: the gradient goes through it too
   */
  backward(linear: Linear, { x, dOut, lows, pre }: LinearMemory, gradients: Named): Slot {
    const { owner, part, launches, inputs } = linear;
    const changes = this.changesOf(linear);
    const bent = changes.length === 0 ? pre : undefined;
    let dx = this.value(linear, 'd', inputs);
    const buffers = { a: dOut, b: this.weights.get(`${owner}/w${part}`), out: dx, ...(bent && { pre: bent }) };
    this.product(linear, bent ? this.engine.kernels.mlpOutBack : launches.back, buffers);
    changes.forEach((change, i) => {
      const last = i === changes.length - 1;
      dx = this.changeBackward(
        linear,
        change,
        { x, dOut, low: lows[i]!, onto: dx, pre: last ? pre : undefined },
        gradients,
      );
    });
    if (!gradients.has(`${owner}/w${part}`)) return dx;
    const [out, sums] = [gradients.get(`${owner}/w${part}`), gradients.get(`${owner}/b${part}`)];
    this.product(linear, launches.gradient, { a: x, b: dOut, out, sums });
    return dx;
  }

  private changeBackward(linear: Linear, change: PlacedChange, memory: ChangeMemory, gradients: Named): Slot {
    const { x, dOut, low, onto, pre } = memory;
    const { inputs, outputs } = linear;
    const { rank } = change;
    const dLow = this.value(linear, 'dLow', rank);
    this.product(linear, this.upBack(linear, change), { a: dOut, b: change.b, out: dLow });
    const dx = this.value(linear, 'd', inputs);
    const buffers = { a: dLow, b: change.a, onto, out: dx, ...(pre && { pre }) };
    this.product(linear, this.downBack(linear, change, pre !== undefined), buffers);
    if (!change.learns) return dx;
    const name = `${linear.owner}/w${linear.part}`;
    const [dA, dB] = [gradients.get(sideA(name)), gradients.get(sideB(name))];
    this.product(linear, this.gradient('A', inputs, rank), { a: x, b: dLow, out: dA });
    this.product(linear, this.gradient('B', rank, outputs), { a: low, b: dOut, out: dB });
    return dx;
  }

  private product({ rows, list }: Linear, launch: Launch, buffers: Record<string, Slot>): void {
    this.builder.dispatch(launch, { ...buffers, ...(list && { list }) }, { rows });
  }

  private changesOf({ owner, part }: Linear): PlacedChange[] {
    return this.weights.changesOf(`${owner}/w${part}`);
  }

  private value({ part, rows }: Linear, what: string, columns: number): Slot {
    return this.builder.value(`${what} ${part}`, rows * columns);
  }

  /** through W alone, where GELU follows the changes */
  private plain({ part, inputs, outputs }: Linear): Launch {
    const form = { form: 'nn', inner: inputs, columns: outputs, epilogue: 'bias' } as const;
    return this.engine.product({ name: `${part} below`, ...form });
  }

  private down({ inputs }: Linear, { rank, scaling: scale }: PlacedChange): Launch {
    return this.engine.product({ name: 'down', form: 'nn', inner: inputs, columns: rank, epilogue: 'none', scale });
  }

  private up({ outputs: columns }: Linear, { rank: inner }: PlacedChange, bends: boolean): Launch {
    return this.engine.product({
      name: 'up',
      form: 'nn',
      inner,
      columns,
      epilogue: bends ? 'gelu' : 'bias',
      onto: true,
    });
  }

  private upBack({ outputs: inner }: Linear, { rank: columns, scaling: scale }: PlacedChange): Launch {
    return this.engine.product({ name: 'up back', form: 'nt', inner, columns, epilogue: 'none', scale });
  }

  private downBack({ inputs: columns }: Linear, { rank: inner }: PlacedChange, withSlope: boolean): Launch {
    const epilogue = withSlope ? 'geluBackward' : 'bias';
    return this.engine.product({ name: 'down back', form: 'nt', inner, columns, epilogue, onto: true });
  }

  private gradient(side: 'A' | 'B', outRows: number, columns: number): Launch {
    return this.engine.product({ name: `gradient of ${side}`, form: 'tn', outRows, columns, epilogue: 'gradient' });
  }
}

/** What a layer read, and the gradient of what it gave. */
export interface LinearMemory {
  x: Slot;
  dOut: Slot;
  /** what `forward` returned */
  lows: readonly Slot[];
  pre?: Slot;
}

interface ChangeMemory {
  x: Slot;
  dOut: Slot;
  /** s·x·A */
  low: Slot;
  /** the gradient of x so far */
  onto: Slot;
  pre: Slot | undefined;
}
