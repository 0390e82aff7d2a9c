import { useShallow } from 'zustand/react/shallow';
import { useLab } from '../../../store/lab';
import { checkpointById } from '../../../store/models/inUse';
import { wordsOfRun } from '../../../store/text/corpusWords';
import { Button } from '../../primitives/Button';
import { Say } from '../../primitives/Say';
import { BegunFrom } from '../BegunFrom';
import { GoBack } from '../GoBack';
import { Complaint } from '../Health/RunHealth';
import { useInLesson } from '../LessonView';
import styles from './PretrainVerdict.module.css';
import { pretrainSentence } from './pretrainSentence';

/** The line the stage ends in, with the way on: to Compare, with the model as it stands. */
export function PretrainVerdict({ className = '' }: { className?: string | undefined }) {
  const { state, spec, history, error, busy } = useLab((lab) => lab.runs.pretrain);
  const facts = useLab(
    useShallow((lab) => ({
      words: wordsOfRun(lab),
      vocabSize: lab.corpus.summary?.vocabSize,
      secondsPerStep: lab.config.estimate?.secondsPerStep ?? null,
      steps: lab.config.value.pretrain.steps,
      base: checkpointById(lab, lab.shelf.slots.baseId) ?? null,
    })),
  );
  const keep = useLab((lab) => lab.runs.keep);
  const go = useLab((lab) => lab.view.go);
  const status = state?.status ?? null;
  const step = state?.step ?? 0;
  const { tone, lead, text } = pretrainSentence({
    ...facts,
    vocabSize: spec?.kind === 'pretrain' ? spec.model.vocabSize : (facts.vocabSize ?? 0),
    status,
    step,
    totalSteps: state?.totalSteps ?? facts.steps,
    history,
    error,
    message: state?.message ?? '',
    estimateMs: facts.secondsPerStep === null ? null : 1000 * facts.secondsPerStep * facts.steps,
  });
  const takeModel = async () => {
    if (status !== 'done') await keep('pretrain');
    go('compare');
  };
  const isThere = status === 'done' || step === 0;
  const inLesson = useInLesson();
  const hasModel = status === 'done' || step > 0 || facts.base !== null;
  return (
    <div className={`${styles.verdict} ${className}`}>
      <div className={styles.words}>
        <Say tone={tone} lead={lead} className={styles.say}>
          {text}
        </Say>
        <BegunFrom kind="pretrain" />
      </div>
      <Complaint kind="pretrain" />
      <GoBack kind="pretrain" />
      {hasModel && status !== 'failed' && !(isThere && inLesson) && (
        <Button onClick={step > 0 ? takeModel : () => go('compare')} disabled={busy !== null}>
          {isThere ? 'Go to Compare' : 'Use this model'} <span aria-hidden="true">→</span>
        </Button>
      )}
    </div>
  );
}
