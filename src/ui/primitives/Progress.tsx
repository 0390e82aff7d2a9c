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

interface MeterProps {
  label: string;
  /** the number in words, right of the label */
  shown: string;
  /** 0–1 of the bar; with `signed` −1–1 around its middle */
  share: number;
  signed?: boolean;
  /** 95 % interval on the same scale, drawn as a whisker */
  low?: number;
  high?: number;
  tone?: Tone;
  negativeTone?: Tone;
}

const place = (share: number, signed: boolean): number => 100 * Math.min(1, Math.max(0, signed ? (share + 1) / 2 : share));

/** A labelled bar for a share or a weight, with its interval as a whisker. */
export function Meter({ label, shown, share, signed = false, low, high, tone = 'accent', negativeTone = 'rejected' }: MeterProps) {
  const zero = signed ? 50 : 0;
  const end = place(share, signed);
  const color = toneColor(share < 0 ? negativeTone : tone);
  return (
    <div className={styles.meter}>
      <span>{label}</span>
      <b>{shown}</b>
      <div className={`${styles.bar} ${styles.thick}`} aria-hidden="true">
        <div className={styles.part} style={{ left: `${Math.min(zero, end)}%`, width: `${Math.abs(end - zero)}%`, background: color }} />
        {low !== undefined && high !== undefined && (
          <div
            className={styles.whisker}
            style={{ left: `${place(low, signed)}%`, width: `${place(high, signed) - place(low, signed)}%` }}
          />
        )}
        {signed && <div className={styles.zero} />}
      </div>
    </div>
  );
}
