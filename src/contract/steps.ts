/**
 * Work on long things is a generator that stops between its steps, so that whoever runs it can do something else, or
 * give up.
 */

/** @returns the result of work that nobody waits for the steps of */
export function finish<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
