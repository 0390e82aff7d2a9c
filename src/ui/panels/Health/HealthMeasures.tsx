import { memo, useId, useMemo } from 'react';
import type { RunKind } from '../../../contract/domain';
import { METRICS, type MetricId } from '../../../contract/metrics';
import type { MetricPoint } from '../../../contract/observations';
import { areFew, casesBehind } from '../../../store/runs/cases';
import { ChartTable } from '../../charts/ChartTable';
import { Sparkline } from '../../charts/Sparkline';
import { usePaced } from '../../charts/usePaced';
import { ShareValue } from '../../primitives/ShareValue';
import { isUnusual } from '../Numbers';
import { type LineOf, latest, useLines, useSeries } from '../useChartView';
import { useMeasurable } from '../useMeasurable';
import styles from './Health.module.css';
import { MEASURES, type Measure, measuredOf } from './measures';

interface HealthMeasuresProps {
  kind: Exclude<RunKind, 'reward'>;
  history: readonly MetricPoint[];
  /** the step whose numbers are shown; the last one measured when absent */
  at?: number;
}

/**
 * The reward and whether texts are still texts, each with the way it came: distinct-n, duplicates, grammar, ends and
 * length.
 */
export function HealthMeasures({ kind, history, at }: HealthMeasuresProps) {
  const isMeasurable = useMeasurable();
  const drawn = usePaced(history);
  const measures = MEASURES[kind].filter(({ id }) => isMeasurable(id));
  const trends = useTrends(kind, drawn);
  const tableId = useId();
  const rows = measuredOf(measures, (id) => history.some(({ values }) => values[id] !== undefined), history.length > 0);
  return (
    <>
      <dl
        className={styles.measures}
        aria-label="Health measures"
        aria-details={trends.length > 0 ? tableId : undefined}
      >
        {rows.map((measure) => (
          <div key={measure.id} className={styles.measure} title={METRICS[measure.id].meaning}>
            <dt>{measure.name}</dt>
            <dd className={styles.trend}>
              <Trend measure={measure} history={drawn} />
            </dd>
            <Newest id={measure.id} history={history} at={at} />
          </div>
        ))}
      </dl>
      <ChartTable
        id={tableId}
        caption="Health measures, every tenth of the run"
        series={trends}
        noun={kind in COUNTED ? COUNTED[kind as keyof typeof COUNTED] : 'step'}
      />
    </>
  );
}

const COUNTED = { ppo: 'iteration', bestOf: 'N' } as const;
/** @returns what is drawn, for a table that waits for its turn with the charts */
function useTrends(kind: HealthMeasuresProps['kind'], history: readonly MetricPoint[]) {
  const lines = useMemo(() => MEASURES[kind].map(({ id, name, tone }): LineOf => ({ id, label: name, tone })), [kind]);
  const series = useLines(history, lines);
  return useMemo(() => series.filter(({ points }) => points.length > 0), [series]);
}

/** The line waits for its turn with the charts. */
const Trend = memo(function Trend({
  measure: { id, tone, range },
  history,
}: { measure: Measure } & Pick<HealthMeasuresProps, 'history'>) {
  const series = useSeries(history, id);
  const trend = useMemo(() => series.map(({ value }) => value), [series]);
  return (
    trend.length > 0 && !areFew(casesBehind(history, id)) && <Sparkline values={trend} range={range} tone={tone} />
  );
});

/** The number is that of the step which the page names. */
function Newest({ id, history, at }: { id: MetricId; at: number | undefined } & Pick<HealthMeasuresProps, 'history'>) {
  const value = at === undefined ? latest(history, id) : history.find(({ step }) => step === at)?.values[id];
  return (
    <dd className={`${styles.value} ${isUnusual(id, value ?? undefined) ? styles.unusual : ''}`}>
      <ShareValue id={id} value={value} count={casesBehind(history, id)} />
    </dd>
  );
}
