import { LABELS, type MetricId, type MetricValues } from '../../contract/labels';
import { areFew, casesAmong } from '../../store/runs/cases';
import { formatCounted, formatMetric } from '../primitives/format';

/** @returns a number as its metric is written; a share of few cases as a count with its interval, as on every stage */
export function measuredWords(
  id: MetricId,
  values: MetricValues,
  write: (id: MetricId, value: number) => string = formatMetric,
): string {
  const value = values[id];
  if (value === undefined) return '–';
  const cases = casesAmong(values, id);
  return LABELS[id].unit === 'share' && cases !== null && areFew(cases)
    ? formatCounted(value, cases)
    : write(id, value);
}
