import { type ReactNode, useId } from 'react';
import styles from './Stage.module.css';

interface StageProps {
  /** the exact heading: tests and screen readers look for it */
  heading: string;
  /** the name of the tab in the pipeline says it already; show it only where that helps */
  showHeading?: boolean;
  /** a run of this stage goes on */
  busy?: boolean;
  /** the transport bar */
  footer?: ReactNode;
  /** lays out the cards: a grid class of the panel */
  className?: string;
  children: ReactNode;
}

/** One stage of the pipeline: a named region with its heading, cards in between, the transport bar at the foot. */
export function Stage({ heading, showHeading = false, busy = false, footer, className = '', children }: StageProps) {
  const id = useId();
  return (
    <section className={styles.stage} aria-labelledby={id} aria-busy={busy}>
      <div className={`${styles.body} ${className}`} data-cards={showHeading ? undefined : ''}>
        <h1 id={id} tabIndex={-1} className={showHeading ? styles.heading : 'visually-hidden'} data-stage-heading>
          {heading}
        </h1>
        {children}
      </div>
      {footer}
    </section>
  );
}
