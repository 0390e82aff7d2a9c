import { LABELS } from '../../../contract/labels';
import type { MetricPoint, RewardReview } from '../../../contract/observations';
import type { ChartLevel } from '../../charts/chartTypes';
import { LineChart } from '../../charts/LineChart';
import { Card } from '../../primitives/Card';
import { Explain } from '../../primitives/Explain';
import { MetricValue } from '../../primitives/MetricValue';
import { InNumbersButton } from '../InNumbersButton';
import { type LineOf, latest, useChartView, useLines } from '../useChartView';
import styles from './cards.module.css';
import { Formula } from './Mathematics';

const LINES: readonly LineOf[] = [{ id: 'reward/loss', label: 'loss', tone: 'reward' }];
const GUESSING: readonly ChartLevel[] = [{ value: Math.LN2, label: 'guessing, ln 2' }];

interface LossProps {
  history: readonly MetricPoint[];
  example: RewardReview['example'];
  totalSteps: number;
}

/** The loss as a formula, as that formula filled with the last batch's numbers, and as a curve. */
export function Loss({ history, example, totalSteps }: LossProps) {
  const view = useChartView();
  const series = useLines(history, LINES);
  return (
    <Card
      title="The mathematics"
      note={`raw scores; loss in ${LABELS['reward/loss'].unit}`}
      actions={<Explain metric="reward/loss" />}
      value={<MetricValue id="reward/loss" value={latest(history, 'reward/loss')} />}
      className={styles.grow}
    >
      <Formula example={example} />
      <InNumbersButton kind="reward" />
      {history.length > 0 && (
        <div className={styles.loss}>
          <LineChart label="Reward model loss" series={series} view={view} levels={GUESSING} totalSteps={totalSteps} />
        </div>
      )}
    </Card>
  );
}
