/** Several threads on one memory. A module of its own: where memory cannot be shared, there is nothing to wait for. */
import { playEntry } from './player';
import { announce, awaitJob, comeUp, hasFailed, jobOf, meet } from './team';

export { play } from './player';

/**
 * Together with the first threads that serve this control block, `threads` with the caller. @returns 0 when one of them
 * did not come
 */
export function playTogether(control: usize, threads: u32, plan: usize, first: u32, end: u32, step: usize): i32 {
  announce(control, threads, plan, first, end, step);
  return playShare(control, 0, threads, plan, first, end, step) ? 1 : 0;
}

/** @returns the number with which another thread is to serve; it is counted among those that play from now on */
export function join(control: usize): u32 {
  return comeUp(control);
}

/** What another thread does then: it waits for jobs, and never returns unless one of them failed. */
export function serve(control: usize, thread: u32): void {
  for (let calls = 0; !hasFailed(control); ) {
    calls = awaitJob(control, thread, calls);
    playShare(control, thread, jobOf(control, 4), jobOf(control, 0), jobOf(control, 1), jobOf(control, 2), jobOf(control, 3));
  }
}

function playShare(control: usize, thread: u32, threads: u32, plan: usize, first: u32, end: u32, step: usize): bool {
  for (let i = first; i < end; i++) {
    playEntry(plan, i, step, thread, threads);
    if (!meet(control, threads) || hasFailed(control)) return false;
  }
  return true;
}
