import type { ReactNode } from 'react';
import { isClear } from '../../../contract/evidence';
import { maxOf } from '../../../contract/many';
import type { TasteWeight } from '../../../contract/preferences';
import { formatSigned } from '../../primitives/format';
import styles from './WeightBars.module.css';

interface WeightBarsProps {
  weights: readonly TasteWeight[];
  /** instead of the plain label, e.g. a checkbox */
  label?: (weight: TasteWeight) => ReactNode;
  /** one line each: for narrow places */
  compact?: boolean;
}

/** Strongest first. */
export const byStrength = (weights: readonly TasteWeight[]): TasteWeight[] =>
  [...weights].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));

/**
 * Weights of the rule as bars to either side of 0, each with its 95 % interval; paler while the interval still covers
 * 0.
 */
export function WeightBars({ weights, label = (weight) => weight.label, compact = false }: WeightBarsProps) {
  const reach = maxOf(
    weights.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]),
    0.5,
  );
  const place = (value: number): number => 50 + (50 * value) / reach;
  return (
    <ul className={`${styles.weights} ${compact ? styles.compact : ''}`}>
      {weights.map((one) => (
        <li key={one.attribute} className={one.vetoed ? styles.vetoed : ''}>
          <p className={styles.row}>
            <span title={compact ? one.label : undefined}>{label(one)}</span>
            <span className={styles.value}>
              {!one.vetoed && one.weight !== 0 && (
                <small className={compact ? 'visually-hidden' : styles.sense}>
                  {one.weight < 0 ? 'disliked' : 'liked'}{' '}
                </small>
              )}
              <b
                data-metric={`taste/${one.attribute}`}
                data-value={one.weight}
                title={`95 % interval ${formatSigned(one.low)} to ${formatSigned(one.high)}`}
              >
                {one.vetoed ? 'vetoed' : formatSigned(one.weight)}
                <span className="visually-hidden">{`, 95 % interval ${formatSigned(one.low)} to ${formatSigned(one.high)}`}</span>
              </b>
            </span>
          </p>
          <span className={styles.track} aria-hidden="true">
            <b
              className={`${one.weight < 0 ? styles.less : styles.more} ${isClear(one) ? '' : styles.unclear}`}
              style={{ left: `${Math.min(50, place(one.weight))}%`, width: `${Math.abs(place(one.weight) - 50)}%` }}
            />
            <i style={{ left: `${place(one.low)}%`, width: `${place(one.high) - place(one.low)}%` }} />
            <u />
          </span>
        </li>
      ))}
    </ul>
  );
}
