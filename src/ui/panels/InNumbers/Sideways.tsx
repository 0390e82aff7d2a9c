import type { ReactNode } from 'react';
import styles from './Kl.module.css';

/** The keyboard scrolls what it can focus. */
const FOCUSABLE = { tabIndex: 0 };

/** A table that may be wider than its card: it scrolls inside, by touch and by arrow keys, which are its own then. */
export function Sideways({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section className={styles.wide} aria-label={label} data-arrow-keys {...FOCUSABLE}>
      {children}
    </section>
  );
}
