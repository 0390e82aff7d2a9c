import { memo } from 'react';
import { LABELS } from '../../contract/labels';
import type { MetricId } from '../../contract/metrics';
import type { MetricPoint } from '../../contract/observations';
import { casesBehind } from '../../store/runs/cases';
import type { Mark } from '../../store/state';
import { ChartCard } from '../charts/ChartCard';
import { usePaced } from '../charts/usePaced';
import { ShareValue } from '../primitives/ShareValue';
import { NewestPoints, useNewest } from './newest';
import { fewNote, type SmallChart } from './smallChart';
import { latest, useChartView, useLines } from './useChartView';
import { useMeasurable } from './useMeasurable';

interface ChartProps {
  chart: SmallChart;
  history: readonly MetricPoint[];
  marks: readonly Mark[];
  totalSteps: number;
  /** what is counted */
  noun: 'iteration' | 'step' | 'N';
  /** without the band of what is usual */
  bare: boolean;
  /** the step that the corner reads; the last one measured when absent */
  at?: number;
}

const measuredAt = (history: readonly MetricPoint[], metric: MetricId, at: number): number | null =>
  history.find(({ step }) => step === at)?.values[metric] ?? null;

function Corner({ metric, at }: { metric: MetricId; at: number | undefined }) {
  const history = useNewest();
  const value = at === undefined ? latest(history, metric) : measuredAt(history, metric, at);
  return <ShareValue id={metric} value={value} count={casesBehind(history, metric)} />;
}

/** Said of as many cases as the number in the corner is. */
function Note({ metric, note }: Pick<SmallChart, 'metric' | 'note'>) {
  return fewNote(useNewest(), metric) ?? note ?? LABELS[metric].unit;
}

/** A card takes a turn of its own when numbers come, so that they never redraw all cards in one task. */
function OneChart({ history, ...rest }: ChartProps) {
  return (
    <NewestPoints history={history}>
      <Drawn history={usePaced(history)} {...rest} />
    </NewestPoints>
  );
}

const Drawn = memo(function Drawn({ chart, history, marks, totalSteps, noun, bare, at }: ChartProps) {
  const { metric, lines, note, ...rest } = chart;
  const view = useChartView();
  const series = useLines(history, lines);
  return (
    <ChartCard
      metric={metric}
      bare={bare}
      value={<Corner metric={metric} at={at} />}
      note={<Note metric={metric} note={note} />}
      series={series}
      legend={lines.length > 1 || rest.levels !== undefined}
      view={view}
      marks={marks}
      totalSteps={totalSteps}
      noun={noun}
      {...rest}
    />
  );
});

interface SmallChartsProps extends Omit<ChartProps, 'chart' | 'bare'> {
  charts: readonly SmallChart[];
  /** drawn without the band of what is usual */
  unmarked?: ReadonlySet<MetricId>;
}

/** Curves over steps, one card each; changes of the live knobs are dashed marks in all of them. */
export function SmallCharts({ charts, unmarked, ...rest }: SmallChartsProps) {
  const isMeasurable = useMeasurable();
  return charts
    .filter(({ metric }) => isMeasurable(metric))
    .map((chart) => (
      <OneChart key={chart.metric} chart={chart} bare={unmarked?.has(chart.metric) ?? false} {...rest} />
    ));
}
