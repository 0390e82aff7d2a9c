import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import styles from './side.module.css';
import { missingTaste } from './useTaste';
import { byStrength, isClear, WeightBars } from './WeightBars';

const SHOWN = 3;

/** The three strongest weights of the rule that fits the votes so far, and the way to all of it. */
export function TasteCard({ usable, ownText, onReview }: { usable: number; ownText: boolean; onReview: () => void }) {
  const { result, busy, useRule } = useLab((state) => state.taste);
  const missing = missingTaste(usable, ownText);
  const rule = result?.kind === 'rule' ? result.rule : null;
  const strongest = rule ? byStrength(rule.weights).filter((weight) => !weight.vetoed) : [];
  return (
    <Card
      title="You seem to like"
      actions={
        rule &&
        !missing && (
          <Button kind="link" className={styles.aside} onClick={onReview}>
            {useRule ? 'examples, veto' : 'vetoed: look again'}
          </Button>
        )
      }
    >
      {missing && <p className={styles.hint}>{missing}</p>}
      {!missing && !rule && <p className={styles.hint}>{result?.kind === 'missing' ? result.sentence : 'Looking at your votes…'}</p>}
      {!missing && rule && (
        <div aria-busy={busy}>
          {!strongest.some(isClear) && <p className={styles.hint}>Nothing clear yet: every interval still covers 0.</p>}
          <WeightBars weights={strongest.slice(0, SHOWN)} compact />
        </div>
      )}
    </Card>
  );
}
