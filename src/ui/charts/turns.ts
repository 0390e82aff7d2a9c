import { BEAT_MS } from '../../store/batch';

/** between two turns: a frame, in which the page can answer */
const TURN_MS = 16;
/** redraws share a turn, and with it a frame, until they have taken so long */
export const WORK_MS = 8;

/** part of a beat that redraws may take, by the clock on the wall, so a wait for a core counts: else they skip the next */
const MOST_SHARE = 0.1;
const spent = { beat: 0, ms: 0 };

/** Redraws that come late come less often: where all cores compute, each takes one from the run. */
function spend(began: number): void {
  const beat = Math.floor(began / BEAT_MS);
  if (spent.beat !== beat) spent.ms = 0;
  spent.beat = beat;
  spent.ms += performance.now() - began;
}

/** @returns how many beats there are between two redraws: two after a beat that took too much, and so one a second */
export const beatsApart = (): number => (spent.ms > MOST_SHARE * BEAT_MS ? 2 : 1);

const waiting = new Set<() => void>();
let serving = false;

/** Redraws wait in line and take turns, a few of them in each, so that a page of charts is never one long task. */
export function takeTurn(redraw: () => void): void {
  waiting.add(redraw);
  if (!serving) setTimeout(nextTurn, 0);
  serving = true;
}

/** Calls off a redraw whose turn has not come. */
export const leaveLine = (redraw: () => void): boolean => waiting.delete(redraw);

function nextTurn(): void {
  const began = performance.now();
  for (const redraw of waiting) {
    waiting.delete(redraw);
    redraw();
    if (performance.now() - began >= WORK_MS) break;
  }
  spend(began);
  serving = waiting.size > 0;
  if (serving) setTimeout(nextTurn, TURN_MS);
}
