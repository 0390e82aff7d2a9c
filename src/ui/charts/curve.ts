/**
 * One line of a chart on its way from measured points to what is drawn: left out where an axis has no place, smoothed,
 * thinned, counted where it is out of view. Histories grow at their end, so a curve goes on from where it was: a new
 * point costs one point's work, however long the history.
 */
import type { SeriesPoint } from '../../store/persistence/thin';
import type { ChartView } from './chartTypes';
import { Sample } from './sample';
import type { Axis } from './scales';
import { type PlotPoint, Thinned } from './thinned';

/** Measured points that the view does not show; nothing is hidden without saying so. */
export interface HiddenPoints {
  above: number;
  below: number;
  /** at or below 0, where a logarithmic axis has no place */
  notPositive: number;
  /** undefined quotients and the like: no axis has a place for them */
  notNumbers: number;
}

export type CurveView = Pick<ChartView, 'smoothing' | 'logAxis' | 'xAxis'>;

const xOf = (point: SeriesPoint, xAxis: ChartView['xAxis']): number =>
  xAxis === 'time' ? point.elapsedMs / 1000 : point.step;

const isSame = (one: CurveView, other: CurveView): boolean =>
  one.smoothing === other.smoothing && one.logAxis === other.logAxis && one.xAxis === other.xAxis;

export class Curve {
  private points: readonly SeriesPoint[] = [];
  private readonly raw = new Thinned();
  private readonly smoothed = new Thinned();
  readonly sample = new Sample();
  /** of the smoothed line */
  low = Number.POSITIVE_INFINITY;
  high = Number.NEGATIVE_INFINITY;
  lastX = 0;
  /** exponential moving average with the start corrected as in Adam; logarithms on a logarithmic axis */
  private sum = 0;
  private weight = 0;
  private notPositive = 0;
  private notNumbers = 0;
  private outside = { low: 0, high: 0, counted: 0, above: 0, below: 0 };

  /** @param view how it is looked at; `smoothing` 0 is the raw line, 0.99 nearly flat */
  constructor(private readonly view: CurveView) {}

  /** @returns whether these points, so looked at, are this curve's own and further ones */
  isBegunBy(points: readonly SeriesPoint[], view: CurveView): boolean {
    const seen = this.points.length;
    return (
      isSame(this.view, view) && points.length >= seen && (seen === 0 || points[seen - 1] === this.points[seen - 1])
    );
  }

  /** Takes in the points that are new. @returns how many */
  follow(points: readonly SeriesPoint[]): number {
    const seen = this.points.length;
    for (let i = seen; i < points.length; i++) this.add(points[i] as SeriesPoint);
    this.points = points;
    return points.length - seen;
  }

  drawn(): { raw: PlotPoint[]; smoothed: PlotPoint[] } {
    return { raw: this.raw.points(), smoothed: this.smoothed.points() };
  }

  /** counted on from the last time while the limits stay, which are round */
  hidden({ low, high }: Axis): HiddenPoints {
    const stays = this.outside.low === low && this.outside.high === high;
    const outside = stays ? this.outside : { low, high, counted: 0, above: 0, below: 0 };
    for (const { points } = this; outside.counted < points.length; outside.counted++) {
      const point = points[outside.counted] as SeriesPoint;
      if (Number.isNaN(point.value) || !Number.isFinite(xOf(point, this.view.xAxis))) continue;
      if (this.view.logAxis && point.value <= 0) continue;
      if (point.value > high) outside.above++;
      else if (point.value < low) outside.below++;
    }
    this.outside = outside;
    const { above, below } = outside;
    return { above, below, notPositive: this.notPositive, notNumbers: this.notNumbers };
  }

  private add(point: SeriesPoint): void {
    const { value } = point;
    const x = xOf(point, this.view.xAxis);
    if (Number.isNaN(value) || !Number.isFinite(x)) this.notNumbers++;
    else if (this.view.logAxis && value <= 0) this.notPositive++;
    else if (Number.isFinite(value)) this.draw(x, value);
  }

  private draw(x: number, value: number): void {
    const average = this.average(value);
    this.raw.add(x, value);
    this.smoothed.add(x, average);
    this.sample.add(value);
    this.low = Math.min(this.low, average);
    this.high = Math.max(this.high, average);
    this.lastX = Math.max(this.lastX, x);
  }

  /** a logarithmic axis averages logarithms: what is drawn is smoothed as it is seen */
  private average(value: number): number {
    const { smoothing, logAxis } = this.view;
    if (smoothing <= 0) return value;
    this.sum = smoothing * this.sum + (1 - smoothing) * (logAxis ? Math.log(value) : value);
    this.weight = smoothing * this.weight + (1 - smoothing);
    const average = this.sum / this.weight;
    return logAxis ? Math.exp(average) : average;
  }
}
