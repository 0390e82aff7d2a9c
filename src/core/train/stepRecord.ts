/** What the loss of the newest step was computed from, kept on the device until the next step takes its place. */
import { tf } from '../tf';

export interface StepNumbers<Facts> {
  facts: Facts;
  numbers: Record<string, Float32Array>;
}

export class StepRecord<Facts> {
  private facts: Facts | null = null;
  private kept: Record<string, tf.Tensor> = {};

  /**
   * What a step computes its loss from; called within the loss.
   * @param facts what is known of the step without the device
   * @param tensors borrowed
   */
  see(facts: Facts, tensors: Readonly<Record<string, tf.Tensor>>): void {
    this.dispose();
    this.facts = facts;
    for (const [name, tensor] of Object.entries(tensors)) this.kept[name] = tf.keep(tf.clone(tensor));
  }

  /** Everything is asked of the device before anything is awaited. @returns null before the first step */
  async read(): Promise<StepNumbers<Facts> | null> {
    const { facts } = this;
    if (facts === null) return null;
    const entries = Object.entries(this.kept).map(([name, tensor]) => [name, tf.clone(tensor)] as const);
    try {
      const read = entries.map(async ([name, tensor]) => [name, Float32Array.from(await tensor.data())] as const);
      return { facts, numbers: Object.fromEntries(await Promise.all(read)) };
    } finally {
      tf.dispose(entries.map(([, tensor]) => tensor));
    }
  }

  dispose(): void {
    tf.dispose(Object.values(this.kept));
    this.kept = {};
    this.facts = null;
  }
}
