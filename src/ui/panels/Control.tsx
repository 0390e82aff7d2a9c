import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ControlId } from '../../store/health';
import { useLab, useLabStore } from '../../store/lab';
import type { ControlSection } from '../../store/page/controls';
import styles from './Control.module.css';
import { MARK_LETTER, useLessonControl } from './LessonView';

/**
 * Gives the focus to something when it is asked for.
 * @param id nothing for what nobody asks for
 * @returns whether it is framed: until the focus leaves
 */
export function useReached(id: ControlId | undefined, find: () => HTMLElement | null | undefined): boolean {
  const wanted = useLab((lab) => id !== undefined && lab.view.wanted === id);
  const reached = useLab((lab) => lab.view.reached);
  const [framed, setFramed] = useState(false);
  const found = useRef(find);
  found.current = find;
  useEffect(() => {
    const element = wanted ? found.current() : null;
    if (!element) return;
    void element.scrollIntoView({ block: 'center' });
    element.focus();
    setFramed(true);
    element.addEventListener('blur', () => setFramed(false), { once: true });
    reached();
  }, [wanted, reached]);
  return framed;
}

/** A control that a diagnosis can lead to. */
export function Control({ id, children }: { id: ControlId; children: ReactNode }) {
  const ref = useRef<HTMLDivElement>(null);
  const framed = useReached(id, () => ref.current?.querySelector<HTMLElement>('input, select'));
  const { isShown, isMarked } = useLessonControl(id);
  if (!isShown) return null;
  return (
    <div
      ref={ref}
      className={`${styles.control} ${framed || isMarked ? styles.framed : ''}`}
      data-control={id}
      data-marked={isMarked || undefined}
    >
      {isMarked && (
        <span className={styles.letter}>
          <span className="visually-hidden">In question: </span>
          {MARK_LETTER}
        </span>
      )}
      {children}
    </div>
  );
}

/**
 * Opens what hides the controls of a section when one of them is asked for. Effects run from the first child to the
 * last, so a control in sight before this one has taken the request already.
 */
export function useOpensFor(section: ControlSection, open: () => void): void {
  const lab = useLabStore();
  const wanted = useLab(({ view }) => (view.wanted?.startsWith(`${section}/`) ? view.wanted : null));
  const opens = useRef(open);
  opens.current = open;
  useEffect(() => {
    if (wanted !== null && lab.getState().view.wanted === wanted) opens.current();
  }, [wanted, lab]);
}
