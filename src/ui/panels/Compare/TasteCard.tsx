import { useMemo } from 'react';
import { evidenceOf } from '../../../contract/evidence';
import type { Ranking } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import { isTasteOutdated } from '../../../store/opinions/tasteDue';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { glued } from '../../primitives/glued';
import { WorkProgress } from '../WorkProgress';
import { missingTaste } from './missingTaste';
import { fromWhom, pairCounts, whoLikes } from './pairCounts';
import { ruleWords } from './ruleWords';
import styles from './side.module.css';
import { byStrength, WeightBars } from './WeightBars';

const SHOWN = 3;

interface TasteCardProps {
  opinions: readonly Ranking[];
  usable: number;
  /** whether texts can be measured */
  measured: boolean;
  onReview: () => void;
}

/**
 * The three strongest weights of the rule that fits the votes so far, whose votes they are, what the rule does, and the
 * way to all of it.
 */
export function TasteCard({ opinions, usable, measured, onReview }: TasteCardProps) {
  const { result, busy, useRule, answered, error } = useLab((state) => state.taste);
  const outdated = useLab(isTasteOutdated);
  const ruleLabels = useLab((state) => state.config.value.reward.ruleLabels);
  const pairs = useMemo(() => pairCounts(opinions, 0), [opinions]);
  const cancelled = error?.code === 'work/cancelled';
  const missing = missingTaste(usable, measured);
  const rule = result?.kind === 'rule' ? result.rule : null;
  const strongest = rule ? byStrength(rule.weights).filter((weight) => !weight.vetoed) : [];
  return (
    <Card title={whoLikes(pairs)}>
      {missing && <p className={styles.hint}>{missing}</p>}
      {!missing && !rule && (
        <div className={styles.fitting}>
          <p className={styles.hint}>{result?.kind === 'missing' ? result.sentence : waitingWords(cancelled)}</p>
          <WorkProgress over kind="taste" label="Fitting the rule" />
        </div>
      )}
      {!missing && rule && (
        <div className={styles.rule} aria-busy={busy}>
          <div className={styles.fitting}>
            <p className={styles.apart}>
              <span>{outdated ? refitWords(cancelled) : fromWhom(pairs)}</span>
              <span aria-hidden="true"> · + liked, − disliked</span>
            </p>
            <WorkProgress over kind="taste" label="Fitting the rule" />
          </div>
          <WeightBars weights={strongest.slice(0, SHOWN)} compact />
          <p className={styles.hint}>
            {glued(ruleWords({ evidence: evidenceOf(result), useRule, answered, ruleLabels }))}
          </p>
          <Button onClick={onReview}>Review or veto the rule</Button>
        </div>
      )}
    </Card>
  );
}

const waitingWords = (cancelled: boolean): string =>
  cancelled ? 'You cancelled the look at your votes; the next vote begins another.' : 'Looking at your votes…';
const refitWords = (cancelled: boolean): string =>
  cancelled ? 'not fitted to the newest votes' : 'being fitted to the newest votes…';
