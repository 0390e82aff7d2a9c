/** Decides when collected changes are committed; tests replace it. */
export type Scheduler = (commit: () => void) => void;

/** Once per animation frame while the page is seen, a few times a second while it is hidden and frames stand still. */
export const frameScheduler: Scheduler = (commit) => {
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    commit();
  };
  requestAnimationFrame(once);
  setTimeout(once, 250);
};

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
