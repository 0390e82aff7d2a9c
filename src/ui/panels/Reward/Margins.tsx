import { useState } from 'react';
import { plural } from '../../../contract/numbers';
import type { RewardReview } from '../../../contract/observations';
import { areFew } from '../../../store/runs/cases';
import { Histogram } from '../../charts/Histogram';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Explain } from '../../primitives/Explain';
import { formatPart, formatShare } from '../../primitives/format';
import buttons from '../choiceButtons.module.css';
import styles from './cards.module.css';
import { whoseVotes } from './whoseVotes';

const NONE: readonly number[] = [];

interface MarginsProps {
  review: RewardReview | null;
  /** the run is over, and its scores were brought to standard deviation 1 */
  normalised: boolean;
}

/** How far apart it puts the two sides of every pair: on pairs it never saw, or on those it learned from. */
export function Margins({ review, normalised }: MarginsProps) {
  const [heldOut, setHeldOut] = useState(true);
  const values = (heldOut ? review?.heldOutMargins : review?.margins) ?? NONE;
  return (
    <Card
      title="Margins"
      note="r(chosen) − r(rejected)"
      actions={<Explain metric="reward/margin" />}
      className={`${styles.grow} ${review ? styles.tall : ''}`}
    >
      {review && (
        <fieldset className={buttons.choices} aria-label="Pairs">
          <Button kind="quiet" aria-pressed={heldOut} onClick={() => setHeldOut(true)}>
            {`Held out · ${review.heldOutMargins.length}`}
          </Button>
          <Button kind="quiet" aria-pressed={!heldOut} onClick={() => setHeldOut(false)}>
            {`Training · ${review.margins.length}`}
          </Button>
        </fieldset>
      )}
      {values.length > 0 ? (
        <Histogram
          label="Margins"
          values={values}
          leftEnd="ranks them the other way"
          rightEnd={`agrees with ${whoseVotes(review)}`}
        />
      ) : (
        <p className={styles.hint}>
          One bar per band of margins: right of 0 it sides with the voter, left of 0 it does not.
        </p>
      )}
      {values.length > 0 && <p className={styles.hint}>{`${sentence(values, heldOut)} ${scale(normalised)}`}</p>}
    </Card>
  );
}

/** The same words as beside a scored text: the two can be compared once the run is over. */
const scale = (normalised: boolean): string =>
  normalised
    ? "1 is one standard deviation of the base model's texts, as in Score a text."
    : 'These are scores before normalising, which comes with the last step.';

/** "0 of 1 pair", "1 of 2 pairs", "93 % of the pairs" */
const partOf = (share: number, count: number): string =>
  areFew(count) ? `${formatPart(share, count)} ${plural(count, 'pair')}` : `${formatShare(share)} of the pairs`;

function sentence(values: readonly number[], heldOut: boolean): string {
  const right = values.filter((value) => value > 0).length / values.length;
  return `It sides with the voter in ${partOf(right, values.length)} ${heldOut ? 'it never saw' : 'it learned from'}.`;
}
