import { useMemo } from 'react';
import { useLab } from '../../../store/lab';
import { GoBack } from '../GoBack';
import { Diagnosis } from '../Health/Diagnosis';
import { RoundLine } from '../rounds/RoundLine';
import { ppoSentence } from './ppoSentence';
import { useRequirements, useRewardAccuracy } from './Requirements';

/** The line the stage ends in: how the run goes, and what to try. */
export function OptimiseVerdict({ className = '' }: { className?: string | undefined }) {
  const { state, spec, history, error } = useLab((lab) => lab.runs.ppo);
  const iterations = useLab((lab) => lab.config.value.ppo.iterations);
  const status = state?.status ?? 'idle';
  const totalSteps = state?.totalSteps ?? iterations;
  const message = state?.message ?? '';
  const { base, reward } = useRequirements();
  const ready = base !== null && reward !== null;
  const rewardAccuracy = useRewardAccuracy(spec);
  const verdict = useMemo(
    () =>
      ppoSentence({
        ready,
        status,
        points: history,
        totalSteps,
        message,
        error: error && { code: error.code, message: error.message },
        rewardAccuracy,
      }),
    [ready, status, history, totalSteps, message, error, rewardAccuracy],
  );
  return (
    <div className={className}>
      <Diagnosis {...verdict} />
      <GoBack kind="ppo" />
      <RoundLine kind="ppo" />
    </div>
  );
}
