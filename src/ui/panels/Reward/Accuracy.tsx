import { useMemo } from 'react';
import { fixed, plural } from '../../../contract/numbers';
import type { MetricPoint, RewardReview } from '../../../contract/observations';
import { intended, type Share } from '../../../contract/shares';
import type { ChartLevel } from '../../charts/chartTypes';
import { LineChart } from '../../charts/LineChart';
import { Card } from '../../primitives/Card';
import { Explain } from '../../primitives/Explain';
import { formatCounted } from '../../primitives/format';
import { ShareValue } from '../../primitives/ShareValue';
import { longerAgainst } from '../Compare/longerWords';
import { type LineOf, latest, useChartView, useLines } from '../useChartView';
import styles from './cards.module.css';
import { ENOUGH_REPEATS, isFew, mostlyRule, mostlyYours } from './readiness';

const HELD_OUT: LineOf = { id: 'reward/accuracy', label: 'held out', tone: 'reward' };
const TRAINING: LineOf = { id: 'reward/trainAccuracy', label: 'training', tone: 'ink-3', dashed: true };
const BOTH = [HELD_OUT, TRAINING] as const;
const RANGE = [0.4, 1] as const;
const GUESSING: ChartLevel = { value: 0.5, label: 'guessing' };

interface AccuracyProps {
  history: readonly MetricPoint[];
  review: RewardReview | null;
  consistency: Share | null;
  /** what "the longer one" would have won of the visitor's own choices */
  longer: Share;
  totalSteps: number;
}

/**
 * The hero: how often it sides with the voter on pairs it never saw, and how often a perfect judge of that voter would.
 */
export function Accuracy({ history, review, consistency, longer, totalSteps }: AccuracyProps) {
  const few = review !== null && isFew(review);
  const againstLength = longerAgainst(longer, review);
  const half = review && !few ? (review.high - review.low) / 2 : null;
  return (
    <Card
      title="Held-out accuracy"
      note={note(review)}
      actions={<Explain metric="reward/accuracy" />}
      value={
        <>
          <ShareValue id="reward/accuracy" value={latest(history, 'reward/accuracy')} count={review?.heldOutPairs} />
          {half !== null && <span className={styles.plus}>{` ± ${fixed(half, 2)}`}</span>}
        </>
      }
      valueTone="reward"
      className={`${styles.grow} ${styles.tall} ${againstLength ? styles.longer : ''}`}
    >
      <AccuracyChart history={history} review={review} consistency={consistency} totalSteps={totalSteps} />
      <p className={styles.hint}>{ownSlips(consistency, review)}</p>
      {againstLength && <p className={styles.hint}>{againstLength}</p>}
    </Card>
  );
}

/** The curve alone, between guessing and a perfect judge of the voter. */
export function AccuracyChart({ history, review, consistency, totalSteps }: Omit<AccuracyProps, 'longer'>) {
  const view = useChartView();
  const few = review !== null && isFew(review);
  const series = useLines(history, few ? TRAINING_ALONE : BOTH);
  const perfect = useMemo(() => perfectJudge(consistency), [consistency]);
  return (
    <LineChart
      label="Held-out accuracy"
      series={series}
      view={view}
      range={RANGE}
      levels={perfect ? perfect.levels : GUESSING_ALONE}
      band={perfect?.band}
      totalSteps={totalSteps}
      legend
    />
  );
}

const TRAINING_ALONE = [TRAINING] as const;
const GUESSING_ALONE: readonly ChartLevel[] = [GUESSING];

/** the level that a perfect judge would reach, tinted as far as the repeats leave it open */
function perfectJudge(consistency: Share | null) {
  if (!consistency || consistency.count < ENOUGH_REPEATS) return null;
  const { share, low, high } = intended(consistency);
  return { levels: [GUESSING, { value: share, label: 'a perfect judge of you' }], band: [low, high] as const };
}

const note = (review: RewardReview | null): string => {
  if (!review) return 'pairs it never saw';
  if (review.heldOutPairs === 0) return 'no pairs held out';
  if (isFew(review)) return `${review.heldOutPairs} held out: too few for a curve`;
  return `${review.heldOutPairs} ${mostlyRule(review) ? 'pairs, most by rule' : 'pairs it never saw'}`;
};

/** What the voter's own slips leave to be learned; a rule makes none, and a simulated rater makes others. */
function ownSlips(consistency: Share | null, review: RewardReview | null): string {
  if (!consistency)
    return 'Now and then Compare repeats a pair in secret: from how often you agree with yourself follows how good a judge of your votes can be.';
  const { share, count } = consistency;
  const agreed = `You agreed with yourself in ${formatCounted(share, count, plural(count, 'repeat'))}.`;
  if (review && mostlyRule(review)) return `${agreed} The rule never wavers, so it is easier to learn than you are.`;
  if (review && !mostlyYours(review))
    return `${agreed} Most pairs here are a simulated rater's, whose slips are not yours.`;
  if (count < ENOUGH_REPEATS) return `${agreed} A few more, and what follows for a judge is drawn here.`;
  if (share <= 0.5) return `${agreed} That is no more than by chance, so no judge can foresee your single votes.`;
  const { share: p, low, high } = intended(consistency);
  return `${agreed} If slips are independent, you choose what you mean in about ${fixed(p, 2)} of votes (${fixed(low, 2)}–${fixed(high, 2)}): a perfect judge would side with your single votes that often.`;
}
