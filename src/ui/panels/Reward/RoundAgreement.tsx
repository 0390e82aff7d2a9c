import { useMemo } from 'react';
import { countOf } from '../../../contract/numbers';
import type { RewardReview, RewardRound } from '../../../contract/observations';
import { useLab } from '../../../store/lab';
import { raterLabel } from '../../../store/opinions/raterLabel';
import { type RoundSummary, roundNumber, roundSummaries } from '../../../store/rounds/rounds';
import { Card } from '../../primitives/Card';
import { formatCounted } from '../../primitives/format';
import styles from '../rounds/rounds.module.css';

/**
 * How it stands with each round of votes: a model that learned from one policy's texts is a stranger to the next one's.
 */
export function RoundAgreement({ review }: { review: RewardReview | null }) {
  const spec = useLab((state) => state.runs.reward.spec);
  const rater = spec?.kind === 'reward' && spec.rater ? `gold (${raterLabel(spec.rater)})` : 'gold';
  if (!review?.byRound) return null;
  const withGold = review.byRound.some(({ gold }) => gold !== null);
  return (
    <Card title="Agreement by round" note="on held-out pairs, with the 95 % interval">
      <table className={styles.table} aria-label="Agreement by round">
        <thead>
          <tr>
            {['round', 'held out', 'with the votes', ...(withGold ? [`with ${rater}`] : [])].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {review.byRound.map((one) => (
            <Row key={one.round} {...one} withGold={withGold} />
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Row({ round, pairs, heldOutPairs, accuracy, gold, goldPairs, withGold }: RewardRound & { withGold: boolean }) {
  return (
    <tr>
      <th scope="row">Round {round}</th>
      <td>{`${heldOutPairs} of ${countOf(pairs, 'pair')}`}</td>
      <td data-metric={`reward/round${round}`} data-value={accuracy ?? undefined}>
        {accuracy === null ? '–' : formatCounted(accuracy, heldOutPairs)}
      </td>
      {withGold && <td>{gold === null ? '–' : formatCounted(gold, goldPairs)}</td>}
    </tr>
  );
}

const roundWords = ({ round, human, simulated, imported, rankings }: RoundSummary): string => {
  const votes = human + simulated + imported;
  const ranked = rankings > 0 ? ` and ${countOf(rankings, 'ranking')}` : '';
  return `${countOf(votes, 'vote')}${ranked} of round ${round}`;
};

const agreed = ({ round, accuracy, heldOutPairs }: RewardRound): string =>
  accuracy === null ? `none held out of round ${round}` : `round ${round} ${formatCounted(accuracy, heldOutPairs)}`;

/** That it learns from every round, how much from each, and how well it knows them; nothing in the first. */
export function LearnsFromRounds() {
  const byRound = useLab((state) => state.runs.reward.review?.review.byRound);
  const opinions = useLab((state) => state.opinions.all);
  const round = useLab(roundNumber);
  const rows = useMemo(() => roundSummaries(opinions, round), [opinions, round]);
  if (rows.length < 2) return null;
  const last = rows.at(-1)!;
  const empty = last.human + last.simulated + last.imported + last.rankings === 0;
  return (
    <p className={styles.line}>
      {empty
        ? `Nobody has voted in round ${last.round} yet.`
        : `It learns from all rounds: ${rows.map(roundWords).join(', ')}.`}{' '}
      {byRound && `Held-out pairs it has right: ${byRound.map(agreed).join(', ')}.`}
    </p>
  );
}
