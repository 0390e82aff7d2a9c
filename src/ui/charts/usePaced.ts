import { useEffect, useRef, useState } from 'react';

/** Charts redraw at most four times a second, however fast the numbers come. */
export const REDRAW_MS = 250;

/** @returns `value`, but no newer than one change every `ms`; the last one always arrives */
export function usePaced<T>(value: T, ms = REDRAW_MS): T {
  const [shown, setShown] = useState(value);
  const lastChange = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, lastChange.current + ms - performance.now());
    const timer = setTimeout(() => {
      lastChange.current = performance.now();
      setShown(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return shown;
}
