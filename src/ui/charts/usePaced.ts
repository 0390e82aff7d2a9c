import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { BEAT_MS, untilBeat } from '../../store/batch';

/** between two turns: a frame, in which the page can answer */
const TURN_MS = 16;
/** redraws share a turn, and with it a frame, until they have taken so long */
export const WORK_MS = 8;

const waiting = new Set<() => void>();
let serving = false;

/** Redraws wait in line and take turns, a few of them in each, so that a page of charts is never one long task. */
function takeTurn(redraw: () => void): void {
  waiting.add(redraw);
  if (!serving) setTimeout(nextTurn, 0);
  serving = true;
}

function nextTurn(): void {
  const began = performance.now();
  for (const redraw of waiting) {
    waiting.delete(redraw);
    redraw();
    if (performance.now() - began >= WORK_MS) break;
  }
  serving = waiting.size > 0;
  if (serving) setTimeout(nextTurn, TURN_MS);
}

/** @returns `value`, but no newer than one change a beat of `ms`; the last one always arrives */
export function usePaced<T>(value: T, ms = BEAT_MS): T {
  const [shown, setShown] = useState(value);
  const lastChange = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (Object.is(value, shown)) return;
    const wait = untilBeat(lastChange.current, ms);
    const redraw = () => {
      lastChange.current = performance.now();
      flushSync(() => setShown(value)); // a transition could wait for the next turn and be drawn together with it
    };
    const timer = setTimeout(() => takeTurn(redraw), wait);
    return () => {
      clearTimeout(timer);
      waiting.delete(redraw);
    };
  }, [value, shown, ms]);
  return shown;
}
