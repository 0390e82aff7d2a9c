import type { ReactNode } from 'react';
import { maxOf } from '../../../contract/many';
import type { TasteWeight } from '../../../contract/preferences';
import { formatSigned } from '../../primitives/format';
import { IntervalBar } from '../../primitives/IntervalBar';
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
          <IntervalBar className={styles.track} weight={one} reach={reach} />
        </li>
      ))}
    </ul>
  );
}
