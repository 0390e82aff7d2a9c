import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { BEAT_MS, untilBeat } from '../../store/batch';
import { beatsApart, leaveLine, takeTurn } from './turns';

/** tables of charts, which ears read and eyes do not, follow every few beats */
export const TOLD_MS = 5 * BEAT_MS;
/** @returns `value`, but no newer than one change a beat of `ms`, or of two where that takes long; the last always arrives */
export function usePaced<T>(value: T, ms = BEAT_MS): T {
  const [shown, setShown] = useState(value);
  const lastChange = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (Object.is(value, shown)) return;
    const wait = untilBeat(lastChange.current, ms < BEAT_MS ? ms : ms * beatsApart());
    const redraw = () => {
      lastChange.current = performance.now();
      flushSync(() => setShown(value)); // a transition could wait for the next turn and be drawn together with it
    };
    const timer = setTimeout(() => takeTurn(redraw), wait);
    return () => {
      clearTimeout(timer);
      leaveLine(redraw);
    };
  }, [value, shown, ms]);
  return shown;
}
