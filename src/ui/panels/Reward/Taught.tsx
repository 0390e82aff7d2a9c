import { useShallow } from 'zustand/react/shallow';
import type { TasteResult } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { missingTaste } from '../Compare/missingTaste';
import { byStrength, WeightBars } from '../Compare/WeightBars';
import { Elsewhere } from '../LessonView';
import styles from './cards.module.css';

const SHOWN = 4;

interface TaughtProps {
  result: TasteResult | null;
  usable: number;
  /** whether texts can be measured */
  measured: boolean;
}

/** What the votes say about their voter, as weights: the short version of what the reward model is asked to learn. */
export function Taught({ result, usable, measured }: TaughtProps) {
  const go = useLab((state) => state.view.go);
  const { useRule, answered } = useLab(
    useShallow(({ taste }) => ({ useRule: taste.useRule, answered: taste.answered })),
  );
  const hasJudge = useLab((state) => state.shelf.slots.rewardId !== null);
  const missing = missingTaste(usable, measured);
  const rule = !missing && result?.kind === 'rule' ? result.rule : null;
  return (
    <Card
      title="What you taught it"
      note={rule ? 'weight ± 95 %' : undefined}
      actions={
        <Elsewhere>
          {rule && (
            <Button kind="link" className={styles.aside} onClick={() => go('compare')}>
              {wayBack(useRule, answered)}
            </Button>
          )}
          {hasJudge && (
            <Button kind="link" className={styles.aside} onClick={() => go('taste')}>
              what it learned
            </Button>
          )}
        </Elsewhere>
      }
    >
      {rule ? (
        <WeightBars weights={byStrength(rule.weights).slice(0, SHOWN)} />
      ) : (
        <p className={styles.hint}>
          {missing ?? (result?.kind === 'missing' ? result.sentence : 'Looking at your votes…')}
        </p>
      )}
    </Card>
  );
}

/**
 * What the rule does now, on the way to where it can be changed: off by the visitor's word, or because nothing leans.
 */
function wayBack(useRule: boolean, answered: boolean): string {
  if (useRule) return 'examples, veto';
  return answered ? 'switched off: look again' : 'off: nothing is clear';
}
