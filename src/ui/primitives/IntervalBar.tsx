import { isClear } from '../../contract/evidence';
import { signedShare } from './bars';
import styles from './IntervalBar.module.css';

interface IntervalBarProps {
  weight: { weight: number; low: number; high: number };
  /** what either end stands for, above 0 */
  reach: number;
  /** the colour of what is liked, as CSS has it; what is disliked has a hue of its own */
  colour?: string;
  className?: string;
}

/** A weight to either side of 0 with its 95 % interval; paler while the interval still covers 0. */
export function IntervalBar({ weight: shown, reach, colour = 'var(--reward)', className = '' }: IntervalBarProps) {
  const { weight, low, high } = shown;
  const at = (value: number): number => 50 + 50 * signedShare(value, reach);
  return (
    <span className={`${styles.track} ${className}`} aria-hidden="true">
      <b
        className={`${weight < 0 ? styles.less : ''} ${isClear(shown) ? '' : styles.unclear}`}
        style={{
          left: `${Math.min(50, at(weight))}%`,
          width: `${Math.abs(at(weight) - 50)}%`,
          ...(weight >= 0 && { background: colour }),
        }}
      />
      <i style={{ left: `${at(low)}%`, width: `${Math.max(0, at(high) - at(low))}%` }} />
      <u />
    </span>
  );
}
