/** Runs work a step at a time, so that the page can show, and hear, something else in between. */
export async function inSteps<T>(work: Generator<unknown, T>): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await new Promise((resolve) => setTimeout(resolve));
  }
}
