import { useEffect, useState } from 'react';

/** shorter work is over before its progress could be read */
const FLICKER_MS = 700;

/** @returns whether something has gone on for so long that it is worth a word */
export function useHasLasted(isOn: boolean): boolean {
  const [lasted, setLasted] = useState(false);
  useEffect(() => {
    if (!isOn) return;
    const timer = setTimeout(() => setLasted(true), FLICKER_MS);
    return () => {
      clearTimeout(timer);
      setLasted(false);
    };
  }, [isOn]);
  return isOn && lasted;
}
