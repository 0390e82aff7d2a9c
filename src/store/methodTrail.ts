import type { BestOfResult, MetricPoint, RunKind, RunSpec } from '../contract/domain';
import { rolloutTrail } from './overoptimization';
import type { RunView } from './state';

/** A place on the axis that all methods share: how far, what the reward model pays, what the gold rater says. */
export interface AxisPoint {
  /** iteration, step, or N */
  step: number;
  /** nats per completion from the reference */
  kl: number;
  /** null when there was no reward model */
  proxy: number | null;
  /** null where the grammar cannot compute it */
  gold: number | null;
}

export const METHODS = ['ppo', 'dpo', 'bestOf'] as const satisfies readonly RunKind[];
export type Method = (typeof METHODS)[number];
export const isMethod = (kind: RunKind): kind is Method => (METHODS as readonly RunKind[]).includes(kind);

/** The trail as every method measures it: exact distance, fresh texts for fixed prompts; the judges that there are. */
export function axisPoints(history: readonly MetricPoint[]): AxisPoint[] {
  return history.flatMap(({ step, values }) => {
    const { 'axis/kl': kl, 'axis/score': proxy = null, 'axis/gold': gold = null } = values;
    return kl === undefined || (proxy === null && gold === null) ? [] : [{ step, kl, proxy, gold }];
  });
}

/** Every N of best of N, from the policy that is sampled to the best of all. */
export const bestOfPoints = (result: BestOfResult | null): AxisPoint[] =>
  (result?.points ?? []).map(({ n, kl, score, gold }) => ({ step: n, kl, proxy: score.value, gold: gold?.value ?? null }));

/** @returns a run's way along the axis; PPO's own rollouts stand in until it has looked with the measure all share */
export function methodTrail(method: Method, { history, bestOf }: Pick<RunView, 'history' | 'bestOf'>): AxisPoint[] {
  if (method === 'bestOf') return bestOfPoints(bestOf?.result ?? null);
  const measured = axisPoints(history);
  return measured.length > 0 || method === 'dpo' ? measured : rolloutTrail(history);
}

/** Trails share an axis when they begin at the same model and are judged by the same reward model and rater; null for other runs. */
export const axisOf = (spec: RunSpec | null): string | null =>
  spec?.kind === 'ppo' || spec?.kind === 'dpo' || spec?.kind === 'bestOf' ? JSON.stringify([spec.baseId, spec.rewardId, spec.rater]) : null;
