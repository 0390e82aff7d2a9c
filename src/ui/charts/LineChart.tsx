import { type PointerEvent, Suspense, useMemo, useState } from 'react';
import { part } from '../parts';
import { formatNumber } from '../primitives/format';
import styles from './Chart.module.css';
import { ChartLegend } from './ChartLegend';
import { ChartTable } from './ChartTable';
import { type ChartLevel, type ChartMark, type ChartView, type LineSeries, PLAIN_VIEW } from './chartTypes';
import { type Curves, lineData, pointAt } from './lineData';
import { usePaced } from './usePaced';
import { useSize } from './useSize';

/** recharts comes with the first chart, not with the first screen */
const LinePlot = part(() => import('./LinePlot'));

const NO_MARKS: readonly ChartMark[] = [];
const NO_LEVELS: readonly ChartLevel[] = [];

export interface LineChartProps {
  /** what is drawn: "Loss"; the accessible name of the figure */
  label: string;
  series: readonly LineSeries[];
  view?: ChartView;
  /** what is usual, tinted */
  band?: readonly [number, number] | undefined;
  marks?: readonly ChartMark[];
  levels?: readonly ChartLevel[];
  /** fixed limits of the value axis */
  range?: readonly [number, number];
  totalSteps?: number;
  /** counted on the x axis: "step", "iteration" */
  noun?: string;
  /** saves every point as CSV; adds a button */
  onCsv?: () => void;
  /** a single unlabelled line needs no legend */
  legend?: boolean;
}

function reading(series: readonly LineSeries[], noun: string, step: number): string {
  const values = series.map((line) => {
    const point = pointAt(line.points, step);
    return point ? `${line.label} ${formatNumber(point.value)}` : `${line.label} not measured`;
  });
  return `${noun} ${Math.round(step)}: ${values.join(', ')}`;
}

interface CrosshairProps extends Pick<LineChartProps, 'label' | 'series'> {
  view: ChartView;
  noun: string;
  end: number;
}

/** A hairline above the drawing, so that moving it redraws nothing. */
function CrosshairLine({ share }: { share: number }) {
  return (
    <div className={styles.track} aria-hidden="true">
      <div className={styles.hairline} style={{ left: `${100 * Math.min(1, Math.max(0, share))}%` }} />
    </div>
  );
}

/** An invisible range over the plot: the pointer and the arrow keys move the crosshair of all charts. */
function Crosshair({ label, series, view, noun, end }: CrosshairProps) {
  const move = (event: PointerEvent<HTMLInputElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left) / Math.max(1, box.width);
    view.onCrosshair(Math.round(Math.min(1, Math.max(0, share)) * end));
  };
  const at = Math.min(view.crosshair ?? end, end);
  return (
    <input
      type="range"
      className={styles.crosshair}
      aria-label={`Crosshair of ${label}`}
      aria-valuetext={reading(series, noun, at)}
      min={0}
      max={end}
      step={Math.max(1, Math.round(end / 100))}
      value={at}
      onChange={(event) => view.onCrosshair(event.currentTarget.valueAsNumber)}
      onPointerMove={move}
      onPointerLeave={() => view.onCrosshair(null)}
      onBlur={() => view.onCrosshair(null)}
    />
  );
}

/** what is drawn of them, made anew when something of it changes */
function useLineData(
  series: readonly LineSeries[],
  { view = PLAIN_VIEW, levels = NO_LEVELS, range, totalSteps }: LineChartProps,
) {
  const { smoothing, logAxis, xAxis } = view;
  const [curves] = useState<Curves>(() => new Map());
  return useMemo(() => {
    const drawn = { ...PLAIN_VIEW, smoothing, logAxis, xAxis };
    return lineData(series, drawn, { totalSteps, range, levels: levels.map((level) => level.value) }, curves);
  }, [series, smoothing, logAxis, xAxis, totalSteps, range, levels, curves]);
}

/**
 * Curves over steps: thick where smoothed over the ghost of what was measured, a crosshair shared with its neighbours,
 * and a table for ears.
 */
export function LineChart(props: LineChartProps) {
  const { label, series, view = PLAIN_VIEW, band, marks = NO_MARKS, levels = NO_LEVELS, noun = 'step', onCsv } = props;
  const { legend = series.length > 1 } = props;
  const paced = usePaced(series);
  const data = useLineData(paced, props);
  const { logAxis, xAxis } = view;
  const [ref, size] = useSize<HTMLDivElement>();
  const steps = xAxis === 'step';
  return (
    <figure className={styles.figure} aria-label={label}>
      <ChartLegend
        series={paced}
        levels={levels}
        step={view.crosshair}
        noun={noun}
        show={legend}
        hidden={data.hidden}
        logAxis={logAxis}
        onCsv={onCsv}
        label={label}
      />
      <div className={styles.plot} ref={ref}>
        {size.width > 0 && (
          <Suspense fallback={null}>
            <LinePlot
              size={size}
              series={paced}
              data={data}
              logAxis={logAxis}
              band={band}
              marks={steps ? marks : NO_MARKS}
              levels={levels}
            />
          </Suspense>
        )}
        {logAxis && data.lines.every(({ smoothed }) => smoothed.length === 0) && (
          <p className={styles.empty}>
            <span>Nothing above 0 yet, so a log axis shows nothing.</span>
          </p>
        )}
        {steps && view.crosshair !== null && <CrosshairLine share={view.crosshair / data.x[1]} />}
        {steps && <Crosshair label={label} series={paced} view={view} noun={noun} end={data.x[1]} />}
      </div>
      <ChartTable caption={`${label}, every tenth of the run`} series={paced} noun={noun} />
    </figure>
  );
}
