/**
 * Threads that play a plan together: each takes its share of an entry, then all wait for the last. A moment of spinning
 * comes first, because waking a thread costs more than most entries; who waits in vain for long gives up, so that a
 * dead thread stops a run instead of holding it for ever.
 *
 *   control   arrived │ phase, sleepers │ failed, patience, joined │ job │ calls, sleepers of thread 1 │ of thread 2 │ …   a cache line each
 *
 * A thread is called to a job by a number of its own that rises: so a job may be for some of them, and the others sleep
 * on. Whoever arrives last at an entry's end lets the phase rise. Threads are numbered as they come up, so that those that
 * do not come leave no gap.
 */
const LINE: usize = 64;
const ARRIVED: usize = 0;
const PHASE: usize = LINE;
const FAILED: usize = 2 * LINE;
const JOB: usize = 3 * LINE;
const CALLS: usize = 3 * LINE;
/** from a number that is waited for to how many sleep on it */
const SLEEPERS: usize = 4;

/**
 * looks at a number before sleeping on it: some hundred microseconds. A core that sleeps may take longer than that to
 * wake, and whoever waits for it then sleeps too: with a tenth of these looks a step slept twice as often
 */
const SPINS: i32 = 40000;
/** seconds that a thread may lie still before it counts as dead; set by whoever made the memory */
const PATIENCE: usize = FAILED + 4;
/** threads that have come up, the caller's own not among them; whoever made the memory looks here how many there are */
const JOINED: usize = FAILED + 8;
const FOR_EVER: i32 = i32.MAX_VALUE;
/** nanoseconds; one by one, because a machine that was asleep has spent only one of them */
const SECOND: i64 = 1_000_000_000;
const TIMED_OUT: i32 = 2;

/** @returns false when it never changed */
function awaitChange(at: usize, old: i32, patience: i32): bool {
  for (let i = 0; i < SPINS; i++) if (atomic.load<i32>(at) != old) return true;
  atomic.add<i32>(at + SLEEPERS, 1);
  for (let left = patience; atomic.load<i32>(at) == old && left > 0; ) if (atomic.wait<i32>(at, old, SECOND) == TIMED_OUT) left--;
  atomic.sub<i32>(at + SLEEPERS, 1);
  return atomic.load<i32>(at) != old;
}

function change(at: usize): void {
  atomic.add<i32>(at, 1);
  if (atomic.load<i32>(at + SLEEPERS) > 0) atomic.notify(at, -1);
}

/** A thread has come up. @returns its number, from 1 */
export function comeUp(control: usize): u32 {
  return atomic.add<u32>(control + JOINED, 1) + 1;
}

/** @returns false when somebody did not come */
export function meet(control: usize, threads: u32): bool {
  const phase = atomic.load<i32>(control + PHASE);
  if (atomic.add<i32>(control + ARRIVED, 1) + 1 == threads) {
    atomic.store<i32>(control + ARRIVED, 0);
    change(control + PHASE);
    return true;
  }
  if (awaitChange(control + PHASE, phase, load<i32>(control + PATIENCE))) return true;
  atomic.store<i32>(control + FAILED, 1);
  return false;
}

export function hasFailed(control: usize): bool {
  return atomic.load<i32>(control + FAILED) != 0;
}

/** from 1 */
function callsOf(control: usize, thread: u32): usize {
  return control + CALLS + LINE * <usize>thread;
}

/** lets the first `threads`, the caller among them, begin */
export function announce(control: usize, threads: u32, plan: usize, first: u32, end: u32, step: usize): void {
  store<u32>(control + JOB, <u32>plan);
  store<u32>(control + JOB + 4, first);
  store<u32>(control + JOB + 8, end);
  store<u32>(control + JOB + 12, <u32>step);
  store<u32>(control + JOB + 16, threads);
  for (let thread: u32 = 1; thread < threads; thread++) change(callsOf(control, thread));
}

/** @returns how often the thread has been called, when it is called again */
export function awaitJob(control: usize, thread: u32, calls: i32): i32 {
  const at = callsOf(control, thread);
  awaitChange(at, calls, FOR_EVER);
  return atomic.load<i32>(at);
}

/** word `index` of the job: plan, first, end, step, threads */
export function jobOf(control: usize, index: usize): u32 {
  return load<u32>(control + JOB + 4 * index);
}
