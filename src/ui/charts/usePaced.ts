import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

/** Charts redraw at most twice a second, however fast the numbers come: each frame takes time from a core that computes. */
export const REDRAW_MS = 500;
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

/** @returns `value`, but no newer than one change every `ms`; the last one always arrives */
export function usePaced<T>(value: T, ms = REDRAW_MS): T {
  const [shown, setShown] = useState(value);
  const lastChange = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, lastChange.current + ms - performance.now());
    const redraw = () => {
      lastChange.current = performance.now();
      flushSync(() => setShown(value)); // a transition could wait for the next turn and be drawn together with it
    };
    const timer = setTimeout(() => takeTurn(redraw), wait);
    return () => {
      clearTimeout(timer);
      waiting.delete(redraw);
    };
  }, [value, ms]);
  return shown;
}
