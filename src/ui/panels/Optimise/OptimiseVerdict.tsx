import { useMemo } from 'react';
import { useLab } from '../../../store/lab';
import { Say } from '../../primitives/Say';
import { diagnose } from './diagnosis';

/** The line the stage ends in: how the run goes, and what to try. */
export function OptimiseVerdict({ className = '' }: { className?: string | undefined }) {
  const { state, history, error } = useLab((lab) => lab.runs.ppo);
  const klCoef = useLab((lab) => lab.config.value.ppo.klCoef);
  const status = state?.status ?? 'idle';
  const message = state?.message ?? '';
  const { tone, headline, text } = useMemo(
    () => diagnose({ status, points: history, klCoef, message, error: error && { code: error.code, message: error.message } }),
    [status, history, klCoef, message, error],
  );
  return (
    <Say tone={tone} lead={headline} className={className}>
      {text}
    </Say>
  );
}
