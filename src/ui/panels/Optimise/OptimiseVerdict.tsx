import { useMemo } from 'react';
import { useLab } from '../../../store/lab';
import { Say } from '../../primitives/Say';
import { GoBack } from '../GoBack';
import { diagnose } from './diagnosis';
import { useRequirements } from './Requirements';

/** The line the stage ends in: how the run goes, and what to try. */
export function OptimiseVerdict({ className = '' }: { className?: string | undefined }) {
  const { state, history, error } = useLab((lab) => lab.runs.ppo);
  const klCoef = useLab((lab) => lab.config.value.ppo.klCoef);
  const iterations = useLab((lab) => lab.config.value.ppo.iterations);
  const status = state?.status ?? 'idle';
  const totalSteps = state?.totalSteps ?? iterations;
  const message = state?.message ?? '';
  const { base, reward } = useRequirements();
  const ready = base !== null && reward !== null;
  const { tone, headline, text } = useMemo(
    () =>
      diagnose({
        ready,
        status,
        points: history,
        klCoef,
        totalSteps,
        message,
        error: error && { code: error.code, message: error.message },
      }),
    [ready, status, history, klCoef, totalSteps, message, error],
  );
  return (
    <div className={className}>
      <Say tone={tone} lead={headline}>
        {text}
      </Say>
      <GoBack kind="ppo" />
    </div>
  );
}
