import type { Course } from '../contract/protocol';
import type { OnProgress } from '../core/text/steps';

const PROGRESS_MS = 100;

/** What work in steps is done under: a clock beside what the page is told, and what may end it. */
export interface Steps extends Pick<Course, 'breathe' | 'tell'> {
  /** milliseconds, steady */
  now(): number;
}

/** Tells the page and hears whether it still waits, ten times a second: work stops for it much more often. */
export function telling({ now, breathe, tell }: Steps): OnProgress {
  let toldAt = Number.NEGATIVE_INFINITY;
  return async (progress) => {
    if (now() - toldAt < PROGRESS_MS && progress.done < progress.total) return;
    toldAt = now();
    tell(progress);
    await breathe();
  };
}
