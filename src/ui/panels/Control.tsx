import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ControlId } from '../../store/health';
import { useLab, useLabStore } from '../../store/lab';
import type { ConfigSection } from '../../store/state';
import styles from './Control.module.css';

/**
 * A control that a diagnosis can lead to: it takes the focus when it is asked for, and is framed until the focus
 * leaves.
 */
export function Control({ id, children }: { id: ControlId; children: ReactNode }) {
  const ref = useRef<HTMLDivElement>(null);
  const wanted = useLab((lab) => lab.view.wanted === id);
  const reached = useLab((lab) => lab.view.reached);
  const [framed, setFramed] = useState(false);
  useEffect(() => {
    const input = wanted ? ref.current?.querySelector<HTMLElement>('input, select') : null;
    if (!input) return;
    input.scrollIntoView({ block: 'center' });
    input.focus();
    setFramed(true);
    input.addEventListener('blur', () => setFramed(false), { once: true });
    reached();
  }, [wanted, reached]);
  return (
    <div ref={ref} className={`${styles.control} ${framed ? styles.framed : ''}`} data-control={id}>
      {children}
    </div>
  );
}

/**
 * Opens what hides the controls of a section when one of them is asked for. Effects run from the first child to the
 * last, so a control in sight before this one has taken the request already.
 */
export function useOpensFor(section: ConfigSection, open: () => void): void {
  const lab = useLabStore();
  const wanted = useLab(({ view }) => (view.wanted?.startsWith(`${section}/`) ? view.wanted : null));
  const opens = useRef(open);
  opens.current = open;
  useEffect(() => {
    if (wanted !== null && lab.getState().view.wanted === wanted) opens.current();
  }, [wanted, lab]);
}
