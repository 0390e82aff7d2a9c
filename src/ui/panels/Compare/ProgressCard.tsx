import type { VoteCounts } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Progress } from '../../primitives/Progress';
import { Measure } from './Measure';
import { ENOUGH_VOTES, progressSentence } from './progress';
import styles from './side.module.css';

/** How many votes there are, how many are still needed, and the way on once there are enough. */
export function ProgressCard({ counts, onTrain }: { counts: VoteCounts; onTrain: () => void }) {
  const enough = counts.usable >= ENOUGH_VOTES;
  return (
    <Card
      title="Your votes"
      value={
        <Measure id="votes/human" value={counts.human}>
          {counts.human}
        </Measure>
      }
    >
      <Progress label="Votes towards a first reward model" value={Math.min(counts.usable, ENOUGH_VOTES)} max={ENOUGH_VOTES} />
      <p className={styles.hint}>{progressSentence(counts.usable, counts.human + counts.imported)}</p>
      <p className={styles.apart}>
        {counts.human} yours ·{' '}
        <Measure id="votes/simulated" value={counts.simulated}>
          {counts.simulated}
        </Measure>{' '}
        simulated ·{' '}
        <Measure id="votes/imported" value={counts.imported}>
          {counts.imported}
        </Measure>{' '}
        imported
      </p>
      {(enough || counts.simulated >= ENOUGH_VOTES) && (
        <Button kind={enough ? 'primary' : 'link'} onClick={onTrain}>
          Go to Reward model
        </Button>
      )}
    </Card>
  );
}
