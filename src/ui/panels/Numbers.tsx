import { memo } from 'react';
import { METRICS, type Metric, type MetricId, type MetricValues } from '../../contract/metrics';
import { casesAmong } from '../../store/runs/cases';
import { ShareValue } from '../primitives/ShareValue';
import styles from './Numbers.module.css';
import { useMeasurable } from './useMeasurable';

interface NumbersProps {
  ids: readonly MetricId[];
  values: MetricValues;
  label: string;
  /** shorter names where the metric's own is too long */
  names?: Partial<Record<MetricId, string>>;
  /** side by side under a chart instead of one below the other */
  across?: boolean;
  /** not held against what is usual */
  unmarked?: ReadonlySet<MetricId>;
}

const NONE: ReadonlySet<MetricId> = new Set();

/** The quiet numbers: short names, last values, small. A value outside what is usual is marked. */
export const Numbers = memo(function Numbers({
  ids,
  values,
  label,
  names = {},
  across = false,
  unmarked = NONE,
}: NumbersProps) {
  const isMeasurable = useMeasurable();
  return (
    <dl className={`${styles.numbers} ${across ? styles.across : ''}`} aria-label={label}>
      {ids.filter(isMeasurable).map((id) => (
        <div key={id} className={styles.row} title={METRICS[id].meaning}>
          <dt>{names[id] ?? METRICS[id].label}</dt>
          <dd className={!unmarked.has(id) && isUnusual(id, values[id]) ? styles.unusual : undefined}>
            <ShareValue id={id} value={values[id]} count={casesAmong(values, id)} />
          </dd>
        </div>
      ))}
    </dl>
  );
});

export function isUnusual(id: MetricId, value: number | undefined): boolean {
  const { healthy }: Metric = METRICS[id];
  return value !== undefined && healthy !== undefined && (value < healthy[0] || value > healthy[1]);
}
