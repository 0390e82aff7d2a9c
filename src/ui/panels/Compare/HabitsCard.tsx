import { countOf } from '../../../contract/numbers';
import type { Share } from '../../../contract/shares';
import type { Habits } from '../../../store/state';
import { Card } from '../../primitives/Card';
import { Explain } from '../../primitives/Explain';
import { formatCounted, formatInterval, formatPart } from '../../primitives/format';
import { longerSentence } from './longerWords';
import { Measure } from './Measure';
import styles from './side.module.css';

/** Ways to vote that say more about the voter than about the texts: shown to the visitor, never held against them. */
export function HabitsCard({ habits, votes }: { habits: Habits; votes: number }) {
  const { left, longer, consistency, secondsPerVote } = habits;
  return (
    <Card
      title="Your habits"
      note={`after ${countOf(votes, 'vote')}`}
      actions={
        <Explain title="Your habits">
          <p>
            Sides are drawn by lot, so a fair voter is near one half on the left. The thin line is the 95&nbsp;%
            interval: with few votes it is wide.
          </p>
          <p>
            Now and then a pair comes back with its sides swapped. If you choose what you mean in a share p of votes,
            and slips are independent, both answers agree in p² + (1 − p)² of the pairs: 3 of 4 means p = 0.85, and a
            perfect model of you would side with that share of your single votes.
          </p>
        </Explain>
      }
    >
      <div className={styles.twoShares}>
        <ShareRow id="votes/left" label="Left side" share={left} />
        <ShareRow id="votes/longer" label="Longer text" share={longer} />
      </div>
      {longer.count > 0 && <p className={styles.hint}>{longerSentence(longer)}</p>}
      <p className={styles.row}>
        Same answer twice
        <Measure id="votes/consistency" value={consistency ? consistency.share : null}>
          {consistency ? formatCounted(consistency.share, consistency.count) : 'no repeat yet'}
        </Measure>
      </p>
      <p className={styles.row}>
        Seconds a vote
        <Measure id="votes/seconds" value={secondsPerVote}>
          {secondsPerVote.toFixed(1)}
        </Measure>
      </p>
    </Card>
  );
}

/**
 * A share with its interval. Clearly away from one half is marked: such a habit is what the reward model will learn
 * first.
 */
function ShareRow({ id, label, share }: { id: string; label: string; share: Share }) {
  const measured = share.count > 0;
  const clear = measured && (share.low > 0.5 || share.high < 0.5);
  return (
    <div>
      <p className={styles.row}>
        {label}
        <Measure id={id} value={measured ? share.share : null}>
          {measured ? formatPart(share.share, share.count) : '–'}
        </Measure>
      </p>
      <span className={styles.track} aria-hidden="true">
        <b style={{ width: formatCss(share.share), background: clear ? 'var(--warn)' : 'var(--ink-3)' }} />
        {measured && <i style={{ left: formatCss(share.low), width: formatCss(share.high - share.low) }} />}
        <u />
      </span>
      {measured && (
        <p className={styles.interval}>{`${clear ? 'clearly ' : ''}${formatInterval(share.share, share.count)}`}</p>
      )}
    </div>
  );
}

const formatCss = (share: number): string => `${(100 * share).toFixed(1)}%`;
