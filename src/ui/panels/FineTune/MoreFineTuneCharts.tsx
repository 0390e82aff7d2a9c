import type { MetricPoint } from '../../../contract/domain';
import type { MetricId } from '../../../contract/metrics';
import { ChartCard } from '../../charts/ChartCard';
import { ChartControls } from '../ChartControls';
import { type LineOf, latest, useChartView, useLines } from '../useChartView';
import { useScrollIntoView } from '../useScrollIntoView';
import styles from './FineTune.module.css';

const WHOLE = [0, 1] as const;
const CHARTS: readonly { metric: MetricId; lines: readonly LineOf[]; range?: readonly [number, number] }[] = [
  { metric: 'train/lr', lines: [{ id: 'train/lr', label: 'learning rate', tone: 'ink-2', raw: true }] },
  { metric: 'train/gradNorm', lines: [{ id: 'train/gradNorm', label: 'gradient norm', tone: 'policy' }] },
  { metric: 'axis/kl', lines: [{ id: 'axis/kl', label: 'distance from the base', tone: 'policy', raw: true }] },
  {
    metric: 'completion/grammatical',
    range: WHOLE,
    lines: [
      { id: 'completion/grammatical', label: 'grammatical', tone: 'good', raw: true },
      { id: 'eval/wishShare', label: 'as wished', tone: 'value', dashed: true, raw: true },
    ],
  },
];

interface MoreChartsProps {
  history: readonly MetricPoint[];
  totalSteps: number;
}

/** The other curves, below the screen: they are scrolled to when asked for. */
export function MoreFineTuneCharts({ history, totalSteps }: MoreChartsProps) {
  const ref = useScrollIntoView<HTMLDivElement>();
  return (
    <div className={styles.more} ref={ref}>
      <ChartControls kind="finetune" />
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
