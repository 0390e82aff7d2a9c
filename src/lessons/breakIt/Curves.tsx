import { useMemo } from 'react';
import type { MetricPoint } from '../../contract/observations';
import type { ArmName, LessonRecord } from '../../store/lessonState';
import { findTurn, type Turn } from '../../store/overoptimization';
import { seriesOf } from '../../store/thin';
import type { ChartMark, LineSeries } from '../../ui/charts/chartTypes';
import { LineChart } from '../../ui/charts/LineChart';
import { extentOf } from '../../ui/charts/scales';
import { useChartView } from '../../ui/panels/useChartView';
import { Card } from '../../ui/primitives/Card';
import { MetricValue } from '../../ui/primitives/MetricValue';
import { toneText } from '../../ui/theme/tone';
import styles from './BreakIt.module.css';
import { trailOf } from './facts';
import type { Scenario } from './scenario';

function linesOf(history: readonly MetricPoint[], { proxy }: Scenario): LineSeries[] {
  return [
    { id: proxy.metric, label: proxy.label, tone: proxy.tone, points: seriesOf(history, proxy.metric) },
    { id: 'gold/score', label: 'gold', tone: 'gold', dashed: true, points: seriesOf(history, 'gold/score') },
  ];
}

/** one pair of limits for both charts, so that heights compare */
function rangeOf(series: readonly LineSeries[]): readonly [number, number] {
  const [low, high] = extentOf(series.flatMap(({ points }) => points.map(({ value }) => value))) ?? [0, 1];
  return [Math.min(0, low), Math.max(1, high)];
}

const lastOf = (line: LineSeries | undefined): number | undefined => line?.points.at(-1)?.value;

interface OneRunProps {
  scenario: Scenario;
  name: ArmName;
  series: readonly LineSeries[];
  range: readonly [number, number];
  totalSteps: number;
  marks: readonly ChartMark[];
}

function OneRun({ scenario, name, series, range, totalSteps, marks }: OneRunProps) {
  const view = useChartView();
  const [proxy, gold] = series;
  return (
    <Card
      title={scenario[name]}
      note={name}
      className={styles.chart}
      value={
        <span data-lesson={name}>
          <span className={styles.gold}>
            <span className={styles.name}>gold</span> <MetricValue id="gold/score" value={lastOf(gold)} />
          </span>{' '}
          <span style={{ color: toneText(scenario.proxy.tone) }}>
            <MetricValue id={scenario.proxy.metric} value={lastOf(proxy)} />
          </span>
        </span>
      }
    >
      <div className={styles.plot}>
        <LineChart
          label={`${scenario[name]}, ${scenario.proxy.label} and gold`}
          series={series}
          range={range}
          view={view}
          marks={marks}
          totalSteps={totalSteps}
          noun={scenario.noun}
        />
      </div>
    </Card>
  );
}

function turnWords(turn: Turn | null, scenario: Scenario, running: boolean): string {
  if (turn)
    return `Turning point: ${scenario.noun} ${turn.step}. Gold fell by ${turn.fallen.toFixed(1)} since, while the ${scenario.proxy.label} went on rising.`;
  if (running) return 'No turning point so far.';
  return 'No turning point in the broken run: gold never fell clearly while the other curve went on rising.';
}

/** Both runs as they happen: what is paid for and what it stands for, on the same scale. */
export function Curves({ scenario, record }: { scenario: Scenario; record: LessonRecord }) {
  const { healthy, broken } = record.arms;
  const lines = useMemo(
    () => ({ healthy: linesOf(healthy.history, scenario), broken: linesOf(broken.history, scenario) }),
    [healthy.history, broken.history, scenario],
  );
  const range = useMemo(() => rangeOf([...lines.healthy, ...lines.broken]), [lines]);
  const turn = useMemo(() => findTurn(trailOf(broken.history, scenario.proxy)), [broken.history, scenario]);
  const marks = useMemo(
    () => [
      ...(record.forkAt === null ? [] : [{ step: record.forkAt, label: 'let go' }]),
      ...(turn ? [{ step: turn.step, label: 'gold turned' }] : []),
    ],
    [record.forkAt, turn],
  );
  const both = { scenario, range };
  return (
    <>
      <div className={styles.pair}>
        <OneRun {...both} name="healthy" series={lines.healthy} totalSteps={healthy.totalSteps} marks={[]} />
        <OneRun {...both} name="broken" series={lines.broken} totalSteps={broken.totalSteps} marks={marks} />
      </div>
      {broken.history.length > 0 && <p className={styles.note}>{turnWords(turn, scenario, record.status === 'running')}</p>}
    </>
  );
}
