/**
 * Work on long things is a generator that stops between its steps, so that whoever runs it can do something else, or
 * give up.
 */

/** Work whose steps may themselves have to wait. */
export type Steps<T> = Generator<unknown, T> | AsyncGenerator<unknown, T>;

/** @returns the result of such work that nobody waits for the steps of */
export async function finishAwaited<T>(work: Steps<T>): Promise<T> {
  for (;;) {
    const step = await work.next();
    if (step.done) return step.value;
  }
}

/** @returns the result of work that nobody waits for the steps of */
export function finish<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
