import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { forgetTheme } from './themeMemory';

export interface Size {
  width: number;
  height: number;
}

const NONE: Size = { width: 0, height: 0 };

/** @returns a ref for an element and its size in CSS pixels, kept up to date; 0×0 before it is laid out */
export function useSize<E extends HTMLElement>(): [RefObject<E | null>, Size] {
  const ref = useRef<E>(null);
  const [size, setSize] = useState(NONE);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    let known = NONE;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      if (known.width === width && known.height === height) return;
      known = { width, height };
      forgetTheme();
      setSize(known);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}
