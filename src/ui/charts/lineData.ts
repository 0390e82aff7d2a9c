import { type SeriesPoint, smooth, thin } from '../../store/thin';
import type { ChartView, LineSeries } from './chartTypes';
import { type Axis, drawable, extentOf, linearAxis, logAxis } from './scales';

/** Most points of one drawn line: more cannot be told apart and SVG becomes slow. */
export const MAX_POINTS = 300;

/** One drawn position: the smoothed value of line `id` under `id`, the measured one under `id:raw`. */
export interface PlotRow {
  x: number;
  [line: string]: number;
}

/** Measured points that the view does not show; nothing is hidden without saying so. */
export interface HiddenPoints {
  above: number;
  below: number;
  /** at or below 0, where a logarithmic axis has no place */
  notPositive: number;
  /** undefined quotients and the like: no axis has a place for them */
  notNumbers: number;
}

export interface LinePlotData {
  rows: PlotRow[];
  x: readonly [number, number];
  y: Axis;
  hidden: HiddenPoints;
}

interface PreparedSeries {
  id: string;
  raw: SeriesPoint[];
  smoothed: SeriesPoint[];
}

type Shown = Pick<ChartView, 'logAxis' | 'xAxis'>;

const xOf = (point: SeriesPoint, xAxis: ChartView['xAxis']): number => (xAxis === 'time' ? point.elapsedMs / 1000 : point.step);

/** whether the axes have a place for a point, in view or not */
const hasPlace = (point: SeriesPoint, { logAxis, xAxis }: Shown): boolean =>
  Number.isFinite(point.value) && Number.isFinite(xOf(point, xAxis)) && (!logAxis || point.value > 0);

/** Smooths in the space that is drawn: a logarithmic axis averages logarithms. Values that it cannot show are left out. */
function prepare(series: LineSeries, view: Shown & Pick<ChartView, 'smoothing'>): PreparedSeries {
  const measured = series.points.filter((point) => hasPlace(point, view));
  const smoothing = series.raw ? 0 : view.smoothing;
  if (!view.logAxis) return { id: series.id, raw: measured, smoothed: smooth(measured, smoothing) };
  const logs = smooth(
    measured.map((point) => ({ ...point, value: Math.log(point.value) })),
    smoothing,
  );
  return { id: series.id, raw: measured, smoothed: logs.map((point) => ({ ...point, value: Math.exp(point.value) })) };
}

function countHidden(series: readonly LineSeries[], view: Shown, { low, high }: Axis): HiddenPoints {
  const hidden: HiddenPoints = { above: 0, below: 0, notPositive: 0, notNumbers: 0 };
  for (const { points } of series)
    for (const point of points) {
      if (Number.isNaN(point.value) || !Number.isFinite(xOf(point, view.xAxis))) hidden.notNumbers++;
      else if (view.logAxis && point.value <= 0) hidden.notPositive++;
      else if (point.value > high) hidden.above++;
      else if (point.value < low) hidden.below++;
    }
  return hidden;
}

const quantile = (sorted: readonly number[], share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;

/** The view holds every smoothed line, every level, and all but the wildest hundredth of the raw points. */
function valueRange(prepared: readonly PreparedSeries[], levels: readonly number[]): readonly [number, number] | null {
  const lines = prepared.flatMap(({ smoothed }) => smoothed.map((point) => point.value));
  const raw = prepared.flatMap((series) => series.raw.map((point) => point.value)).sort((a, b) => a - b);
  return extentOf([...lines, ...levels, ...(raw.length > 0 ? [quantile(raw, 0.01), quantile(raw, 0.99)] : [])]);
}

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
  const end = view.xAxis === 'step' ? Math.max(last, drawable(options.totalSteps ?? 0, 0), 1) : Math.max(last, 1);
  const levels = (options.levels ?? []).filter((level) => !view.logAxis || level > 0);
  const fixed = options.range && (!view.logAxis || options.range[0] > 0) ? options.range : null;
  const range = fixed ?? valueRange(prepared, levels);
  const y = axisOf(range, view.logAxis);
  return { rows: rows.map((row) => nearView(row, y, view.logAxis)), x: [0, end], y, hidden: countHidden(series, view, y) };
}

/** without any value a linear axis goes from 0 to 1, a logarithmic one over a decade */
const axisOf = (range: readonly [number, number] | null, isLog: boolean): Axis =>
  isLog ? logAxis(...(range ?? ([0, 0] as const))) : linearAxis(...(range ?? ([0, 1] as const)));

/** Far outside the view a line is bent to what pixels can hold. */
function nearView(row: PlotRow, { low, high }: Axis, isLog: boolean): PlotRow {
  const room = 1000 * (high - low);
  const [least, most] = isLog ? [low / 1e6, high * 1e6] : [low - room, high + room];
  const near: PlotRow = { x: row.x };
  for (const [key, value] of Object.entries(row)) if (key !== 'x') near[key] = Math.min(most, Math.max(least, value));
  return near;
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
