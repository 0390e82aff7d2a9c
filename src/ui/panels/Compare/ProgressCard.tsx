import { levelsOf, VOTES_NEEDED } from '../../../contract/enough';
import { useLab } from '../../../store/lab';
import { mayHaveRule } from '../../../store/opinions/evidence';
import { roundNumber } from '../../../store/rounds/rounds';
import type { OpinionCounts } from '../../../store/state';
import { corpusWords } from '../../../store/text/corpusWords';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Progress } from '../../primitives/Progress';
import { BeginsFrom } from '../FineTune/BeginsFrom';
import { Elsewhere, Shown } from '../LessonView';
import { Measure } from './Measure';
import { progressSentence, rankingsSentence } from './progress';
import styles from './side.module.css';

interface ProgressCardProps {
  counts: OpinionCounts;
  onTrain: () => void;
  /** to the list of votes, below the pair */
  onList: () => void;
}

/**
 * How many votes there are, how many are still needed, and the ways on: to all of them, and to the reward model once it
 * can be trained.
 */
export function ProgressCard({ counts, onTrain, onList }: ProgressCardProps) {
  const round = useLab(roundNumber);
  const { ownText } = useLab((state) => corpusWords(state.corpus.summary));
  const asksPairs = useLab((state) => state.config.value.compare.task === 'pairs');
  const hasRule = useLab(mayHaveRule);
  const { start } = levelsOf(hasRule);
  const enough = counts.usable >= start;
  const canTrain = counts.usable + counts.simulated + counts.ranked.simulated.comparisons >= VOTES_NEEDED;
  const rankings = rankingsSentence(counts.ranked);
  return (
    <Card
      title="Your votes"
      value={
        <Measure id="votes/human" value={counts.human}>
          {counts.human}
        </Measure>
      }
    >
      <Progress label="Votes towards a good reward model" value={Math.min(counts.usable, start)} max={start} />
      <p className={styles.apart}>{barLabel(counts, start)}</p>
      <p className={styles.hint}>{progressSentence(counts.usable, { ownText, hasRule, canTrain })}</p>
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
      {rankings && (
        <p className={styles.apart}>
          <Measure id="rankings/human" value={counts.ranked.human.rankings}>
            {rankings}
          </Measure>
        </p>
      )}
      {round === 1 && <BeginsFrom what={asksPairs ? 'Both texts are written by' : 'All completions are written by'} />}
      {canTrain && (
        <Elsewhere>
          <Button kind={enough ? 'primary' : 'link'} onClick={onTrain}>
            Go to Reward model
          </Button>
        </Elsewhere>
      )}
      <Shown part="votes">
        <Button kind="link" onClick={onList}>
          Look at all votes ↓
        </Button>
      </Shown>
    </Card>
  );
}

/** What the bar counts: "5 of 24 that choose a side" */
function barLabel({ usable, imported, ranked }: OpinionCounts, start: number): string {
  const others = [
    imported + ranked.imported.rankings > 0 && 'imported ones',
    ranked.human.rankings > 0 && 'comparisons of rankings',
  ].filter(Boolean);
  const whose = others.length > 0 ? `, ${others.join(' and ')} too` : '';
  return usable <= start ? `${usable} of ${start} that choose a side${whose}` : `${usable} that choose a side${whose}`;
}
