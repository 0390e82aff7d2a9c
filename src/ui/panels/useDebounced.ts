import { useEffect, useRef, useState } from 'react';

/** Long enough to finish a word, short enough to feel live. */
const PAUSE_MS = 180;

/**
 * A value that follows the hand at once and reaches `commit` when the hand rests: typing a word asks the model once,
 * not per letter. A change from outside wins over an unfinished one.
 * @returns what is shown, what follows the hand, and what does not wait for it to rest
 */
export function useDebounced<T>(
  value: T,
  commit: (value: T) => void,
  pauseMs = PAUSE_MS,
): [T, (value: T) => void, () => void] {
  const [draft, setDraft] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const waiting = useRef<(() => void) | null>(null);
  useEffect(() => {
    clearTimeout(timer.current);
    waiting.current = null;
    setDraft(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (next: T) => {
    setDraft(next);
    clearTimeout(timer.current);
    waiting.current = () => {
      waiting.current = null;
      commit(next);
    };
    timer.current = setTimeout(() => waiting.current?.(), pauseMs);
  };
  const finish = () => {
    clearTimeout(timer.current);
    waiting.current?.();
  };
  return [draft, change, finish];
}
