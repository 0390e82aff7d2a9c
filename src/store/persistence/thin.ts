import type { MetricId } from '../../contract/metrics';
import type { MetricPoint } from '../../contract/observations';

/** One point of a drawn line. */
export interface SeriesPoint {
  step: number;
  elapsedMs: number;
  value: number;
}

/** One metric as it was read off a history: how much of it was seen, and what was found there. */
interface Reading {
  seen: readonly MetricPoint[];
  series: readonly SeriesPoint[];
}

/**
 * By the first point of a history, which stays the same as long as the history only grows: with the history goes what
 * was read off it.
 */
const readings = new WeakMap<MetricPoint, Map<MetricId, Reading>>();

function readingsOf(first: MetricPoint): Map<MetricId, Reading> {
  const known = readings.get(first) ?? new Map<MetricId, Reading>();
  readings.set(first, known);
  return known;
}

/** of two histories with the same first point */
const isBegunBy = (history: readonly MetricPoint[], beginning: readonly MetricPoint[]): boolean =>
  history.length >= beginning.length && history[beginning.length - 1] === beginning.at(-1);

function measuredFrom(history: readonly MetricPoint[], from: number, id: MetricId): SeriesPoint[] {
  const series: SeriesPoint[] = [];
  for (let i = from; i < history.length; i++) {
    const { step, elapsedMs, values } = history[i] as MetricPoint;
    const value = values[id];
    if (value !== undefined) series.push({ step, elapsedMs, value });
  }
  return series;
}

/** what had been found when the history ended with this point */
function upToPoint(series: readonly SeriesPoint[], { step }: MetricPoint): readonly SeriesPoint[] {
  const after = series.findLastIndex((point) => point.step <= step) + 1;
  return after === series.length ? series : series.slice(0, after);
}

const NOTHING: readonly SeriesPoint[] = [];

/**
 * Every measured value of one metric, in order of steps; rows that did not measure it are absent. Histories grow at
 * their end: what was read is not read again, and all who ask share one list, so a value is kept once beside the
 * history.
 * @returns the same list as before where nothing new was measured, and a longer one where something was
 */
export function seriesOf(history: readonly MetricPoint[], id: MetricId): readonly SeriesPoint[] {
  const first = history[0];
  if (!first) return NOTHING;
  const ofRun = readingsOf(first);
  const known = ofRun.get(id);
  if (known && isBegunBy(known.seen, history)) return upToPoint(known.series, history.at(-1) as MetricPoint);
  const goesOn = known && isBegunBy(history, known.seen) ? known : { seen: [], series: NOTHING };
  const more = measuredFrom(history, goesOn.seen.length, id);
  const series = more.length === 0 ? goesOn.series : [...goesOn.series, ...more];
  ofRun.set(id, { seen: history, series });
  return series;
}

/**
 * Min-max thinning for drawing: the range is cut into equal parts and each part keeps its lowest and its highest point,
 * so that no spike disappears. The first and the last point always stay. For export use the whole history instead.
 * @param limit most points to return, at least 4
 */
export function thin<P extends { value: number }>(points: readonly P[], limit: number): P[] {
  if (points.length <= limit) return [...points];
  const inner = points.length - 2;
  const parts = Math.max(1, Math.floor((limit - 2) / 2));
  const kept: P[] = [points[0] as P];
  for (let part = 0; part < parts; part++) {
    const from = 1 + Math.floor((part * inner) / parts);
    const to = 1 + Math.floor(((part + 1) * inner) / parts);
    kept.push(...extremes(points, from, to));
  }
  kept.push(points.at(-1) as P);
  return kept;
}

/** the lowest and the highest point of [from, to), in their order; NaN is higher than everything, so that it is seen */
function extremes<P extends { value: number }>(points: readonly P[], from: number, to: number): P[] {
  let low = from;
  let high = from;
  for (let i = from; i < to; i++) {
    const value = (points[i] as P).value;
    if (value < (points[low] as P).value) low = i;
    if (value > (points[high] as P).value || Number.isNaN(value)) high = i;
  }
  const indices = low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
  return to > from ? indices.map((i) => points[i] as P) : [];
}
