import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { RunState } from '../../../contract/protocol';
import { asksModel } from '../../../contract/settings/whichReward';
import { useLab } from '../../../store/lab';
import { ruleIsOff } from '../../../store/runs/runSpec';
import { usePaced } from '../../charts/usePaced';
import { BegunFrom } from '../BegunFrom';
import { GoBack } from '../GoBack';
import { Diagnosis } from '../Health/Diagnosis';
import { LargeModel } from '../LargeModel';
import { RoundLine } from '../rounds/RoundLine';
import { useGoldOf } from '../useGoldStanding';
import { ppoSentence } from './ppoSentence';
import { usePayment, useRequirements, useRewardAccuracy } from './Requirements';
import { payerOf } from './rewardWords';

const stands = ({ status }: RunState): boolean => status === 'failed' || status === 'stopped' || status === 'paused';

/** The line the stage ends in: how the run goes, and what to try. */
export function OptimiseVerdict({ className = '' }: { className?: string | undefined }) {
  const { status, message, totalSteps, error } = useLab(
    useShallow(({ runs: { ppo }, config }) => ({
      status: ppo.state?.status ?? 'idle',
      // while it runs it names every phase, which nobody reads here
      message: ppo.state && stands(ppo.state) ? ppo.state.message : '',
      totalSteps: ppo.state?.totalSteps ?? config.value.ppo.iterations,
      error: ppo.error,
    })),
  );
  const history = usePaced(useLab((lab) => lab.runs.ppo.history));
  const { base, reward } = useRequirements();
  const payment = usePayment('ppo');
  const byRule = !asksModel(payment);
  const ready = base !== null && (reward !== null || byRule);
  const payer = payerOf(payment);
  const rewardAccuracy = useRewardAccuracy('ppo');
  const ruleRests = useLab(ruleIsOff);
  const targetKl = useLab(({ runs, config }) => {
    const { spec } = runs.ppo;
    const ppo = spec?.kind === 'ppo' ? spec.config : config.value.ppo;
    return ppo.klControl === 'adaptive' ? ppo.klTarget : null;
  });
  const gold = useGoldOf('ppo');
  const verdict = useMemo(
    () =>
      ppoSentence({
        ready,
        payer,
        byRule,
        targetKl,
        status,
        points: history,
        totalSteps,
        message,
        error: error && { code: error.code, message: error.message },
        rewardAccuracy,
        ruleRests,
        gold,
      }),
    [ready, payer, byRule, targetKl, status, history, totalSteps, message, error, rewardAccuracy, ruleRests, gold],
  );
  return (
    <div className={className}>
      <Diagnosis {...verdict} />
      <BegunFrom kind="ppo" />
      <LargeModel kind="ppo" />
      <GoBack kind="ppo" />
      <RoundLine kind="ppo" />
    </div>
  );
}
