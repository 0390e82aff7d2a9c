/** The weights of one network on the device, by name. Owner of its tensors. */
import type { Tuning } from '../../contract/adapters';
import { tf } from '../tf';
import type { NamedTensors, Parameter } from './causalNetwork';
import { savedWeight } from './layout';

/** A change of low rank of one matrix: x·W becomes x·W + scaling · (x·A)·B. */
export interface LowRank {
  /** [in,r] */
  a: tf.Tensor2D;
  /** [r,out] */
  b: tf.Tensor2D;
  scaling: number;
}

const isList = (values: NamedTensors | readonly tf.Tensor[]): values is readonly tf.Tensor[] => Array.isArray(values);

export class Weights {
  /** which of them learn; null where all do */
  readonly tuning: Tuning | null = null;
  private readonly tensors: tf.Tensor[];
  private readonly index: Map<string, number>;

  /**
   * @param values what was saved, or tensors in the order of the list, which then belong to this object
   * @throws when a name is missing or a shape differs
   */
  constructor(
    readonly list: readonly Parameter[],
    values: NamedTensors | readonly tf.Tensor[],
  ) {
    this.index = new Map(list.map(({ name }, position) => [name, position]));
    this.tensors = (isList(values) ? [...values] : this.upload(values)).map((tensor) => tf.keep(tensor));
  }

  /** borrowed; valid until the next `replace` */
  get<T extends tf.Tensor = tf.Tensor2D>(name: string): T {
    const position = this.index.get(name);
    if (position === undefined) throw new Error(`this network has no weights named ${name}`);
    return this.tensors[position] as T;
  }

  has(name: string): boolean {
    return this.index.has(name);
  }

  /** whether its gradient is asked for */
  learns(_name: string): boolean {
    return true;
  }

  /** what is added to a matrix */
  changesOf(_name: string): LowRank[] {
    return [];
  }

  /** borrowed, in the order of the list */
  get all(): readonly tf.Tensor[] {
    return this.tensors;
  }

  /** takes ownership of new values, one per entry of the list, and frees the old ones */
  replace(next: readonly tf.Tensor[]): void {
    for (const [position, tensor] of next.entries()) {
      this.tensors[position]?.dispose();
      this.tensors[position] = tf.keep(tensor);
    }
  }

  /**
   * An independent copy with another list; what the original lacks starts at 0. Weights are never written in place,
   * only replaced, so the copy shares memory until one of the two learns.
   */
  clone(list: readonly Parameter[]): Weights {
    return new Weights(
      list,
      list.map((parameter) => this.copyOf(parameter)),
    );
  }

  /** @returns a weight, or zeros where there is none of this name; owned by the caller */
  copyOf({ name, shape }: Parameter): tf.Tensor {
    return this.has(name) ? tf.clone(this.get<tf.Tensor>(name)) : tf.zeros([...shape]);
  }

  /** @returns what computes the same without low-rank changes, owned by the caller */
  merged(list: readonly Parameter[]): Weights {
    return this.clone(list);
  }

  async save(): Promise<NamedTensors> {
    const data = await Promise.all(this.tensors.map((tensor) => tensor.data()));
    return Object.fromEntries(
      this.list.map(({ name, shape }, i) => [name, { shape: [...shape], data: Float32Array.from(data[i] ?? []) }]),
    );
  }

  /** @throws when a name is missing or a shape differs; then nothing was changed */
  load(values: NamedTensors): void {
    this.replace(this.upload(values));
  }

  dispose(): void {
    tf.dispose(this.tensors);
  }

  private upload(values: NamedTensors): tf.Tensor[] {
    // all of them, before any becomes a tensor
    const saved = this.list.map((parameter) => savedWeight(values, parameter));
    // a copy: on the cpu backend a tensor keeps the array it was made from
    return saved.map(({ shape, data }) => tf.tensor(Float32Array.from(data), [...shape], 'float32'));
  }
}
