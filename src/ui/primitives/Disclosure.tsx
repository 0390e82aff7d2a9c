import type { ReactNode } from 'react';
import styles from './Disclosure.module.css';

/** "All 18 settings…": what most visitors need not see. */
export function Disclosure({ summary, children, open }: { summary: ReactNode; children: ReactNode; open?: boolean }) {
  return (
    <details className={styles.details} open={open}>
      <summary className={styles.summary}>{summary}</summary>
      <div className={styles.content}>{children}</div>
    </details>
  );
}
