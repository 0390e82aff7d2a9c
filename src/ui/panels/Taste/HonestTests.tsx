import { useMemo, useState } from 'react';
import { countOf } from '../../../contract/numbers';
import type { RewardReview } from '../../../contract/observations';
import { votesIn } from '../../../contract/preferences';
import { counted, type Share } from '../../../contract/shares';
import type { Tally } from '../../../contract/taste';
import { type LengthUnit, lengthUnit } from '../../../contract/wordCount';
import { toReport } from '../../../store/context';
import { useLab, useLabStore } from '../../../store/lab';
import { habits } from '../../../store/opinions/habits';
import { voteOnOneLength } from '../../../store/taste/suchPairs';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { formatInterval, formatPart } from '../../primitives/format';
import styles from './HonestTests.module.css';

/** Three questions that voter and model could fail. */
export function HonestTests() {
  const opinions = useLab((state) => state.opinions.all);
  const review = useLab((state) => state.runs.reward.review?.review ?? null);
  const unit = useLab(({ corpus }) => lengthUnit(corpus.summary));
  const consistency = useMemo(() => habits(votesIn(opinions), unit)?.consistency ?? null, [opinions, unit]);
  const near = NEAR[unit];
  const shareOf = (tally: Tally | undefined): Share | null =>
    tally && tally.count > 0 ? counted(tally.right, tally.count) : null;
  const heldOut =
    review && review.heldOutPairs > 0
      ? counted(Math.round(review.accuracy * review.heldOutPairs), review.heldOutPairs)
      : null;
  return (
    <Card title="Three honest tests">
      <div className={styles.tests}>
        <Test title="Sides exchanged" metric="taste/swapped" share={consistency} none="No pair has come back yet.">
          {(share) =>
            `You chose the same text again when its side was changed (${formatInterval(share.share, share.count)}). The model cannot mind: it reads each text alone.`
          }
        </Test>
        <Test
          title="Held-out pairs"
          metric="taste/heldOut"
          share={heldOut}
          none="Train the reward model here, and pairs that it never saw are kept for this."
        >
          {(share) => `${seenWords(share)} that it never saw${byRuleWords(review)}.${longerWords(review?.longer)}`}
        </Test>
        <Test
          title="Of one length"
          metric="taste/sameLength"
          share={shareOf(review?.sameLength)}
          none={`No held-out pair has sides ${near}.`}
        >
          {(share) => `${seenWords(share)} that it never saw, ${near}. ${lengthWords(share)}`}
        </Test>
      </div>
      <OneLength />
    </Card>
  );
}

const NEAR: Record<LengthUnit, string> = {
  word: 'within one word of each other',
  character: 'within five characters of each other',
};

/** Votes between texts of one length are what tells taste from length. */
function OneLength() {
  const lab = useLabStore();
  const [state, setState] = useState<{ busy: boolean; trouble: string | null }>({ busy: false, trouble: null });
  const press = async () => {
    setState({ busy: true, trouble: null });
    const trouble = await voteOnOneLength(lab).catch((error) => toReport(error).message);
    setState({ busy: false, trouble });
  };
  return (
    <div className={styles.such}>
      <p className={styles.words} role="status">
        {state.trouble ?? 'Ten more votes between texts of one length tell taste from length.'}
      </p>
      <Button disabled={state.busy} onClick={() => void press()}>
        Vote on pairs of one length
      </Button>
    </div>
  );
}

const seenWords = (share: Share): string =>
  `${Math.round(share.share * share.count)} of ${countOf(share.count, 'pair')} (${formatInterval(share.share, share.count)})`;

/** the rule never wavers, so its pairs are easier than votes */
const byRuleWords = (review: RewardReview | null): string => {
  const { human = 0, simulated = 0, imported = 0, rule = 0 } = review?.pairs ?? {};
  return rule > human + simulated + imported ? ', most of them labelled by your rule' : '';
};

const longerWords = (longer: Tally | undefined): string =>
  longer && longer.count > 0 ? ` “The longer one wins” gets ${longer.right} of ${longer.count} right.` : '';

const lengthWords = ({ low }: Share): string =>
  low > 0.5 ? 'It is not length alone.' : 'Too few, or too close, to say that it is not length alone.';

interface TestProps {
  title: string;
  metric: string;
  share: Share | null;
  /** said where nothing was counted */
  none: string;
  children: (share: Share) => string;
}

function Test({ title, metric, share, none, children }: TestProps) {
  return (
    <section aria-label={title}>
      <p className={styles.share} data-metric={metric} data-value={share?.share}>
        {share ? formatPart(share.share, share.count) : '–'}
      </p>
      <h3>{title}</h3>
      <p className={styles.words}>{share ? children(share) : none}</p>
    </section>
  );
}
