/**
 * Work on long texts is a generator that stops between its steps, so that whoever runs it can show progress, or give
 * up.
 */

export { finish } from '../../contract/steps';

/** how far a piece of work is, in words */
export interface TrainingProgress {
  done: number;
  total: number;
  label: string;
}

/** Does something with each item, and stops after every `perStep` of them. */
export function* each<T>(
  items: readonly T[],
  label: string,
  perStep: number,
  act: (item: T, index: number) => void,
): Generator<TrainingProgress, void> {
  for (const [i, item] of items.entries()) {
    if (i > 0 && i % perStep === 0) yield { done: i, total: items.length, label };
    act(item, i);
  }
}

/**
 * Called between pieces of work; what it returns is awaited, so the thread can do something else meanwhile; what it
 * throws ends the work.
 */
export type OnProgress = (progress: TrainingProgress) => void | Promise<void>;

/** @returns the result of work whose every step was told */
export async function finishTelling<T>(work: Generator<TrainingProgress, T>, onProgress: OnProgress): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await onProgress(step.value);
  }
}
