import { useEffect, useRef } from 'react';
import { RULE_FROM } from '../../../contract/enough';
import { countOf } from '../../../contract/numbers';
import { useLab } from '../../../store/lab';
import { opinionsKey } from '../../../store/opinions/counts';
import { isTasteDue } from '../../../store/opinions/tasteDue';

/** Pause after a vote before the thread is asked, so that the next pair comes first. */
const QUIET_MS = 600;

/** Keeps the rule fitted to votes and rankings: from a dozen usable choices on, after every one. */
export function useFreshTaste(usable: number): void {
  const { busy, infer } = useLab((state) => state.taste);
  const due = useLab(isTasteDue);
  const opinions = useLab(opinionsKey);
  const tried = useRef('');
  const wanted = due && !busy && usable >= RULE_FROM && tried.current !== opinions;
  useEffect(() => {
    if (!wanted) return;
    const timer = setTimeout(() => {
      tried.current = opinions;
      void infer();
    }, QUIET_MS);
    return () => clearTimeout(timer);
  }, [wanted, infer, opinions]);
}

/** Why there is no rule to show; null when there is one. */
export function missingTaste(usable: number, ownText: boolean): string | null {
  if (ownText)
    return 'Your own text has no attributes to infer a rule from: the reward model learns from the votes alone.';
  const missing = RULE_FROM - usable;
  if (missing <= 0) return null;
  return `${countOf(missing, 'more vote that chooses', 'more votes that choose')} a side, and the lab says what you seem to like. Ties, skips and hidden repeats do not count here.`;
}
