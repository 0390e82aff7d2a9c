import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

/** Charts redraw at most four times a second, however fast the numbers come. */
export const REDRAW_MS = 250;
/** between two charts' turns: a frame, in which the page can answer */
const TURN_MS = 16;

const waiting = new Set<() => void>();
let serving = false;

/** Redraws wait in line and take one turn each, so that a page of charts is never one long task. */
function takeTurn(redraw: () => void): void {
  waiting.add(redraw);
  if (!serving) setTimeout(nextTurn, 0);
  serving = true;
}

function nextTurn(): void {
  const [redraw] = waiting;
  if (redraw) {
    waiting.delete(redraw);
    redraw();
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
