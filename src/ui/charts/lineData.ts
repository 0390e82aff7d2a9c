import { type SeriesPoint, smooth, thin } from '../../store/thin';
import type { ChartView, LineSeries } from './chartTypes';
import { type Axis, linearAxis, logAxis } from './scales';

/** Most points of one drawn line: more cannot be told apart and SVG becomes slow. */
export const MAX_POINTS = 300;

/** One drawn position: the smoothed value of line `id` under `id`, the measured one under `id:raw`. */
export interface PlotRow {
  x: number;
  [line: string]: number;
}

export interface LinePlotData {
  rows: PlotRow[];
  x: readonly [number, number];
  y: Axis;
  /** measured points that lie above and below the view; nothing is hidden without saying so */
  above: number;
  below: number;
}

interface PreparedSeries {
  id: string;
  raw: SeriesPoint[];
  smoothed: SeriesPoint[];
}

/** Smooths in the space that is drawn: a logarithmic axis averages logarithms. Values that it cannot show are left out. */
function prepare(series: LineSeries, view: Pick<ChartView, 'smoothing' | 'logAxis'>): PreparedSeries {
  const measured = series.points.filter(({ value }) => Number.isFinite(value) && (!view.logAxis || value > 0));
  const smoothing = series.raw ? 0 : view.smoothing;
  if (!view.logAxis) return { id: series.id, raw: measured, smoothed: smooth(measured, smoothing) };
  const logs = smooth(
    measured.map((point) => ({ ...point, value: Math.log(point.value) })),
    smoothing,
  );
  return { id: series.id, raw: measured, smoothed: logs.map((point) => ({ ...point, value: Math.exp(point.value) })) };
}

const quantile = (sorted: readonly number[], share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;

/** The view holds every smoothed line, every level, and all but the wildest hundredth of the raw points. */
function valueRange(prepared: readonly PreparedSeries[], levels: readonly number[]): readonly [number, number] {
  const lines = prepared.flatMap(({ smoothed }) => smoothed.map((point) => point.value));
  const raw = prepared.flatMap((series) => series.raw.map((point) => point.value)).sort((a, b) => a - b);
  const all = [...lines, ...levels, ...(raw.length > 0 ? [quantile(raw, 0.01), quantile(raw, 0.99)] : [])];
  return all.length === 0 ? [0, 1] : [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))];
}

const xOf = (point: SeriesPoint, xAxis: ChartView['xAxis']): number => (xAxis === 'time' ? point.elapsedMs / 1000 : point.step);

/** Lines with steps of their own become rows of one table, as the chart library wants them. */
function rowsOf(prepared: readonly PreparedSeries[], xAxis: ChartView['xAxis']): PlotRow[] {
  const rows = new Map<number, PlotRow>();
  const put = (key: string, points: readonly SeriesPoint[]) => {
    for (const point of thin(points, MAX_POINTS)) {
      const x = xOf(point, xAxis);
      const row = rows.get(x) ?? { x };
      row[key] = point.value;
      rows.set(x, row);
    }
  };
  for (const { id, raw, smoothed } of prepared) {
    put(id, smoothed);
    put(`${id}:raw`, raw);
  }
  return [...rows.values()].sort((a, b) => a.x - b.x);
}

export interface LineDataOptions {
  /** the run's length in steps, so that the axis does not grow while it trains */
  totalSteps?: number;
  levels?: readonly number[];
  /** fixed limits instead of those of the data */
  range?: readonly [number, number];
}

/** Everything a line chart needs before it draws: smoothed, thinned, on axes with round limits. */
export function lineData(series: readonly LineSeries[], view: ChartView, options: LineDataOptions = {}): LinePlotData {
  const prepared = series.map((line) => prepare(line, view));
  const rows = rowsOf(prepared, view.xAxis);
  const last = rows.at(-1)?.x ?? 0;
  const end = view.xAxis === 'step' ? Math.max(last, options.totalSteps ?? 0, 1) : Math.max(last, 1);
  const levels = (options.levels ?? []).filter((level) => !view.logAxis || level > 0);
  const [low, high] = options.range && (!view.logAxis || options.range[0] > 0) ? options.range : valueRange(prepared, levels);
  const y = view.logAxis ? logAxis(low, high) : linearAxis(low, high);
  const raw = prepared.flatMap((line) => line.raw);
  return {
    rows,
    x: [0, end],
    y,
    above: raw.filter((point) => point.value > y.high).length,
    below: raw.filter((point) => point.value < y.low).length,
  };
}

/** @returns the point of the line at this step, or the last one before it */
export function pointAt(points: readonly SeriesPoint[], step: number): SeriesPoint | null {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle] as SeriesPoint).step <= step) low = middle + 1;
    else high = middle;
  }
  return points[low - 1] ?? null;
}
