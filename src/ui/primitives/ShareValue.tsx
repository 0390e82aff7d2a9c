import { METRICS, type MetricId } from '../../contract/metrics';
import { ENOUGH_CASES } from '../../contract/shares';
import { formatCounted } from './format';
import { MetricValue } from './MetricValue';

interface ShareValueProps {
  id: MetricId;
  value: number | null | undefined;
  /** cases that were counted; absent where it is not known */
  count: number | null | undefined;
}

/** A live number. A share of few cases is shown as a count with its interval, "0 of 1 (0–79 %)"; for scripts it stays the number. */
export function ShareValue({ id, value, count }: ShareValueProps) {
  const isCounted = METRICS[id].unit === 'share' && count !== null && count !== undefined && count < ENOUGH_CASES;
  return <MetricValue id={id} value={value} {...(isCounted && { format: (share: number) => formatCounted(share, count) })} />;
}
