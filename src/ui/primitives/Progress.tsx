import { type Tone, toneColor } from '../theme/tone';
import styles from './Progress.module.css';

interface ProgressProps {
  label: string;
  value: number;
  max: number;
  tone?: Tone;
}

/** A thin bar that fills: how far something is. */
export function Progress({ label, value, max, tone = 'accent' }: ProgressProps) {
  const percent = max > 0 ? Math.min(100, (100 * value) / max) : 0;
  return (
    <div
      className={styles.bar}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={Math.min(value, max)}
    >
      <div className={styles.fill} style={{ width: `${percent}%`, background: toneColor(tone) }} />
    </div>
  );
}
