/** The weights of a network of which few learn: a trunk that it shares, and what it owns beside it. */
import type { Tuning } from '../../../contract/adapters';
import type { Random } from '../../tensor/random';
import { tf } from '../../tf';
import type { Parameter } from '../causalNetwork';
import { type LowRank, Weights } from '../weights';
import { checkTuning, initialAdapters, learningList, sideA, sideB } from './tuning';

/** @returns of these weights those that there are, in the same memory */
const sharing = (trunk: Weights, all: readonly Parameter[]): Weights =>
  trunk.clone(all.filter(({ name }) => trunk.has(name)));

/** Its list, and all that is saved, loaded, replaced and differentiated, is what learns. */
export class TunedWeights extends Weights {
  /** @param trunk belongs to this object from now on; its tensors are shared, because nobody writes into them */
  private constructor(
    private readonly trunk: Weights,
    override readonly tuning: Tuning,
    list: readonly Parameter[],
    values: readonly tf.Tensor[],
  ) {
    super(list, values);
  }

  /**
   * Begins where `base` is: at the same numbers to the last bit.
   * @param base borrowed; it may have adapters itself, which then are part of the trunk
   * @param all weights that the network reads
   * @param seed of A
   * @throws when the tuning names what cannot learn
   */
  static beginAt(base: Weights, all: readonly Parameter[], tuning: Tuning, seed: Random): TunedWeights {
    checkTuning(all, tuning);
    const drawn = new Map(
      Object.entries(initialAdapters(all, tuning, seed)).map(([name, { shape, data }]) => [
        name,
        tf.tensor(data, [...shape]),
      ]),
    );
    const list = learningList(all, tuning);
    const values = list.map((parameter) => drawn.get(parameter.name) ?? base.copyOf(parameter));
    return new TunedWeights(sharing(base, all), tuning, list, values);
  }

  override get<T extends tf.Tensor = tf.Tensor2D>(name: string): T {
    return this.learns(name) ? super.get<T>(name) : this.trunk.get<T>(name);
  }

  override has(name: string): boolean {
    return this.learns(name) || this.trunk.has(name);
  }

  override learns(name: string): boolean {
    return super.has(name);
  }

  override changesOf(name: string): LowRank[] {
    const below = this.trunk.changesOf(name);
    const change = this.tuning.changes[name];
    return change ? [...below, { a: this.get(sideA(name)), b: this.get(sideB(name)), scaling: change.scaling }] : below;
  }

  override clone(all: readonly Parameter[]): TunedWeights {
    const list = learningList(all, this.tuning);
    return new TunedWeights(
      sharing(this.trunk, all),
      this.tuning,
      list,
      list.map((parameter) => this.copyOf(parameter)),
    );
  }

  /** W + scaling · A·B of every matrix that is changed, the others as they are */
  override merged(all: readonly Parameter[]): Weights {
    const values = all.map((parameter) =>
      tf.tidy(() =>
        this.changesOf(parameter.name).reduce<tf.Tensor>(
          (weight, { a, b, scaling }) => tf.add(weight, tf.mul(tf.matMul(a, b), scaling)),
          this.copyOf(parameter),
        ),
      ),
    );
    return new Weights(all, values);
  }

  override dispose(): void {
    super.dispose();
    this.trunk.dispose();
  }
}
