import type { MetricId } from '../../contract/metrics';
import { formatMetric } from './format';
import { glued } from './glued';

interface MetricValueProps {
  id: MetricId;
  /** absent: not measured yet, shown as a dash */
  value: number | null | undefined;
  /** instead of the unit's own way of writing */
  format?: (value: number) => string;
}

/** A live number: rounded for eyes, in full precision for scripts (`data-metric`, `data-value`). */
export function MetricValue({ id, value, format = (v) => formatMetric(id, v) }: MetricValueProps) {
  const measured = value !== null && value !== undefined;
  return (
    <span data-metric={id} data-value={measured ? String(value) : ''}>
      {measured ? glued(format(value)) : '–'}
    </span>
  );
}
