import type { MetricId } from '../contract/metrics';
import type { MetricPoint } from '../contract/observations';

/** One point of a drawn line. */
export interface SeriesPoint {
  step: number;
  elapsedMs: number;
  value: number;
}

/** @returns every measured value of one metric, in order of steps; rows that did not measure it are absent */
export function seriesOf(history: readonly MetricPoint[], id: MetricId): SeriesPoint[] {
  const series: SeriesPoint[] = [];
  for (const { step, elapsedMs, values } of history) {
    const value = values[id];
    if (value !== undefined) series.push({ step, elapsedMs, value });
  }
  return series;
}

/** Reads one metric off a history that grows at its end, again and again; what it has read it does not read again. */
export class SeriesFollower {
  private seen: readonly MetricPoint[] = [];
  private series: SeriesPoint[] = [];

  constructor(private readonly id: MetricId) {}

  /** @returns every measured value, in a list that goes on growing with the next call */
  follow(history: readonly MetricPoint[]): readonly SeriesPoint[] {
    const { seen } = this;
    const goesOn = seen.length > 0 && history.length >= seen.length && history[seen.length - 1] === seen.at(-1);
    if (!goesOn) this.series = [];
    for (let i = goesOn ? seen.length : 0; i < history.length; i++) {
      const { step, elapsedMs, values } = history[i] as MetricPoint;
      const value = values[this.id];
      if (value !== undefined) this.series.push({ step, elapsedMs, value });
    }
    this.seen = history;
    return this.series;
  }
}

/**
 * Reads one metric off a history that grows at its end, again and again.
 * @returns a reader: it gives the same list back where nothing new was measured, and a longer one where something was
 */
export function seriesReader(id: MetricId): (history: readonly MetricPoint[]) => readonly SeriesPoint[] {
  const follower = new SeriesFollower(id);
  let last: readonly SeriesPoint[] = [];
  return (history) => {
    const series = follower.follow(history);
    const isSame = series.length === last.length && series.at(-1) === last.at(-1);
    if (!isSame) last = series.slice();
    return last;
  };
}

/**
 * Min-max thinning for drawing: the range is cut into equal parts and each part keeps its lowest and its highest point, so that
 * no spike disappears. The first and the last point always stay. For export use the whole history instead.
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

/**
 * Exponential moving average with the start corrected as in Adam, so that early points are not pulled to zero.
 * @param smoothing 0 is the raw line, 0.99 nearly flat
 */
export function smooth<P extends { value: number }>(points: readonly P[], smoothing: number): P[] {
  if (smoothing <= 0) return [...points];
  let sum = 0;
  let weight = 0;
  return points.map((point) => {
    if (!Number.isFinite(point.value)) return point;
    sum = smoothing * sum + (1 - smoothing) * point.value;
    weight = smoothing * weight + (1 - smoothing);
    return { ...point, value: sum / weight };
  });
}
