import type { Recipe, RunKind, RunSpec } from '../../contract/domain';
import type { MetricId, MetricValues } from '../../contract/metrics';
import type { BestOfPoint, BestOfResult, MetricPoint } from '../../contract/observations';
import { rewardKey } from '../../contract/settings/whichReward';
import { axisTrail, centred, findTurn, reachAt, rolloutTrail, type TrailValue, type Turn } from './overoptimization';

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
  (result?.points ?? []).map(({ n, kl, score, gold }) => ({
    step: n,
    kl,
    proxy: score.value,
    gold: gold?.value ?? null,
  }));

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
 * What an iteration of PPO measured of its own rollouts; the sampled distance stands in where the exact one was not
 * measured.
 */
function rollouts(history: readonly MetricPoint[]): AxisPoint[] {
  return history.flatMap(({ step, values }) => {
    const {
      'objective/klExact': kl = values['objective/kl'],
      'objective/scores': proxy,
      'gold/score': gold = null,
    } = values;
    return kl === undefined || proxy === undefined ? [] : [{ step, kl, proxy, gold }];
  });
}

/** Means around every point; gold has none where it was not measured everywhere. */
function means(points: readonly AxisPoint[]): AxisPoint[] {
  const of = (side: 'kl' | 'proxy' | 'gold') =>
    centred(
      points.map((point) => point[side] ?? Number.NaN),
      REACH,
    );
  const [kl, proxy, gold] = [of('kl'), of('proxy'), of('gold')];
  return points.map(({ step }, i) => ({
    step,
    kl: kl[i]!,
    proxy: proxy[i]!,
    gold: Number.isNaN(gold[i]) ? null : gold[i]!,
  }));
}

/**
 * A run as it is told, on every chart and in every sentence. PPO's rollouts are fresh texts with their exact distance
 * at every iteration: a point is the mean of five iterations, since one batch of 32 texts scatters by ±0.2 in both
 * directions; its first and last iteration stay as they were measured. Every other method, and PPO without a judge of
 * its own, has its looks with the shared measure.
 */
export function toldTrail(kind: RunKind, history: readonly MetricPoint[]): AxisPoint[] {
  const own = kind === 'ppo' ? rollouts(history) : [];
  return own.length > 0 ? means(own) : axisPoints(history);
}

/** How many iterations the point at a step is a mean of; 1 where it stands as it was measured. */
export function meanOf(kind: RunKind, history: readonly MetricPoint[], step: number): number {
  const own = kind === 'ppo' ? rollouts(history) : [];
  const at = own.findIndex((point) => point.step === step);
  return at < 0 ? 1 : 2 * reachAt(at, own.length, REACH) + 1;
}

/** Where a run's gold turned away from its score, as its trail is told. */
export function toldTurn(kind: RunKind, history: readonly MetricPoint[]): Turn | null {
  const own = kind === 'ppo' ? rolloutTrail(history) : [];
  return findTurn(own.length > 0 ? own : axisTrail(history), completePoints(toldTrail(kind, history)));
}

/** The same of points without noise to speak of, or of which no more is known. */
export function turnOfPoints(points: readonly AxisPoint[]): Turn | null {
  const known = completePoints(points);
  return findTurn(known, known);
}

/** What a run has to show of itself. */
interface Drawn {
  history: readonly MetricPoint[];
  /** of best of N alone */
  bestOf: { result: BestOfResult } | null;
}

/** @returns a run's way along the axis, as it is told */
export function methodTrail(method: Method, { history, bestOf }: Drawn): AxisPoint[] {
  return method === 'bestOf' ? bestOfPoints(bestOf?.result ?? null) : toldTrail(method, history);
}

/** @returns the step at which gold turned away from the score of a run; null where it did not */
export const peakStep = (method: Method, drawn: Drawn): number | null =>
  (method === 'bestOf' ? turnOfPoints(methodTrail(method, drawn)) : toldTurn(method, drawn.history))?.step ?? null;

/**
 * Trails lie on the same ground when they begin at the same model under the same rater: then gold compares, whatever
 * the reward model.
 */
export const groundOf = (spec: RunSpec | Recipe | null): string | null =>
  spec === null || spec.kind === 'pretrain' || spec.kind === 'reward'
    ? null
    : JSON.stringify([spec.baseId, spec.rater]);

/** What compares of a trail that another reward model judged. */
export const goldOnly = (points: readonly AxisPoint[]): AxisPoint[] =>
  points.flatMap((point) => (point.gold === null ? [] : [{ ...point, proxy: null }]));

/**
 * Trails share an axis when they begin at the same model and are judged by the same reward model, rule and rater; null
 * for other runs.
 */
export function axisOf(spec: RunSpec | Recipe | null): string | null {
  if (spec === null || spec.kind === 'pretrain' || spec.kind === 'reward') return null;
  const rule = rewardKey(spec.config as Readonly<Record<string, unknown>>);
  return JSON.stringify([spec.baseId, spec.rewardId, spec.rater, ...(rule === null ? [] : [rule])]);
}
