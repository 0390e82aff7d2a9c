import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { leaveLine, takeTurn } from './turns';

export interface Size {
  width: number;
  height: number;
}

const NONE: Size = { width: 0, height: 0 };

/**
 * A change is drawn for in turns: a sentence that appears makes all cards of a stage a little lower, and their charts
 * drawn for it in one go were the longest task of a run.
 * @returns a ref for an element and its size in CSS pixels, kept up to date; 0×0 before it is laid out
 */
export function useSize<E extends HTMLElement>(): [RefObject<E | null>, Size] {
  const ref = useRef<E>(null);
  const [size, setSize] = useState(NONE);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measured = (): Size => ({ width: element.clientWidth, height: element.clientHeight });
    let known = measured();
    setSize(known);
    const redraw = () => flushSync(() => setSize(known));
    const observer = new ResizeObserver(() => {
      const now = measured();
      if (known.width === now.width && known.height === now.height) return;
      known = now;
      takeTurn(redraw);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      leaveLine(redraw);
    };
  }, []);
  return [ref, size];
}
