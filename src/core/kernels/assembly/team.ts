/**
 * Threads that play a plan together: each takes its share of an entry, then all wait for the last. A moment of spinning comes first,
 * because waking a thread costs more than most entries; who waits in vain for long gives up, so that a dead thread stops a run
 * instead of holding it for ever.
 *
 *   control   generation │ arrived │ phase │ sleepers │ failed │ job        each on a line of the cache of its own
 *
 * The generation rises with every job. Whoever arrives last at an entry's end lets the phase rise.
 */
const GENERATION: usize = 0;
const ARRIVED: usize = 64;
const PHASE: usize = 128;
const SLEEPERS: usize = 192;
const FAILED: usize = 256;
const JOB: usize = 320;

/** looks at a number before sleeping on it: some ten microseconds */
const SPINS: i32 = 4000;
/** between two jobs lies some JavaScript */
const IDLE_SPINS: i32 = 40000;
/** seconds: no thread is so much slower than another in one entry */
const PATIENCE: i32 = 6;
const FOR_EVER: i32 = i32.MAX_VALUE;
/** nanoseconds; one by one, because a machine that was asleep has spent only one of them */
const SECOND: i64 = 1_000_000_000;
const TIMED_OUT: i32 = 2;

/** @returns false when it never changed */
function awaitChange(at: usize, sleepers: usize, old: i32, spins: i32, patience: i32): bool {
  for (let i = 0; i < spins; i++) if (atomic.load<i32>(at) != old) return true;
  atomic.add<i32>(sleepers, 1);
  for (let left = patience; atomic.load<i32>(at) == old && left > 0; ) if (atomic.wait<i32>(at, old, SECOND) == TIMED_OUT) left--;
  atomic.sub<i32>(sleepers, 1);
  return atomic.load<i32>(at) != old;
}

function change(at: usize, sleepers: usize): void {
  atomic.add<i32>(at, 1);
  if (atomic.load<i32>(sleepers) > 0) atomic.notify(at, -1);
}

/** @returns false when somebody did not come */
export function meet(control: usize, threads: u32): bool {
  const phase = atomic.load<i32>(control + PHASE);
  if (atomic.add<i32>(control + ARRIVED, 1) + 1 == threads) {
    atomic.store<i32>(control + ARRIVED, 0);
    change(control + PHASE, control + SLEEPERS);
    return true;
  }
  if (awaitChange(control + PHASE, control + SLEEPERS, phase, SPINS, PATIENCE)) return true;
  atomic.store<i32>(control + FAILED, 1);
  return false;
}

export function hasFailed(control: usize): bool {
  return atomic.load<i32>(control + FAILED) != 0;
}

/** lets the others begin */
export function announce(control: usize, plan: usize, first: u32, end: u32, step: usize): void {
  store<u32>(control + JOB, <u32>plan);
  store<u32>(control + JOB + 4, first);
  store<u32>(control + JOB + 8, end);
  store<u32>(control + JOB + 12, <u32>step);
  change(control + GENERATION, control + SLEEPERS + 4);
}

/** @returns the new generation, when there is one */
export function awaitJob(control: usize, generation: i32): i32 {
  awaitChange(control + GENERATION, control + SLEEPERS + 4, generation, IDLE_SPINS, FOR_EVER);
  return atomic.load<i32>(control + GENERATION);
}

/** word `index` of the job: plan, first, end, step */
export function jobOf(control: usize, index: usize): u32 {
  return load<u32>(control + JOB + 4 * index);
}
