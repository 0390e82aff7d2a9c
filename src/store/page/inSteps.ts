import type { Steps } from '../../contract/steps';
import type { Course } from './longWork';

/** a browser lets at least 4 ms pass between two steps, and what is told is drawn: so work goes on for a frame at a time */
const SLICE_MS = 16;

/**
 * Runs work a step at a time, so that the page can show, and hear, something else in between: that it is cancelled, for
 * one.
 */
export async function inSteps<T>(work: Steps<T>, { tell }: Pick<Course, 'tell'>): Promise<T> {
  let rested = Number.NEGATIVE_INFINITY;
  for (let steps = 1; ; steps++) {
    const step = await work.next();
    if (step.done) return step.value;
    if (performance.now() - rested < SLICE_MS) continue;
    tell({ done: steps, total: 0, label: 'reading' });
    await new Promise((resolve) => setTimeout(resolve));
    rested = performance.now();
  }
}
