import type { Recipe, RunKind, RunSpec } from '../contract/domain';
import type { MetricId, MetricValues } from '../contract/metrics';
import type { BestOfPoint, BestOfResult, MetricPoint } from '../contract/observations';
import { rolloutTrail, smoothed, type TrailValue } from './overoptimization';

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

/** Those that both judges saw, as the search for a turning point wants them. */
export const completePoints = (points: readonly AxisPoint[]): TrailValue[] =>
  points.flatMap(({ step, kl, proxy, gold }) => (proxy === null || gold === null ? [] : [{ step, kl, proxy, gold }]));

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

/**
 * N takes the place of the step, so that every chart can draw it.
 * @param prompts so many winners every N has
 */
export const bestOfHistory = (points: readonly BestOfPoint[], prompts?: number): MetricPoint[] =>
  points.map(({ n, kl, score, gold, winRate, grammatical, length, finished, distinct, distinct2, duplicates }) => {
    const known: [MetricId, number | null | undefined][] = [
      ['completion/count', prompts],
      ['axis/kl', kl],
      ['axis/score', score.value],
      ['axis/gold', gold?.value],
      ['gold/winRate', winRate?.value],
      ['completion/grammatical', grammatical],
      ['completion/length', length],
      ['completion/distinct', distinct],
      ['completion/distinct2', distinct2],
      ['completion/duplicates', duplicates],
      ['val/num_eos_tokens', finished],
    ];
    const values: MetricValues = Object.fromEntries(known.filter(([, value]) => value !== null && value !== undefined));
    return { step: n, elapsedMs: 0, values };
  });

/** iterations on either side that a point of PPO is averaged with */
const REACH = 2;

/**
 * PPO's rollouts are fresh texts too, with their exact distance, at every iteration: averaged over five of them a point rests on more
 * texts than one look with the shared measure, and the trail is no zigzag between a few looks.
 */
function ppoTrail(history: readonly MetricPoint[]): AxisPoint[] {
  const trail = rolloutTrail(history);
  const [kl, proxy, gold] = (['kl', 'proxy', 'gold'] as const).map((of) =>
    smoothed(
      trail.map((point) => point[of]),
      REACH,
    ),
  ) as [number[], number[], number[]];
  return trail.map(({ step }, i) => ({ step, kl: kl[i]!, proxy: proxy[i]!, gold: gold[i]! }));
}

/** What a run has to show of itself. */
interface Drawn {
  history: readonly MetricPoint[];
  /** of best of N alone */
  bestOf: { result: BestOfResult } | null;
}

/** @returns a run's way along the axis; without gold, PPO has its looks with the shared measure alone */
export function methodTrail(method: Method, { history, bestOf }: Drawn): AxisPoint[] {
  if (method === 'bestOf') return bestOfPoints(bestOf?.result ?? null);
  const rollouts = method === 'ppo' ? ppoTrail(history) : [];
  return rollouts.length > 0 ? rollouts : axisPoints(history);
}

/** Trails lie on the same ground when they begin at the same model under the same rater: then gold compares, whatever the reward model. */
export const groundOf = (spec: RunSpec | Recipe | null): string | null =>
  spec === null || spec.kind === 'pretrain' || spec.kind === 'reward' ? null : JSON.stringify([spec.baseId, spec.rater]);

/** What compares of a trail that another reward model judged. */
export const goldOnly = (points: readonly AxisPoint[]): AxisPoint[] =>
  points.flatMap((point) => (point.gold === null ? [] : [{ ...point, proxy: null }]));

/** Trails share an axis when they begin at the same model and are judged by the same reward model and rater; null for other runs. */
export const axisOf = (spec: RunSpec | Recipe | null): string | null =>
  spec === null || spec.kind === 'pretrain' || spec.kind === 'reward' ? null : JSON.stringify([spec.baseId, spec.rewardId, spec.rater]);
