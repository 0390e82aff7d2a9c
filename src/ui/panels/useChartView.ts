import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { MetricId, MetricValues } from '../../contract/metrics';
import type { MetricPoint } from '../../contract/observations';
import { useLab } from '../../store/lab';
import { type SeriesPoint, seriesOf } from '../../store/persistence/thin';
import { isOfFew } from '../../store/runs/cases';
import type { ChartView, LineSeries } from '../charts/chartTypes';
import { useMeasurable } from './useMeasurable';

/** How the visitor looks at charts: smoothing, axes and the shared crosshair. */
export function useChartView(): ChartView {
  return useLab(
    useShallow(({ view }) => ({
      smoothing: view.smoothing,
      logAxis: view.logAxis,
      xAxis: view.xAxis,
      crosshair: view.crosshair,
      onCrosshair: view.setCrosshair,
    })),
  );
}

/** A line to draw, named by the metric it shows. */
export type LineOf = Omit<LineSeries, 'points' | 'id' | 'dots'> & {
  id: MetricId /** few cases are drawn as dots, where they are what the chart is named after */;
  dotsOfFew?: boolean;
};

/**
 * The lines as they are drawn; none of a number that this corpus never has, and none of one that rests on a few cases,
 * which would jump with each of them: its points at most.
 * @param lines a constant: the lines are computed again only when the history grows
 */
export function useLines(history: readonly MetricPoint[], lines: readonly LineOf[]): LineSeries[] {
  const isMeasurable = useMeasurable();
  return useMemo(
    () =>
      lines.flatMap(({ dotsOfFew = false, ...line }) => {
        const dots = isOfFew(history, line.id);
        if (!isMeasurable(line.id) || (dots && !dotsOfFew)) return [];
        return [{ ...line, points: seriesOf(history, line.id), ...(dots && { dots }) }];
      }),
    [history, lines, isMeasurable],
  );
}

/** @returns every measured value of one metric; what a history grew by is read alone */
export function useSeries(history: readonly MetricPoint[], id: MetricId): readonly SeriesPoint[] {
  return useMemo(() => seriesOf(history, id), [history, id]);
}

/** @returns the newest measured value of one metric; null before the first */
export function latest(history: readonly MetricPoint[], id: MetricId): number | null {
  return history.findLast((point) => point.values[id] !== undefined)?.values[id] ?? null;
}

const latestValues = (history: readonly MetricPoint[]): MetricValues =>
  Object.assign({}, ...history.slice(-200).map((point) => point.values));

/** @returns the newest measured value of every metric, whenever it was measured */
export const useLatestValues = (history: readonly MetricPoint[]): MetricValues =>
  useMemo(() => latestValues(history), [history]);
