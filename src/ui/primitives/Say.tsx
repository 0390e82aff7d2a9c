import type { ReactNode } from 'react';
import { gluedIn } from './glued';
import styles from './Say.module.css';

interface SayProps {
  tone?: 'good' | 'warn' | 'bad' | 'neutral';
  /** the verdict, in bold */
  lead?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** The one line each stage ends in: where things stand, in words, and what to do next. */
export function Say({ tone = 'neutral', lead, children, className = '' }: SayProps) {
  return (
    <p className={`${styles.say} ${styles[tone]} ${className}`}>
      {lead !== undefined && <b>{gluedIn(lead)} </b>}
      {gluedIn(children)}
    </p>
  );
}
