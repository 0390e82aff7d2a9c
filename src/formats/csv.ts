import { isMetricId, METRICS, type MetricId } from '../contract/metrics';
import type { MetricPoint } from '../contract/observations';

/**
 * Every point of a history as CSV (RFC 4180): one row per step, one column per metric that was measured at least once, in the
 * order of the metric table. An empty cell means not measured; numbers keep full precision.
 */
export function metricsCsv(history: readonly MetricPoint[]): string {
  const measured = new Set(history.flatMap((point) => Object.keys(point.values)));
  const columns = Object.keys(METRICS).filter((id): id is MetricId => measured.has(id) && isMetricId(id));
  const rows = history.map((point) => [point.step, point.elapsedMs, ...columns.map((id) => point.values[id] ?? '')].join(','));
  return `${[['step', 'elapsedMs', ...columns].join(','), ...rows].join('\r\n')}\r\n`;
}
