import type { MetricPoint } from '../../../contract/domain';
import type { MetricId } from '../../../contract/metrics';
import { ChartCard } from '../../charts/ChartCard';
import { ChartControls } from '../ChartControls';
import { type LineOf, latest, useChartView, useLines } from '../useChartView';
import { useScrollIntoView } from '../useScrollIntoView';

const WHOLE = [0, 1] as const;
const CHARTS: readonly { metric: MetricId; lines: readonly LineOf[]; range?: readonly [number, number] }[] = [
  { metric: 'train/lr', lines: [{ id: 'train/lr', label: 'learning rate', tone: 'ink-2', raw: true }] },
  { metric: 'train/gradNorm', lines: [{ id: 'train/gradNorm', label: 'gradient norm', tone: 'policy' }] },
  { metric: 'perf/tokensPerSecond', lines: [{ id: 'perf/tokensPerSecond', label: 'tokens per second', tone: 'ink-2' }] },
  {
    metric: 'eval/coherent',
    range: WHOLE,
    lines: [
      { id: 'eval/grammatical', label: 'grammatical', tone: 'good', raw: true },
      { id: 'eval/coherent', label: 'coherent', tone: 'value', dashed: true, raw: true },
    ],
  },
];

interface MoreChartsProps {
  history: readonly MetricPoint[];
  totalSteps: number;
  className?: string | undefined;
}

/** The other curves, below the screen: they are scrolled to when asked for. */
export function MorePretrainCharts({ history, totalSteps, className }: MoreChartsProps) {
  const ref = useScrollIntoView<HTMLDivElement>();
  return (
    <div className={className} ref={ref}>
      <ChartControls kind="pretrain" />
      {CHARTS.map((chart) => (
        <OneChart key={chart.metric} {...chart} history={history} totalSteps={totalSteps} />
      ))}
    </div>
  );
}

function OneChart({ metric, lines, range, history, totalSteps }: (typeof CHARTS)[number] & MoreChartsProps) {
  const view = useChartView();
  const series = useLines(history, lines);
  return (
    <ChartCard
      metric={metric}
      value={latest(history, metric)}
      series={series}
      view={view}
      totalSteps={totalSteps}
      {...(range && { range })}
    />
  );
}
