import { memo, useMemo } from 'react';
import type { RunKind } from '../../../contract/domain';
import { METRICS } from '../../../contract/metrics';
import type { MetricPoint } from '../../../contract/observations';
import { areFew, casesBehind } from '../../../store/cases';
import { corpusWords, isMeasurable } from '../../../store/corpusWords';
import { useLab } from '../../../store/lab';
import { Sparkline } from '../../charts/Sparkline';
import { usePaced } from '../../charts/usePaced';
import { ShareValue } from '../../primitives/ShareValue';
import { isUnusual } from '../Numbers';
import { latest, useSeries } from '../useChartView';
import styles from './Health.module.css';
import { MEASURES, type Measure, measuredOf } from './measures';

interface HealthMeasuresProps {
  kind: Exclude<RunKind, 'reward'>;
  history: readonly MetricPoint[];
  /** the step whose numbers are shown; the last one measured when absent */
  at?: number;
}

/** The reward and whether texts are still texts, each with the way it came: distinct-n, duplicates, grammar, ends and length. */
export function HealthMeasures({ history, ...rest }: HealthMeasuresProps) {
  return <Measures history={usePaced(history)} {...rest} />;
}

const Measures = memo(function Measures({ kind, history, ...rest }: HealthMeasuresProps) {
  const words = useLab((state) => corpusWords(state.corpus.summary));
  const measures = MEASURES[kind].filter(({ id }) => isMeasurable(id, words));
  const rows = measuredOf(measures, (id) => history.some(({ values }) => values[id] !== undefined), history.length > 0);
  return (
    <dl className={styles.measures} aria-label="Health measures">
      {rows.map((measure) => (
        <Row key={measure.id} measure={measure} history={history} {...rest} />
      ))}
    </dl>
  );
});

interface RowProps extends Pick<HealthMeasuresProps, 'history' | 'at'> {
  measure: Measure;
}

function Row({ measure: { id, name, tone, range }, history, at }: RowProps) {
  const series = useSeries(history, id);
  const trend = useMemo(() => series.map(({ value }) => value), [series]);
  const value = at === undefined ? latest(history, id) : history.find(({ step }) => step === at)?.values[id];
  const cases = casesBehind(history, id);
  return (
    <div className={styles.measure} title={METRICS[id].meaning}>
      <dt>{name}</dt>
      <dd className={styles.trend}>{trend.length > 0 && !areFew(cases) && <Sparkline values={trend} range={range} tone={tone} />}</dd>
      <dd className={`${styles.value} ${isUnusual(id, value ?? undefined) ? styles.unusual : ''}`}>
        <ShareValue id={id} value={value} count={cases} />
      </dd>
    </div>
  );
}
