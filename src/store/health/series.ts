/** Readings of a metric's history that one noisy batch cannot upset. */

import type { MetricId } from '../../contract/metrics';
import type { MetricPoint } from '../../contract/observations';
import { type SeriesPoint, seriesOf } from '../persistence/thin';

/** measurements that are averaged before anything is said */
const WINDOW = 3;
/** with fewer there is no trend */
export const TREND = 4;

const numbers = (series: readonly SeriesPoint[]): number[] => series.map(({ value }) => value);

export const valuesOf = (points: readonly MetricPoint[], id: MetricId): number[] => numbers(seriesOf(points, id));

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

export const isMeasured = (points: readonly MetricPoint[], id: MetricId): boolean => seriesOf(points, id).length > 0;

/** beginning and end of a short history do not overlap */
const windowOf = ({ length }: readonly SeriesPoint[]): number => Math.min(WINDOW, Math.max(1, Math.floor(length / 2)));

/** @returns the mean of the last few measurements of the first metric that was measured at all; null without any */
export function recent(points: readonly MetricPoint[], ...ids: MetricId[]): number | null {
  const series = ids.map((id) => seriesOf(points, id)).find((known) => known.length > 0);
  return series ? mean(numbers(series.slice(-windowOf(series)))) : null;
}

/** @returns the newest measurement of the first metric that was measured at all; null without any */
export function last(points: readonly MetricPoint[], ...ids: MetricId[]): number | null {
  return ids.map((id) => valuesOf(points, id).at(-1)).find((value) => value !== undefined) ?? null;
}

/** @returns the mean of the first few; null while there is no trend */
export function early(points: readonly MetricPoint[], id: MetricId): number | null {
  const series = seriesOf(points, id);
  return series.length < TREND ? null : mean(numbers(series.slice(0, windowOf(series))));
}

/**
 * @returns how far the first of these metrics that was measured at all rose from its beginning; null while there is no
 * trend
 */
export function gain(points: readonly MetricPoint[], ...ids: MetricId[]): number | null {
  const id = ids.find((one) => isMeasured(points, one));
  const [before, now] = id ? [early(points, id), recent(points, id)] : [null, null];
  return before === null || now === null ? null : now - before;
}

/** @returns where the metric was lowest, and how far it is above that now; null when it was never measured */
export function sinceLowest(points: readonly MetricPoint[], id: MetricId): { step: number; risen: number } | null {
  const measured = seriesOf(points, id);
  const first = measured[0];
  if (!first) return null;
  const lowest = measured.reduce((low, one) => (one.value < low.value ? one : low), first);
  return { step: lowest.step, risen: measured.at(-1)!.value - lowest.value };
}

export const stepOf = (points: readonly MetricPoint[]): number => points.at(-1)?.step ?? 0;
