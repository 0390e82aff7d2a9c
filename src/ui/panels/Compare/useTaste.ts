import { useEffect, useRef } from 'react';
import { useLab } from '../../../store/lab';
import { USABLE_VOTES } from '../../../store/selectors';

/** Usable votes between two fits of the rule while somebody votes. */
const REFIT_EVERY = 4;
/** Pause after a vote before the thread is asked, so that the next pair comes first. */
const QUIET_MS = 600;

/** Keeps the rule fitted to the votes: from the eighth usable one on, then every few votes. */
export function useFreshTaste(usable: number, ownText: boolean): void {
  const { outdated, busy, result, infer } = useLab((state) => state.taste);
  const hasModel = useLab((state) => state.shelf.slots.baseId !== null);
  const tried = useRef(0);
  const fitted = result?.kind === 'rule' ? result.rule.usableVotes : 0;
  const due = result?.kind !== 'rule' || (outdated && Math.abs(usable - fitted) >= REFIT_EVERY);
  const wanted = hasModel && !ownText && !busy && due && usable >= USABLE_VOTES && tried.current !== usable;
  useEffect(() => {
    if (!wanted) return;
    const timer = setTimeout(() => {
      tried.current = usable;
      void infer();
    }, QUIET_MS);
    return () => clearTimeout(timer);
  }, [wanted, infer, usable]);
}

/** Why there is no rule to show; null when there is one. */
export function missingTaste(usable: number, ownText: boolean): string | null {
  if (ownText) return 'Your own text has no attributes to infer a rule from: the reward model learns from the votes alone.';
  const missing = USABLE_VOTES - usable;
  if (missing <= 0) return null;
  return `${missing} more ${missing === 1 ? 'vote that chooses' : 'votes that choose'} a side, and the lab says what you seem to like. Ties, skips and hidden repeats do not count here.`;
}
