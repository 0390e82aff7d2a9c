import type { SeriesPoint } from '../../store/persistence/thin';
import type { ChartView, LineSeries } from './chartTypes';
import { Curve, type CurveView, type HiddenPoints } from './curve';
import { quantiles } from './sample';
import { type Axis, drawable, extentOf, linearAxis, logAxis } from './scales';
import type { PlotPoint } from './thinned';

/** One line as it is drawn: what was measured, thin, under its smoothed self. */
export interface DrawnLine {
  id: string;
  raw: PlotPoint[];
  smoothed: PlotPoint[];
}

export interface LinePlotData {
  lines: DrawnLine[];
  x: readonly [number, number];
  y: Axis;
  /** of all lines */
  hidden: HiddenPoints;
}

/** The curves that a chart goes on with, by line. */
export type Curves = Map<string, Curve>;

/** evaluations are drawn as they were measured */
const viewOf = ({ raw }: LineSeries, { smoothing, logAxis, xAxis }: ChartView): CurveView => ({
  smoothing: raw ? 0 : smoothing,
  logAxis,
  xAxis,
});

function curveOf(line: LineSeries, view: ChartView, curves: Curves): Curve {
  const own = viewOf(line, view);
  const known = curves.get(line.id);
  const curve = known?.isBegunBy(line.points, own) ? known : new Curve(own);
  curve.follow(line.points);
  curves.set(line.id, curve);
  return curve;
}

/** The view holds every smoothed line, every level, and all but the wildest hundredth of the raw points. */
function valueRange(curves: readonly Curve[], levels: readonly number[]): readonly [number, number] | null {
  const lines = curves.flatMap(({ low, high }) => [low, high]);
  const samples = curves.map(({ sample }) => sample);
  return extentOf([...lines, ...levels, ...quantiles(samples, [0.01, 0.99])]);
}

/** without any value a linear axis goes from 0 to 1, a logarithmic one over a decade */
const axisOf = (range: readonly [number, number] | null, isLog: boolean): Axis =>
  isLog ? logAxis(...(range ?? ([0, 0] as const))) : linearAxis(...(range ?? ([0, 1] as const)));

function allHidden(curves: readonly Curve[], y: Axis): HiddenPoints {
  const all: HiddenPoints = { above: 0, below: 0, notPositive: 0, notNumbers: 0 };
  for (const curve of curves)
    for (const [why, count] of Object.entries(curve.hidden(y))) all[why as keyof HiddenPoints] += count;
  return all;
}

export interface LineDataOptions {
  /** the run's length in steps, so that the axis does not grow while it trains */
  totalSteps?: number;
  levels?: readonly number[];
  /** fixed limits instead of those of the data */
  range?: readonly [number, number];
}

/**
 * Everything a line chart needs before it draws: smoothed, thinned, on axes with round limits.
 * @param curves of the last time: what grew since is added to them, so a new point costs the work of one
 */
export function lineData(
  series: readonly LineSeries[],
  view: ChartView,
  options: LineDataOptions = {},
  curves: Curves = new Map(),
): LinePlotData {
  const own = series.map((line) => curveOf(line, view, curves));
  const last = own.reduce((most, { lastX }) => Math.max(most, lastX), 0);
  const end = view.xAxis === 'step' ? Math.max(last, drawable(options.totalSteps ?? 0, 0), 1) : Math.max(last, 1);
  const levels = (options.levels ?? []).filter((level) => !view.logAxis || level > 0);
  const fixed = options.range && (!view.logAxis || options.range[0] > 0) ? options.range : null;
  const y = axisOf(fixed ?? valueRange(own, levels), view.logAxis);
  const lines = own.map((curve, i) => ({ id: (series[i] as LineSeries).id, ...curve.drawn() }));
  return { lines, x: [0, end], y, hidden: allHidden(own, y) };
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

/**
 * @returns the newest point up to this step that no earlier row of a table has told; null where nothing was measured
 * since
 */
export function measuredUpTo(
  points: readonly SeriesPoint[],
  step: number,
  earlier = Number.NEGATIVE_INFINITY,
): SeriesPoint | null {
  const point = pointAt(points, step);
  return point && point.step > earlier ? point : null;
}
