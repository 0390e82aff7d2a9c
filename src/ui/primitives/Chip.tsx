import type { ReactNode } from 'react';
import { type Tone, toneColor, toneText } from '../theme/tone';
import styles from './Chip.module.css';

/** A small fact about a text: "happy ending", "polite". The tone is never the only message. */
export function Chip({ tone = 'ink-2', children }: { tone?: Tone; children: ReactNode }) {
  const color = toneColor(tone);
  return (
    <span
      className={styles.chip}
      style={{
        color: toneText(tone),
        borderColor: `color-mix(in srgb, ${color} 45%, transparent)`,
        background: `color-mix(in srgb, ${color} 7%, transparent)`,
      }}
    >
      {children}
    </span>
  );
}
