import type { Steps } from '../../contract/steps';
import type { Course } from './longWork';

/**
 * Runs work a step at a time, so that the page can show, and hear, something else in between: that it is cancelled, for
 * one.
 */
export async function inSteps<T>(work: Steps<T>, { tell }: Pick<Course, 'tell'>): Promise<T> {
  for (let steps = 1; ; steps++) {
    const step = await work.next();
    if (step.done) return step.value;
    tell({ done: steps, total: 0, label: 'reading' });
    await new Promise((resolve) => setTimeout(resolve));
  }
}
