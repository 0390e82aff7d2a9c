import type { MetricPoint } from '../../../contract/domain';
import type { Mark } from '../../../store/state';
import { ChartCard } from '../../charts/ChartCard';
import { latest, useChartView, useLines } from '../useChartView';
import type { SmallChart } from './ppoLines';

interface ChartProps {
  chart: SmallChart;
  history: readonly MetricPoint[];
  marks: readonly Mark[];
  totalSteps: number;
}

function PpoChart({ chart, history, marks, totalSteps }: ChartProps) {
  const view = useChartView();
  const series = useLines(history, chart.lines);
  return (
    <ChartCard
      metric={chart.metric}
      value={latest(history, chart.metric)}
      series={series}
      view={view}
      marks={marks}
      totalSteps={totalSteps}
      noun="iteration"
      {...(chart.range && { range: chart.range })}
      {...(chart.note !== undefined && { note: chart.note })}
      {...(chart.title !== undefined && { title: chart.title })}
    />
  );
}

interface PpoChartsProps extends Omit<ChartProps, 'chart'> {
  charts: readonly SmallChart[];
}

/** Curves over iterations, one card each; changes of the live knobs are dashed marks in all of them. */
export function PpoCharts({ charts, ...rest }: PpoChartsProps) {
  return charts.map((chart) => <PpoChart key={chart.metric} chart={chart} {...rest} />);
}
