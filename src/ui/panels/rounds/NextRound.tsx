import { useLab } from '../../../store/lab';
import { checkpointById } from '../../../store/models/inUse';
import { nextWriterId, roundNumber } from '../../../store/rounds/rounds';
import { Button } from '../../primitives/Button';
import styles from './rounds.module.css';

/**
 * The way into the next round, once there is a model that nobody has voted on.
 * @param short one sentence with a link in it, where there is little room
 */
export function NextRound({ short = false }: { short?: boolean }) {
  const next = useLab((lab) => checkpointById(lab, nextWriterId(lab))?.name ?? null);
  const round = useLab(roundNumber) + 1;
  const start = useLab((lab) => lab.rounds.start);
  if (next === null) return null;
  const button = (
    <Button kind={short ? 'link' : 'plain'} onClick={start}>
      Start round {round}
    </Button>
  );
  if (short)
    return (
      <p className={styles.line}>
        <span>
          {button}: vote on what <b>{next}</b> writes.
        </span>
      </p>
    );
  return (
    <div className={styles.line}>
      <p>
        Round {round}: vote on what <b>{next}</b> writes; the reward model then learns from all rounds, and the policy
        goes on from there.
      </p>
      {button}
    </div>
  );
}
