import { useMemo } from 'react';
import { maxOf } from '../../../contract/many';
import type { LearnedTaste } from '../../../contract/taste';
import { lengthUnit } from '../../../contract/wordCount';
import { useLab } from '../../../store/lab';
import { longerOne } from '../../../store/opinions/longerOne';
import { Card } from '../../primitives/Card';
import { formatSigned } from '../../primitives/format';
import { IntervalBar } from '../../primitives/IntervalBar';
import { Say } from '../../primitives/Say';
import { longerSentence } from '../Compare/longerWords';
import { pairsSentence } from '../Compare/pairCounts';
import styles from './Liked.module.css';
import { isOdd, type LikedRow, likedRows, likedSentence, MATCH_WORDS } from './likedWords';

/** The sentence first, then the bars that it was read off. */
export function Liked({ taste }: { taste: LearnedTaste }) {
  const trained = useLab((state) => state.runs.reward.review?.review.pairs);
  const rows = likedRows(taste);
  return (
    <Card title="What your model learned to like" note={trained && `from ${pairsSentence(trained)}`}>
      {rows.length === 0 ? (
        <p className={styles.note}>
          The attributes of your own text cannot be computed, so what it likes has no names here, until you say what a
          rater of your own should look at. The tests beside this hold for any text.
        </p>
      ) : (
        <>
          <p className={styles.lead} data-metric="taste/sentence">
            {likedSentence(rows).map((piece) =>
              typeof piece === 'string' ? piece : <b key={piece.strong}>{piece.strong}</b>,
            )}
          </p>
          <Bars rows={rows} />
          <p className={styles.note}>
            First bar: how much one standard deviation more of it moves a vote; second: the score of {taste.texts}{' '}
            texts. Thin line: 95&nbsp;%. Pale: the line crosses 0, so nothing is claimed. Hatched: less of it is liked.
          </p>
          {taste.voted.kind === 'missing' && <p className={styles.note}>{taste.voted.sentence}</p>}
          <WhyLonger rows={rows} />
        </>
      )}
    </Card>
  );
}

function Bars({ rows }: { rows: readonly LikedRow[] }) {
  const all = rows.flatMap(({ learned, voted }) => (voted ? [learned, voted] : [learned]));
  const reach = maxOf(
    all.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]),
    0.5,
  );
  return (
    <table className={styles.bars} aria-label="What was voted and what was learned">
      <thead>
        <tr>
          <td />
          <th scope="col">
            <i className={`${styles.key} ${styles.voted}`} aria-hidden="true" /> what was voted
          </th>
          <th scope="col">
            <i className={`${styles.key} ${styles.learned}`} aria-hidden="true" /> what it learned
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ learned, voted, match }) => (
          <tr key={learned.attribute} className={isOdd(match) ? styles.odd : ''}>
            <th scope="row">
              <b className={styles.name}>{learned.label}</b>
              <span className={styles.match}>{MATCH_WORDS[match]}</span>
            </th>
            <td>{voted ? <Bar weight={voted} reach={reach} colour="var(--chosen)" /> : '–'}</td>
            <td data-metric={`taste/learned/${learned.attribute}`} data-value={learned.weight}>
              <Bar weight={learned} reach={reach} colour="var(--reward)" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface BarProps {
  weight: { weight: number; low: number; high: number };
  reach: number;
  colour: string;
}

function Bar({ weight: shown, reach, colour }: BarProps) {
  const { weight, low, high } = shown;
  return (
    <span className={styles.bar}>
      <IntervalBar weight={shown} reach={reach} colour={colour} />
      <span className={styles.value}>
        {formatSigned(weight)}
        <span className="visually-hidden">{`, 95 % interval ${formatSigned(low)} to ${formatSigned(high)}`}</span>
      </span>
    </span>
  );
}

/** Length is what a judge learns first where the votes leave it open. */
function WhyLonger({ rows }: { rows: readonly LikedRow[] }) {
  const opinions = useLab((state) => state.opinions.all);
  const unit = useLab(({ corpus }) => lengthUnit(corpus.summary));
  const isPuzzling = rows.some(({ learned, match }) => learned.attribute === 'length' && isOdd(match));
  const longer = useMemo(() => longerOne(opinions, unit), [opinions, unit]);
  if (!isPuzzling || longer.count === 0) return null;
  return (
    <Say tone="warn" lead="Why length?">
      {longerSentence(longer)} Votes between texts of one length would tell length and taste apart.
    </Say>
  );
}
