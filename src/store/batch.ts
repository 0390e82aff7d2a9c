/** Decides when collected changes are committed; tests replace it. */
export type Scheduler = (commit: () => void) => void;

/** What is shown of a run changes at most twice a second, however fast it goes: a frame takes time from who computes. */
export const BEAT_MS = 500;

/**
 * All that is shown keeps one beat, so that it takes few frames.
 * @param last when it changed last, by the page's clock
 * @returns milliseconds until it may change again: none where it did not since the last beat
 */
export function untilBeat(last: number, ms = BEAT_MS): number {
  const now = performance.now();
  return Math.floor(last / ms) < Math.floor(now / ms) ? 0 : ms - (now % ms);
}

/**
 * In an animation frame, at once when nothing was committed since the last beat, else on the next one; soon all the
 * same while the page is hidden and frames stand still.
 */
export function beatScheduler(): Scheduler {
  let last = Number.NEGATIVE_INFINITY;
  return (commit) => {
    let done = false;
    const once = () => {
      if (done) return;
      done = true;
      last = performance.now();
      commit();
    };
    setTimeout(() => {
      requestAnimationFrame(once);
      setTimeout(once, 250);
    }, untilBeat(last));
  };
}

/** Commits in the next microtask: for tests and for places without frames. */
export const microtaskScheduler: Scheduler = (commit) => queueMicrotask(commit);

/** Collects changes of the state, so that many events cost one redraw. */
export interface Batch<S> {
  add(change: (state: S) => S): void;
  /** commits now what was collected; call before applying an answer, so that it does not overtake events */
  flush(): void;
}

export function createBatch<S>(schedule: Scheduler, commit: (change: (state: S) => S) => void): Batch<S> {
  let waiting: ((state: S) => S)[] = [];
  const flush = () => {
    if (waiting.length === 0) return;
    const changes = waiting;
    waiting = [];
    commit((state) => changes.reduce((current, change) => change(current), state));
  };
  return {
    add(change) {
      waiting.push(change);
      if (waiting.length === 1) schedule(flush);
    },
    flush,
  };
}
