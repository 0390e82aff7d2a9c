import { type RefObject, useEffect, useRef } from 'react';

/** For what is opened below the screen: it comes into view when it appears. */
export function useScrollIntoView<E extends HTMLElement>(): RefObject<E | null> {
  const ref = useRef<E>(null);
  useEffect(() => {
    // newer browsers return a promise here, which an effect must not
    void ref.current?.scrollIntoView({ block: 'start' });
  }, []);
  return ref;
}
