import { useMemo } from 'react';
import { inWords } from '../../../contract/limits';
import type { MetricPoint } from '../../../contract/observations';
import type { Share } from '../../../contract/shares';
import { HEALTH_RULES } from '../../../store/health';
import { useLab } from '../../../store/lab';
import { stageStatus } from '../../../store/page/stageStatus';
import { canHaveRule, ruleIsOff } from '../../../store/runs/runSpec';
import type { RunView } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { Say } from '../../primitives/Say';
import { BegunFrom } from '../BegunFrom';
import { pairsSentence } from '../Compare/pairCounts';
import { BeginsFrom } from '../FineTune/BeginsFrom';
import { GoBack } from '../GoBack';
import { Diagnosis } from '../Health/Diagnosis';
import { saidOf } from '../Health/verdict';
import { LargeModel } from '../LargeModel';
import { Elsewhere } from '../LessonView';
import { LearnsFromRounds } from './RoundAgreement';
import { type ReadinessPage, readiness, type Verdict } from './readiness';
import styles from './Standing.module.css';

interface StandingProps {
  run: RunView;
  blocked: string | null;
  ownText: boolean;
  consistency: Share | null;
  /** what the next run would learn from: "24 yours + 300 simulated + 600 by your rule" */
  pairs: string;
}

/** The one line this stage ends in: what it learns from, how good it is, what to do next. */
export function Standing({ run, blocked, ownText, consistency, pairs }: StandingProps) {
  const go = useLab((state) => state.view.go);
  const stale = useLab((state) => stageStatus(state, 'reward') === 'stale');
  const hasResult = useLab((state) => state.shelf.slots.rewardId !== null);
  const ruleRests = useLab(ruleIsOff);
  const canVeto = useLab(canHaveRule);
  const memorised = useMemo(() => byHeart(run.history, ruleRests), [run.history, ruleRests]);
  if (blocked && run.history.length === 0) return null;
  const { tone, lead, text } = standing(run, { ownText, canVeto }, consistency, stale ? pairs : null);
  return (
    <div className={styles.standing}>
      <Say tone={tone} lead={lead}>
        {text}
      </Say>
      {memorised && <Diagnosis {...memorised} />}
      <BegunFrom kind="reward" />
      <LargeModel kind="reward" />
      <GoBack kind="reward" />
      <p className={styles.pairs}>
        {run.review ? `Learned from ${pairsSentence(run.review.review.pairs)}.` : `It will learn from ${pairs}.`}
      </p>
      <LearnsFromRounds />
      <BeginsFrom what="It begins from" />
      {hasResult && tone === 'good' && (
        <Elsewhere>
          <Button kind="link" className={styles.next} onClick={() => go('optimise')}>
            Go to Optimise
          </Button>
        </Elsewhere>
      )}
    </div>
  );
}

/** pairs known far better than others, when anybody looked at both */
function byHeart(points: readonly MetricPoint[], ruleRests: boolean) {
  const finding = HEALTH_RULES.memorised({ points, rewardAccuracy: null, kind: 'reward', ruleRests });
  return finding && saidOf(finding);
}

type Spoken = Omit<Verdict, 'tone'> & { tone: Verdict['tone'] | 'bad' };

function standing(run: RunView, page: ReadinessPage, consistency: Share | null, nowFrom: string | null): Spoken {
  const { state, review, error, busy } = run;
  if (error) return { tone: 'bad', lead: 'It stopped:', text: error.message };
  if (busy === 'creating')
    return { tone: 'neutral', lead: 'Preparing.', text: 'Pairs are being labelled and split before the first step.' };
  if (state?.status === 'running')
    return {
      tone: 'neutral',
      lead: 'Training.',
      text: state.step > 0 ? state.message : 'The first numbers come in a moment.',
    };
  if (state?.status === 'paused' && state.step > 0) {
    const soFar = review ? ` So far: ${readiness(review.review, page, consistency).text}` : '';
    return {
      tone: 'neutral',
      lead: `Paused at step ${inWords(state.step)} of ${inWords(state.totalSteps)}.`,
      text: `Press Train to go on.${soFar}`,
    };
  }
  if (review && state && state.step > 0) {
    const verdict = readiness(review.review, page, consistency);
    if (state.status !== 'done')
      return { ...verdict, tone: 'neutral', lead: `So far, at step ${inWords(state.step)}:`, text: verdict.text };
    if (nowFrom)
      return {
        tone: 'warn',
        lead: 'Out of date:',
        text: `${page.canVeto ? 'votes, vetoes' : 'votes'} or the model changed since. Press Train to learn from ${nowFrom}.`,
      };
    return verdict;
  }
  return {
    tone: 'neutral',
    lead: 'Enough to start.',
    text: 'Press Train. The accuracy on pairs it never sees tells how far to trust it.',
  };
}
