import { useEffect } from 'react';
import { useLab } from '../../../store/lab';
import { lookedAt, useLearned } from '../../../store/taste/learned';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { EmptyState } from '../../primitives/EmptyState';
import { Progress } from '../../primitives/Progress';
import { Say } from '../../primitives/Say';
import { Stage } from '../../primitives/Stage';
import { ComesBack, useComesBack } from '../ComesBack';
import { Contrasts } from './Contrasts';
import { HonestTests } from './HonestTests';
import { Liked } from './Liked';
import styles from './Taste.module.css';

/** What the reward model learned to like, beside what the votes asked for, and tests that it could fail. */
export function Taste() {
  const key = useLab(lookedAt);
  const look = useLearned((state) => state.look);
  const taste = useLearned((state) => state.taste);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another model, or other votes
  useEffect(() => void look(), [look, key]);
  return (
    <Stage heading="Taste" showHeading className={styles.page}>
      {key === null ? (
        <NothingYet />
      ) : (
        <div className={styles.columns}>
          <div className={styles.column}>
            {taste && <Liked taste={taste} />}
            <Looking />
          </div>
          <div className={styles.column}>
            <HonestTests />
            <Contrasts contrasts={taste?.contrasts ?? []} />
          </div>
        </div>
      )}
    </Stage>
  );
}

/** How far the look is, or why there is none. */
function Looking() {
  const working = useLearned((state) => state.working);
  const trouble = useLearned((state) => state.trouble);
  const cancel = useLearned((state) => state.cancel);
  const look = useLearned((state) => state.look);
  if (trouble !== null)
    return (
      <div className={styles.looking} role="alert">
        <Say tone="warn" lead="Nothing to see.">
          {trouble}
        </Say>
        <Button onClick={() => void look()}>Look again</Button>
      </div>
    );
  if (!working) return null;
  return (
    <div className={styles.looking} role="status">
      <p>It writes texts and scores them…</p>
      <Progress label={working.label} value={working.done} max={Math.max(1, working.total)} />
      <Button onClick={cancel}>Cancel</Button>
    </div>
  );
}

function NothingYet() {
  const go = useLab((state) => state.view.go);
  const comesBack = useComesBack();
  return (
    <Card title="What your model learned to like">
      {comesBack ? (
        <ComesBack />
      ) : (
        <EmptyState
          title="No reward model yet"
          action={<Button onClick={() => go('reward')}>Go to Reward model</Button>}
        >
          Train a reward model on some votes. Then this page shows what it likes, whether your votes asked for it, and
          what a single changed word does to its score.
        </EmptyState>
      )}
    </Card>
  );
}
