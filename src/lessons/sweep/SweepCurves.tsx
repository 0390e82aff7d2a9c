import { useMemo } from 'react';
import { maxOf } from '../../contract/many';
import { seriesOf } from '../../store/persistence/thin';
import type { SweepRecord, SweepRun } from '../../store/sweep/sweepState';
import type { LineSeries } from '../../ui/charts/chartTypes';
import { LineChart } from '../../ui/charts/LineChart';
import { useChartView } from '../../ui/panels/useChartView';
import { Card } from '../../ui/primitives/Card';
import styles from './Sweep.module.css';
import { measuresOf, nounOf, runLabel, type SweepMeasure } from './sweepSentence';

/** told apart by their lines as well as by their colours, in the order of the values */
const LOOKS = [
  { tone: 'policy' },
  { tone: 'value', dashed: true },
  { tone: 'rejected', dots: true },
] as const satisfies readonly Partial<LineSeries>[];

const linesOf = (record: SweepRecord, { id }: SweepMeasure): LineSeries[] =>
  record.runs.map((run: SweepRun, i) => ({
    id: `${id} ${run.value}`,
    label: runLabel(record.sweepId, run.value),
    points: seriesOf(run.history, id),
    ...LOOKS[i % LOOKS.length]!,
  }));

function Curves({ record, measure }: { record: SweepRecord; measure: SweepMeasure }) {
  const view = useChartView();
  const series = useMemo(() => linesOf(record, measure), [record, measure]);
  if (series.every(({ points }) => points.length === 0)) return null;
  return (
    <Card title={measure.title} className={styles.chart}>
      <div className={styles.plot}>
        <LineChart
          label={`${measure.title} of each run`}
          series={series}
          view={view}
          totalSteps={maxOf(record.runs.map(({ totalSteps }) => totalSteps))}
          noun={nounOf(record.sweepId)}
        />
      </div>
    </Card>
  );
}

/** The runs laid over each other: what is paid for, what it stands for, and what it costs in distance. */
export function SweepCurves({ record }: { record: SweepRecord }) {
  return (
    <div className={styles.charts}>
      {measuresOf(record.sweepId).map((measure) => (
        <Curves key={measure.id} record={record} measure={measure} />
      ))}
    </div>
  );
}
