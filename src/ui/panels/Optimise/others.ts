import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { BestOfResult, MetricPoint, RunSpec } from '../../../contract/domain';
import { useLab } from '../../../store/lab';
import { rolloutTrail } from '../../../store/overoptimization';
import type { OtherTrail, TrailPoint } from '../../charts/TrailChart';

export type Method = 'ppo' | 'dpo' | 'bestOf';

/** The trail as every method measures it: exact distance, fresh texts for fixed prompts; the judges that there are. */
export function axisPoints(history: readonly MetricPoint[]): TrailPoint[] {
  return history.flatMap(({ step, values }) => {
    const { 'axis/kl': kl, 'axis/score': proxy = null, 'axis/gold': gold = null } = values;
    return kl === undefined || (proxy === null && gold === null) ? [] : [{ step, kl, proxy, gold }];
  });
}

/** Every N of best of N, from the policy that is sampled to the best of all. */
export const bestOfPoints = (result: BestOfResult | null): TrailPoint[] =>
  (result?.points ?? []).map(({ n, kl, score, gold }) => ({ step: n, kl, proxy: score.value, gold: gold?.value ?? null }));

/** PPO looks now and then with the measure all share; without such looks its own rollouts stand in. */
function ppoPoints(history: readonly MetricPoint[]): TrailPoint[] {
  const measured = axisPoints(history);
  return measured.length > 0 ? measured : rolloutTrail(history);
}

/** Trails share an axis when they begin at the same model and are judged by the same reward model and rater. */
const axisOf = (spec: RunSpec | null): string | null =>
  spec?.kind === 'ppo' || spec?.kind === 'dpo' || spec?.kind === 'bestOf' ? JSON.stringify([spec.baseId, spec.rewardId, spec.rater]) : null;

/** What the other methods reached from the same model under the same judges: trails for the chart of one of them. */
export function useOthers(method: Method): OtherTrail[] {
  const { ppo, dpo, bestOf } = useLab(useShallow(({ runs }) => ({ ppo: runs.ppo, dpo: runs.dpo, bestOf: runs.bestOf })));
  const axis = useLab(({ runs }) => axisOf(runs[method].spec));
  return useMemo(() => {
    const all: (OtherTrail & { id: Method; spec: RunSpec | null })[] = [
      { id: 'ppo', label: 'PPO', spec: ppo.spec, points: ppoPoints(ppo.history) },
      { id: 'dpo', label: 'DPO', spec: dpo.spec, points: axisPoints(dpo.history) },
      {
        id: 'bestOf',
        label: `best of ${bestOf.bestOf?.result.points.length ?? 0}`,
        spec: bestOf.spec,
        points: bestOfPoints(bestOf.bestOf?.result ?? null),
      },
    ];
    return all.filter(({ id, points, spec }) => id !== method && points.length > 0 && axisOf(spec) === axis);
  }, [method, axis, ppo.spec, ppo.history, dpo.spec, dpo.history, bestOf.spec, bestOf.bestOf]);
}
