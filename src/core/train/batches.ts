/**
 * Which examples a step learns from, decided by the step alone, so that a run that is resumed reads on where it
 * stopped.
 */
import type { Random } from '../tensor/random';

/**
 * The examples of a step: all are read once, in a random order, before any is read again, in another one.
 * @param step counts from 0
 * @param stream the run's streams by purpose
 */
export function batchOfStep<T>(
  examples: readonly T[],
  step: number,
  batchSize: number,
  stream: (purpose: string) => Random,
): T[] {
  const orders = new Map<number, T[]>();
  return Array.from({ length: batchSize }, (_, i) => {
    const before = step * batchSize + i;
    const epoch = Math.floor(before / examples.length);
    const order = orders.get(epoch) ?? stream(`order ${epoch}`).shuffle([...examples]);
    orders.set(epoch, order);
    return order[before % examples.length]!;
  });
}
