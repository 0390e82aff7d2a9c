import { useMemo } from 'react';
import type { MetricPoint, RewardReview } from '../../../contract/observations';
import type { Share } from '../../../store/state';
import type { ChartLevel } from '../../charts/chartTypes';
import { LineChart } from '../../charts/LineChart';
import { Card } from '../../primitives/Card';
import { Explain } from '../../primitives/Explain';
import { MetricValue } from '../../primitives/MetricValue';
import { type LineOf, latest, useChartView, useLines } from '../useChartView';
import styles from './cards.module.css';
import { ENOUGH_REPEATS, mostlyRule, mostlyYours } from './readiness';

const LINES: readonly LineOf[] = [
  { id: 'reward/accuracy', label: 'held out', tone: 'reward' },
  { id: 'reward/trainAccuracy', label: 'training', tone: 'ink-3', dashed: true },
];
const RANGE = [0.4, 1] as const;
const GUESSING: ChartLevel = { value: 0.5, label: 'guessing' };

interface AccuracyProps {
  history: readonly MetricPoint[];
  review: RewardReview | null;
  consistency: Share | null;
  totalSteps: number;
}

/** The hero: how often it sides with the voter on pairs it never saw, with the voter's own consistency as the ceiling. */
export function Accuracy({ history, review, consistency, totalSteps }: AccuracyProps) {
  const view = useChartView();
  const series = useLines(history, LINES);
  const levels = useMemo(() => levelsOf(consistency), [consistency]);
  const half = review && review.heldOutPairs > 0 ? (review.high - review.low) / 2 : null;
  return (
    <Card
      title="Held-out accuracy"
      note={note(review)}
      actions={<Explain metric="reward/accuracy" />}
      value={
        <>
          <MetricValue id="reward/accuracy" value={latest(history, 'reward/accuracy')} />
          {half !== null && <span className={styles.plus}>{` ± ${half.toFixed(2)}`}</span>}
        </>
      }
      valueTone="reward"
      className={`${styles.grow} ${styles.tall}`}
    >
      <LineChart label="Held-out accuracy" series={series} view={view} range={RANGE} levels={levels} totalSteps={totalSteps} />
      <p className={styles.hint}>{ceiling(consistency, review)}</p>
    </Card>
  );
}

const levelsOf = (consistency: Share | null): ChartLevel[] =>
  consistency && consistency.count >= ENOUGH_REPEATS && consistency.share >= RANGE[0]
    ? [GUESSING, { value: consistency.share, label: 'you against yourself' }]
    : [GUESSING];

const note = (review: RewardReview | null): string => {
  if (!review) return 'pairs it never saw';
  if (review.heldOutPairs === 0) return 'no pairs held out';
  return `${review.heldOutPairs} ${mostlyRule(review) ? 'pairs, most by rule' : 'pairs it never saw'}`;
};

/** The voter's own slips bound what can be learned from the voter; a rule makes none, and a simulated rater makes others. */
function ceiling(consistency: Share | null, review: RewardReview | null): string {
  if (!consistency)
    return 'Now and then Compare repeats a pair in secret: how often you agree with yourself will stand here as the ceiling.';
  const { share, count } = consistency;
  const same = Math.round(share * count);
  if (count < ENOUGH_REPEATS)
    return `You answered ${same} of ${count} secret repeat the same way: a few more, and your ceiling is drawn here.`;
  const agreed = `You agree with yourself ${share.toFixed(2)} of the time over ${count} repeats.`;
  if (review && mostlyRule(review)) return `${agreed} The rule never wavers, so it is easier to learn than you are.`;
  if (review && !mostlyYours(review)) return `${agreed} Most pairs here are a simulated rater's, so that is no ceiling.`;
  return `Your own consistency is ${share.toFixed(2)} over ${count} repeats: the best any model of you can do.`;
}
