import type { MetricPoint } from '../../../contract/domain';
import type { Mark } from '../../../store/state';
import { ChartCard } from '../../charts/ChartCard';
import { latest, useChartView, useLines } from '../useChartView';
import type { SmallChart } from './smallChart';

interface ChartProps {
  chart: SmallChart;
  history: readonly MetricPoint[];
  marks: readonly Mark[];
  totalSteps: number;
  /** what is counted */
  noun: 'iteration' | 'step';
}

function OneChart({ chart, history, marks, totalSteps, noun }: ChartProps) {
  const { metric, lines, ...rest } = chart;
  const view = useChartView();
  const series = useLines(history, lines);
  return (
    <ChartCard
      metric={metric}
      value={latest(history, metric)}
      series={series}
      view={view}
      marks={marks}
      totalSteps={totalSteps}
      noun={noun}
      {...rest}
    />
  );
}

interface SmallChartsProps extends Omit<ChartProps, 'chart'> {
  charts: readonly SmallChart[];
}

/** Curves over steps, one card each; changes of the live knobs are dashed marks in all of them. */
export function SmallCharts({ charts, ...rest }: SmallChartsProps) {
  return charts.map((chart) => <OneChart key={chart.metric} chart={chart} {...rest} />);
}
