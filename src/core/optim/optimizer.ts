/**
 * AdamW over all tensors of one network. The tensors are laid end to end in up to four long vectors (with and without
 * decay, trunk and head), because thirteen small operations per tensor cost more in dispatches than in arithmetic at
 * our sizes.
 */
import type { NamedTensors } from '../../contract/checkpoint';
import type { OptimizerConfig } from '../../contract/config';
import { sizeOf } from '../tensor/shapes';
import { tf } from '../tf';
import { type AdamStyle, adamWStep } from './adamW';
import { clipGradNorm } from './clipGradNorm';

/** One tensor that is trained. The list and its order never change: moments are kept by position. */
export interface Trained {
  name: string;
  shape: readonly number[];
  /** matrices decay, vectors do not */
  decay: boolean;
  /** follows the head's learning rate */
  head: boolean;
}

export interface Rates {
  learningRate: number;
  headLearningRate: number;
}

interface Group {
  decay: boolean;
  head: boolean;
  /** positions in the list of trained tensors */
  members: number[];
  m: tf.Tensor1D;
  v: tf.Tensor1D;
}

/** how many steps were taken, as every optimiser saves it beside its moments `m/<name>` and `v/<name>` */
export const saveStep = (steps: number): NamedTensors => ({ step: { shape: [1], data: Float32Array.of(steps) } });

export function loadStep({ step }: NamedTensors): number {
  const steps = step?.data[0];
  if (steps === undefined) throw new Error('optimizer state lacks `step`');
  return steps;
}

/** Owns the moments; dispose of it with the network it belongs to. */
export class AdamW {
  private steps = 0;
  private readonly groups: Group[];

  constructor(
    private readonly trained: readonly Trained[],
    private readonly config: OptimizerConfig,
    private readonly style: AdamStyle = 'torch',
  ) {
    this.groups = [true, false]
      .flatMap((decay) => [true, false].map((head) => ({ decay, head, members: this.positions(decay, head) })))
      .filter((group) => group.members.length > 0)
      .map((group) => ({
        ...group,
        m: tf.zeros([this.length(group.members)]),
        v: tf.zeros([this.length(group.members)]),
      }));
  }

  /** steps taken so far */
  get step(): number {
    return this.steps;
  }

  /**
   * Clips the gradients by their global norm, then takes one step.
   * @param weights, gradients one tensor per entry of the list, in its order; borrowed
   * @returns the weights after the step in the same order and the norm before clipping, all owned by the caller
   */
  apply(
    weights: readonly tf.Tensor[],
    gradients: readonly tf.Tensor[],
    rates: Rates,
  ): { weights: tf.Tensor[]; gradNorm: tf.Scalar } {
    if (weights.length !== this.trained.length || gradients.length !== this.trained.length)
      throw new Error(
        `optimizer trains ${this.trained.length} tensors, got ${weights.length} weights and ${gradients.length} gradients`,
      );
    this.steps++;
    return tf.tidy(() => {
      const flat = this.groups.map((group) => this.flatten(gradients, group.members));
      const { clipped, norm } = clipGradNorm(flat, this.config.maxGradNorm);
      const next: tf.Tensor[] = new Array(weights.length);
      this.groups.forEach((group, index) => {
        const moved = this.stepGroup(group, this.flatten(weights, group.members), clipped[index]!, rates);
        this.unflatten(moved, group.members, next);
      });
      return { weights: next, gradNorm: norm };
    });
  }

  /** @returns `m/<name>`, `v/<name>` for every tensor, and `step` */
  async save(): Promise<NamedTensors> {
    const saved: NamedTensors = saveStep(this.steps);
    for (const group of this.groups) {
      for (const kind of ['m', 'v'] as const) {
        const values = (await group[kind].data()) as Float32Array;
        this.eachMember(group.members, (position, from, to) => {
          const { name, shape } = this.trained[position]!;
          saved[`${kind}/${name}`] = { shape: [...shape], data: values.slice(from, to) };
        });
      }
    }
    return saved;
  }

  /** @throws when a tensor is missing or has another size; then nothing was changed */
  load(saved: NamedTensors): void {
    const steps = loadStep(saved);
    const loaded = this.groups.map((group) => ({
      m: this.gather(saved, 'm', group),
      v: this.gather(saved, 'v', group),
    }));
    this.groups.forEach((group, index) => {
      tf.dispose([group.m, group.v]);
      group.m = tf.tensor1d(loaded[index]!.m);
      group.v = tf.tensor1d(loaded[index]!.v);
    });
    this.steps = steps;
  }

  dispose(): void {
    tf.dispose(this.groups.flatMap(({ m, v }) => [m, v]));
  }

  private stepGroup(group: Group, weights: tf.Tensor1D, gradient: tf.Tensor1D, rates: Rates): tf.Tensor1D {
    const settings = { ...this.config, style: this.style, weightDecay: group.decay ? this.config.weightDecay : 0 };
    const rate = group.head ? rates.headLearningRate : rates.learningRate;
    const moved = adamWStep(weights, gradient, group, this.steps, rate, settings);
    tf.dispose([group.m, group.v]);
    group.m = tf.keep(moved.m); // the moments outlive the tidy of this step; dispose() frees them
    group.v = tf.keep(moved.v);
    return moved.weights;
  }

  private positions(decay: boolean, head: boolean): number[] {
    return this.trained.flatMap((entry, position) => (entry.decay === decay && entry.head === head ? [position] : []));
  }

  private length(members: readonly number[]): number {
    return members.reduce((sum, position) => sum + sizeOf(this.trained[position]!.shape), 0);
  }

  /** calls back with each member's range in the long vector */
  private eachMember(members: readonly number[], visit: (position: number, from: number, to: number) => void): void {
    let from = 0;
    for (const position of members) {
      const to = from + sizeOf(this.trained[position]!.shape);
      visit(position, from, to);
      from = to;
    }
  }

  private flatten(tensors: readonly tf.Tensor[], members: readonly number[]): tf.Tensor1D {
    return tf.concat(members.map((position) => tf.reshape(tensors[position]!, [-1]) as tf.Tensor1D));
  }

  private unflatten(vector: tf.Tensor1D, members: readonly number[], into: tf.Tensor[]): void {
    this.eachMember(members, (position, from, to) => {
      into[position] = tf.reshape(tf.slice(vector, [from], [to - from]), [...this.trained[position]!.shape]);
    });
  }

  private gather(saved: NamedTensors, kind: 'm' | 'v', group: Group): Float32Array {
    const values = new Float32Array(this.length(group.members));
    this.eachMember(group.members, (position, from, to) => {
      const name = `${kind}/${this.trained[position]!.name}`;
      const data = saved[name]?.data;
      if (data?.length !== to - from)
        throw new Error(`optimizer state ${name} has ${data?.length ?? 'no'} values, expected ${to - from}`);
      values.set(data, from);
    });
    return values;
  }
}
