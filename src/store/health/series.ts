/** Readings of a metric's history that one noisy batch cannot upset. */

import type { MetricId } from '../../contract/metrics';
import type { MetricPoint } from '../../contract/observations';

/** measurements that are averaged before anything is said */
const WINDOW = 3;
/** with fewer there is no trend */
export const TREND = 4;

export const valuesOf = (points: readonly MetricPoint[], id: MetricId): number[] =>
  points.flatMap(({ values }) => (values[id] === undefined ? [] : [values[id]]));

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** beginning and end of a short history do not overlap */
const windowOf = (values: readonly number[]): number => Math.min(WINDOW, Math.max(1, Math.floor(values.length / 2)));

/** @returns the mean of the last few measurements of the first metric that was measured at all; null without any */
export function recent(points: readonly MetricPoint[], ...ids: MetricId[]): number | null {
  const values = ids.map((id) => valuesOf(points, id)).find((known) => known.length > 0);
  return values ? mean(values.slice(-windowOf(values))) : null;
}

/** @returns the mean of the first few; null while there is no trend */
export function early(points: readonly MetricPoint[], id: MetricId): number | null {
  const values = valuesOf(points, id);
  return values.length < TREND ? null : mean(values.slice(0, windowOf(values)));
}

/** @returns how far the first of these metrics that was measured at all rose from its beginning; null while there is no trend */
export function gain(points: readonly MetricPoint[], ...ids: MetricId[]): number | null {
  const id = ids.find((one) => valuesOf(points, one).length > 0);
  const [before, now] = id ? [early(points, id), recent(points, id)] : [null, null];
  return before === null || now === null ? null : now - before;
}

/** @returns where the metric was lowest, and how far it is above that now; null when it was never measured */
export function sinceLowest(points: readonly MetricPoint[], id: MetricId): { step: number; risen: number } | null {
  const measured = points.flatMap(({ step, values }) => (values[id] === undefined ? [] : [{ step, value: values[id] }]));
  const first = measured[0];
  if (!first) return null;
  const lowest = measured.reduce((low, one) => (one.value < low.value ? one : low), first);
  return { step: lowest.step, risen: measured.at(-1)!.value - lowest.value };
}

export const stepOf = (points: readonly MetricPoint[]): number => points.at(-1)?.step ?? 0;
