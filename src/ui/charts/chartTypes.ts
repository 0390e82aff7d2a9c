import type { SeriesPoint } from '../../store/persistence/thin';
import type { Tone } from '../theme/tone';

/** One line of a chart. Points may be many: the chart smooths them all and draws at most 300 of a line. */
export interface LineSeries {
  id: string;
  label: string;
  tone: Tone;
  points: readonly SeriesPoint[];
  /** a second mark beside colour: held out, gold */
  dashed?: boolean;
  /** draw it as measured: evaluations are few and need no smoothing */
  raw?: boolean;
  /** its points apart: they rest on too few cases for a curve between them */
  dots?: boolean;
}

/** Something that happened: "β 0.1" at step 12. */
export interface ChartMark {
  step: number;
  label: string;
}

/** A level worth comparing with: "uniform guess, ln 261". */
export interface ChartLevel {
  value: number;
  label: string;
}

/** Levels are grey and told apart by their dashes, in the plot and in the legend alike. */
const LEVEL_DASHES = ['2 4', '9 3 2 3', '1 2'];
export const levelDash = (index: number): string => LEVEL_DASHES[index % LEVEL_DASHES.length] as string;
/** a series that is dashed, on a canvas and in SVG */
export const SERIES_PATTERN = [6, 4];
export const SERIES_DASH = SERIES_PATTERN.join(' ');
/** points apart, in a legend */
export const DOTS_DASH = '3 6';

/** How the charts of a stage are looked at together. All of it lives in the store's `view`. */
export interface ChartView {
  /** 0 raw … 0.99 */
  smoothing: number;
  logAxis: boolean;
  xAxis: 'step' | 'time';
  /** shared by all charts of a stage */
  crosshair: number | null;
  onCrosshair: (step: number | null) => void;
}

export const PLAIN_VIEW: ChartView = {
  smoothing: 0.6,
  logAxis: false,
  xAxis: 'step',
  crosshair: null,
  onCrosshair: () => {},
};
