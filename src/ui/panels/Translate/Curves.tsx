import { fixed } from '../../../contract/numbers';
import { useTranslation } from '../../../store/translate/translation';
import { ChartCard } from '../../charts/ChartCard';
import { MetricValue } from '../../primitives/MetricValue';
import { useInLesson } from '../LessonView';
import { type LineOf, latest, useChartView, useLines } from '../useChartView';
import styles from './Translate.module.css';

const MATCHES: readonly LineOf[] = [
  { id: 'translator/exactMatch', label: 'as it is', tone: 'good', raw: true },
  { id: 'translator/exactMatchCut', label: 'cross-attention cut', tone: 'bad', raw: true, dashed: true },
];
const MATCH = MATCHES.slice(0, 1);
const LOSS: readonly LineOf[] = [{ id: 'translator/loss', label: 'loss', tone: 'policy' }];

/** Held-out exact match, as it is and with cross-attention cut, and the loss. */
export function Curves() {
  const points = useTranslation((state) => state.points);
  const totalSteps = useTranslation((state) => state.totalSteps);
  const heldOut = useTranslation((state) => state.shape?.heldOut ?? 0);
  const crossAttention = useTranslation((state) => state.crossAttention);
  const inLesson = useInLesson();
  const withCut = !inLesson || !crossAttention; // a lesson asks what the cut costs before it shows it
  const view = { ...useChartView(), logAxis: false, xAxis: 'step' } as const;
  const [matches, losses] = [useLines(points, withCut ? MATCHES : MATCH), useLines(points, LOSS)];
  const asItIs = <MetricValue id="translator/exactMatch" value={latest(points, 'translator/exactMatch')} />;
  const whenCut = <MetricValue id="translator/exactMatchCut" value={latest(points, 'translator/exactMatchCut')} />;
  const loss = latest(points, 'translator/loss');
  return (
    <>
      <ChartCard
        metric="translator/exactMatch"
        note={`${heldOut} sentences`}
        value={crossAttention ? asItIs : whenCut}
        {...(withCut && { numbers: ['translator/exactMatchCut'] })}
        valueTone={crossAttention ? 'good' : 'bad'}
        bare
        series={matches}
        view={view}
        range={[0, 1]}
        totalSteps={totalSteps}
        className={styles.matches ?? ''}
      >
        {withCut && (
          <p className={styles.cutValue}>
            {crossAttention ? <>with cross-attention cut {whenCut}</> : <>as it is {asItIs}</>}
          </p>
        )}
      </ChartCard>
      <ChartCard
        metric="translator/loss"
        value={<MetricValue id="translator/loss" value={loss} format={(value) => fixed(value, 3)} />}
        series={losses}
        view={view}
        totalSteps={totalSteps}
        className={styles.loss ?? ''}
      />
    </>
  );
}
