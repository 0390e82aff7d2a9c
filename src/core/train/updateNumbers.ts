import { append } from '../../contract/many';
import { meansOf, type NamedScalars, readManyNamed } from '../kernels/namedScalars';
import { tf } from '../tf';

/** What the updates of one iteration show. It stays on the device until it is asked for, and then comes all at once. */
export class UpdateNumbers {
  /** those that came, an update a row */
  readonly rows: Record<string, number>[] = [];
  private readonly waiting: NamedScalars<string>[] = [];

  /** @param scalars owned by this from now on; of every update the same names */
  add(scalars: NamedScalars<string>): void {
    this.waiting.push(scalars);
  }

  /** @returns the means of those that were waiting */
  async arrive(): Promise<Record<string, number>> {
    const latest = await readManyNamed(this.waiting.splice(0));
    append(this.rows, latest);
    return meansOf(latest);
  }

  /** @returns the means of all */
  async means(): Promise<Record<string, number>> {
    if (this.waiting.length > 0) await this.arrive();
    return meansOf(this.rows);
  }

  /** those that still wait are given up */
  dispose(): void {
    tf.dispose(this.waiting.map(({ vector }) => vector));
  }
}
