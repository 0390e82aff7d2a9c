import { casesOf, LABELS, type MetricId } from '../../contract/labels';
import { ENOUGH_CASES } from '../../contract/shares';
import { formatCounted, formatMetric } from './format';
import { MetricValue } from './MetricValue';

interface ShareValueProps {
  id: MetricId;
  value: number | null | undefined;
  /** cases that were counted; absent where it is not known */
  count: number | null | undefined;
}

/** "0 of 1 (0–79 %)" of a share, "0.09 (2 held out)" of another number */
function formatFew(id: MetricId, value: number, count: number): string {
  if (LABELS[id].unit === 'share') return formatCounted(value, count);
  return `${formatMetric(id, value)} (${count} ${casesOf(id) === 'eval/heldOut' ? 'held out' : 'texts'})`;
}

/**
 * A live number. One that rests on a few cases says on how many, a share as a count with its interval; for scripts it
 * stays the number.
 */
export function ShareValue({ id, value, count }: ShareValueProps) {
  const isOfFew = count !== null && count !== undefined && count < ENOUGH_CASES;
  return (
    <MetricValue id={id} value={value} {...(isOfFew && { format: (number: number) => formatFew(id, number, count) })} />
  );
}
