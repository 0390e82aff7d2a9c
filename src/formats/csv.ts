/**
 * Every point of a history as CSV (RFC 4180): one row per step, one column per metric that was measured at least once,
 * in the order of the metric table. An empty cell means not measured; numbers keep full precision.
 */
import { isMetricId, LABELS, type MetricId } from '../contract/labels';
import type { MetricPoint } from '../contract/observations';

export function csvColumns(history: readonly MetricPoint[]): MetricId[] {
  const measured = new Set<string>();
  for (const { values } of history) for (const id of Object.keys(values)) measured.add(id);
  return Object.keys(LABELS).filter((id): id is MetricId => measured.has(id) && isMetricId(id));
}

export const csvHead = (columns: readonly MetricId[]): string => `${['step', 'elapsedMs', ...columns].join(',')}\r\n`;

/** @param points some of the history or all of it, in order */
export const csvRows = (points: readonly MetricPoint[], columns: readonly MetricId[]): string =>
  points
    .map(
      ({ step, elapsedMs, values }) => `${[step, elapsedMs, ...columns.map((id) => values[id] ?? '')].join(',')}\r\n`,
    )
    .join('');
