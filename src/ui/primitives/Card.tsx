import type { ReactNode } from 'react';
import { type Tone, toneText } from '../theme/tone';
import styles from './Card.module.css';
import { gluedIn } from './glued';

interface CardProps {
  title?: ReactNode;
  /** small words after the title: unit, provenance */
  note?: ReactNode;
  /** the last number, large in the corner */
  value?: ReactNode;
  valueTone?: Tone;
  /** buttons beside the title, e.g. an Explain */
  actions?: ReactNode;
  className?: string;
  /** names the card as a landmark when its title is not enough */
  label?: string;
  children?: ReactNode;
}

/** White paper with a hairline: one thing, its name, and its number in the corner. */
export function Card({ title, note, value, valueTone = 'ink', actions, className = '', label, children }: CardProps) {
  return (
    <section className={`${styles.card} ${className}`} aria-label={label} data-card>
      {title !== undefined && (
        <div className={styles.head}>
          <div className={styles.names}>
            <h2 className={styles.title}>{title}</h2>
            {note !== undefined && <span className={styles.note}>{gluedIn(note)}</span>}
            {actions}
          </div>
          {value !== undefined && (
            <span className={styles.value} style={{ color: toneText(valueTone) }}>
              {value}
            </span>
          )}
        </div>
      )}
      {children}
    </section>
  );
}
