import { useEffect, useRef, useState } from 'react';

/** a pause in typing */
const REST_MS = 300;

/**
 * What is being typed; it acts once the hand rests, or when the field goes, since votes are counted anew for each taste.
 * @param act takes what was typed last
 */
export function useRested(initial: string, act: (typed: string) => void): [string, (typed: string) => void] {
  const [typed, setTyped] = useState(initial);
  const done = useRef(initial);
  const settle = useRef(() => {});
  settle.current = () => {
    if (typed === done.current) return;
    done.current = typed;
    act(typed);
  };
  const type = (value: string) => {
    setTyped(value);
    setTimeout(() => isLast(value) && settle.current(), REST_MS);
  };
  const newest = useRef(initial);
  newest.current = typed;
  const isLast = (value: string) => newest.current === value;
  useEffect(() => () => settle.current(), []);
  return [typed, type];
}
