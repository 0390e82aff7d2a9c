import { useMemo } from 'react';
import type { CheckpointInfo } from '../../../contract/domain';
import { useLab } from '../../../store/lab';
import { comparisonKey } from '../../../store/opinions/comparison';
import { stageStatus } from '../../../store/page/stageStatus';
import { Button } from '../../primitives/Button';
import { Say } from '../../primitives/Say';
import { BegunFrom } from '../BegunFrom';
import { GoBack } from '../GoBack';
import { Complaint } from '../Health/RunHealth';
import { LargeModel } from '../LargeModel';
import { useInLesson } from '../LessonView';
import { RoundLine } from '../rounds/RoundLine';
import { epochsOf } from './epochs';
import styles from './FineTune.module.css';
import { fineTuneSentence } from './fineTuneSentence';

/** The line the stage ends in, with the way on: to Compare, with or without what was learned here. */
export function FineTuneVerdict() {
  const { state, spec, history, error, busy } = useLab((lab) => lab.runs.finetune);
  const hasBase = useLab((lab) => lab.shelf.slots.baseId !== null);
  const demonstrations = useLab((lab) => lab.demonstrations.all.length);
  const planned = useLab((lab) => lab.config.value.finetune);
  const stale = useLab((lab) => stageStatus(lab, 'finetune') === 'stale');
  const tunedId = useLab((lab) => lab.shelf.slots.fineTunedId);
  const measured = useLab((lab) => lab.demonstrations.comparison);
  const key = useLab(comparisonKey);
  const epochs = useMemo(() => epochsOf(history), [history]);
  const config = spec?.kind === 'finetune' ? spec.config : planned;
  const { tone, lead, text } = fineTuneSentence({
    hasBase,
    demonstrations,
    status: state?.status ?? null,
    step: state?.step ?? 0,
    totalSteps: state?.totalSteps ?? 0,
    epochs,
    plannedEpochs: config.epochs,
    selectBy: config.selectBy,
    keptEpoch: history.at(-1)?.values['train/keptEpoch'] ?? null,
    history,
    comparison: measured?.key === key ? measured : null,
    inUse: tunedId !== null,
    stale,
    error,
    message: state?.message ?? '',
  });
  return (
    <div className={styles.verdict}>
      <Say tone={tone} lead={lead} className={styles.say}>
        {text}
      </Say>
      <BegunFrom kind="finetune" />
      <LargeModel kind="finetune" />
      <Complaint kind="finetune" />
      <GoBack kind="finetune" />
      <RoundLine kind="finetune" />
      {hasBase && (
        <WaysOn
          paused={state?.status === 'paused' && state.step > 0}
          off={busy !== null || state?.status === 'running'}
        />
      )}
    </div>
  );
}

/** To Compare with the model that is in use, and which one that is. */
function WaysOn({ paused, off }: { paused: boolean; off: boolean }) {
  const go = useLab((lab) => lab.view.go);
  const inLesson = useInLesson();
  const keep = useLab((lab) => lab.runs.keep);
  const setSlot = useLab((lab) => lab.shelf.setSlot);
  const tunedId = useLab((lab) => lab.shelf.slots.fineTunedId);
  const newest = useLab(({ shelf }) => {
    const ofBase = ({ kind, parents }: CheckpointInfo) =>
      kind === 'finetuned' && parents.includes(shelf.slots.baseId ?? '');
    return shelf.checkpoints.findLast(ofBase)?.checkpointId ?? null;
  });
  const takeModel = async () => {
    await keep('finetune');
    go('compare');
  };
  return (
    <div className={styles.ways}>
      {(paused || !inLesson) && (
        <Button onClick={paused ? takeModel : () => go('compare')} disabled={off}>
          {paused ? 'Use this model' : 'Go to Compare'} <span aria-hidden="true">→</span>
        </Button>
      )}
      {(tunedId ?? newest) !== null && (
        <Button
          kind="link"
          onClick={() => void setSlot('fineTunedId', tunedId === null ? newest : null)}
          disabled={off}
        >
          {tunedId === null ? 'Begin from the fine-tuned model' : 'Begin from the base model instead'}
        </Button>
      )}
    </div>
  );
}
