import { type RefObject, useEffect, useRef } from 'react';

/** @returns a ref for what has the focus when it comes: keys then mean the numbers, and Space does not close them */
export function useFocusHere(): RefObject<HTMLDivElement | null> {
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => content.current?.focus({ preventScroll: true }), []);
  return content;
}
