import { useMemo } from 'react';
import type { MetricId } from '../../contract/metrics';
import type { MetricPoint } from '../../contract/observations';
import { standing } from '../../store/guide/readings';
import type { ArmName, LessonRecord } from '../../store/lessons/lessonState';
import { seriesOf } from '../../store/persistence/thin';
import type { ChartMark, LineSeries } from '../../ui/charts/chartTypes';
import { LineChart } from '../../ui/charts/LineChart';
import { extentOf } from '../../ui/charts/scales';
import { useChartView } from '../../ui/panels/useChartView';
import { Card } from '../../ui/primitives/Card';
import { MetricValue } from '../../ui/primitives/MetricValue';
import { toneText } from '../../ui/theme/tone';
import styles from './BreakIt.module.css';
import type { Drawn } from './drawn';
import { factsOf } from './facts';
import { turnWords } from './turnWords';

function linesOf(history: readonly MetricPoint[], { proxy }: Drawn): LineSeries[] {
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

interface OneRunProps {
  scenario: Drawn;
  name: ArmName;
  series: readonly LineSeries[];
  history: readonly MetricPoint[];
  range: readonly [number, number];
  totalSteps: number;
  marks: readonly ChartMark[];
}

function OneRun({ scenario, name, series, history, range, totalSteps, marks }: OneRunProps) {
  const view = useChartView();
  const shown = (id: MetricId) =>
    history.some(({ values }) => values[id] !== undefined) ? standing(history, id) : undefined;
  return (
    <Card
      title={scenario[name]}
      note={`${name}, mean of the last three`}
      className={styles.chart}
      value={
        <span data-lesson={name}>
          <span className={styles.gold}>
            <span className={styles.name}>gold</span> <MetricValue id="gold/score" value={shown('gold/score')} />
          </span>{' '}
          <span style={{ color: toneText(scenario.proxy.tone) }}>
            <MetricValue id={scenario.proxy.metric} value={shown(scenario.proxy.metric)} />
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

/** Both runs as they happen: what is paid for and what it stands for, on the same scale. */
export function Curves({ scenario, record }: { scenario: Drawn; record: LessonRecord }) {
  const { healthy, broken } = record.arms;
  const lines = useMemo(
    () => ({ healthy: linesOf(healthy.history, scenario), broken: linesOf(broken.history, scenario) }),
    [healthy.history, broken.history, scenario],
  );
  const range = useMemo(() => rangeOf([...lines.healthy, ...lines.broken]), [lines]);
  const facts = useMemo(() => factsOf(record, scenario).broken, [record, scenario]);
  const { turn } = facts;
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
        <OneRun
          {...both}
          name="healthy"
          history={healthy.history}
          series={lines.healthy}
          totalSteps={healthy.totalSteps}
          marks={[]}
        />
        <OneRun
          {...both}
          name="broken"
          history={broken.history}
          series={lines.broken}
          totalSteps={broken.totalSteps}
          marks={marks}
        />
      </div>
      {broken.history.length > 0 && (
        <p className={styles.note}>{turnWords(facts, scenario, record.status === 'running')}</p>
      )}
    </>
  );
}
