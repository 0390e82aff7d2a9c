import { useEffect, useRef, useState } from 'react';

/** Long enough to finish a word, short enough to feel live. */
const PAUSE_MS = 180;

/**
 * A value that follows the hand at once and reaches `commit` when the hand rests: typing a word asks the model once,
 * not per letter. A change from outside wins over an unfinished one.
 */
export function useDebounced<T>(value: T, commit: (value: T) => void, pauseMs = PAUSE_MS): [T, (value: T) => void] {
  const [draft, setDraft] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    clearTimeout(timer.current);
    setDraft(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (next: T) => {
    setDraft(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => commit(next), pauseMs);
  };
  return [draft, change];
}
