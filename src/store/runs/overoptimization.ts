/**
 * Goodhart's law as a shape: the judge's score still rises while what it stands for has passed its maximum. Pure
 * arithmetic on the trail of any method, so PPO, DPO and best of N are marked by the same rule (Gao, Schulman & Hilton
 * 2023).
 */
import { maxOf, minOf } from '../../contract/many';
import type { MetricId } from '../../contract/metrics';
import type { MetricPoint } from '../../contract/observations';

/** One point of a method's way along the axis. */
export interface TrailValue {
  /** iteration, step, or N */
  step: number;
  /** distance from the reference, nats per completion */
  kl: number;
  /** score of the reward model */
  proxy: number;
  gold: number;
}

/**
 * Where gold was highest and where it is now: two places of the curve that is drawn, so that whoever tells them tells
 * the chart.
 */
export interface Turn extends TrailValue {
  end: TrailValue;
  /** how far gold is below its maximum at the end */
  fallen: number;
  /** how far the proxy rose from there to the end */
  proxyGain: number;
}

/** a fall smaller than this is none, however quiet the curve: scores have a standard deviation near 1 */
const LEAST_FALL = 0.2;
/** standard errors that a fall has to exceed */
const SIGMAS = 3;

const median = (values: readonly number[]): number => {
  const sorted = Float64Array.from(values).sort();
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
};

const meanBetween = (values: readonly number[], from: number, to: number): number => {
  let sum = 0;
  for (let at = from; at < to; at++) sum += values[at]!;
  return sum / (to - from);
};

/** @returns each value replaced by the mean of itself and up to `reach` neighbours on either side */
export const smoothed = (values: readonly number[], reach: number): number[] =>
  values.map((_, i) => meanBetween(values, Math.max(0, i - reach), Math.min(values.length, i + reach + 1)));

/** so many neighbours a value has on both sides, `reach` at most */
export const reachAt = (i: number, count: number, reach: number): number => Math.min(reach, i, count - 1 - i);

/**
 * The same with as many neighbours on one side as on the other: a slope stays where it was, and the first and the last
 * value stay as they were measured, so that the curve ends in the number that stands beside it.
 */
export const centred = (values: readonly number[], reach: number): number[] =>
  values.map((_, i) => {
    const near = reachAt(i, values.length, reach);
    return meanBetween(values, i - near, i + near + 1);
  });

/**
 * Noise of a single value, read off the curve itself, the smaller of two readings: neighbours of a slow curve differ by
 * noise alone (for normal noise the median distance is 0.954 σ), and a steady slope leaves no trace in x₋ − 2x + x₊
 * (median 1.652 σ). Medians, because a turn is a few large ones.
 */
export function noiseOf(values: readonly number[]): number {
  const steps = values.slice(1).map((value, i) => value - values[i]!);
  const bends = steps.slice(1).map((step, i) => step - steps[i]!);
  const readings = [
    steps.length > 0 ? median(steps.map(Math.abs)) / 0.954 : 0,
    bends.length > 0 ? median(bends.map(Math.abs)) / 1.652 : 0,
  ];
  return minOf(readings);
}

/** dense trails are averaged over five points, sparse ones over fewer: five of nine would flatten every peak */
const reachFor = (points: number): number => Math.min(2, Math.floor(points / 6));

const averaged = (trail: readonly TrailValue[]): TrailValue[] => {
  const reach = reachFor(trail.length);
  const [gold, proxy] = (['gold', 'proxy'] as const).map((of) =>
    smoothed(
      trail.map((point) => point[of]),
      reach,
    ),
  ) as [number[], number[]];
  return trail.map(({ step, kl }, i) => ({ step, kl, proxy: proxy[i]!, gold: gold[i]! }));
};

/** from the highest gold of a curve to its end; null for an empty one */
function fromPeakToEnd(curve: readonly TrailValue[]): Turn | null {
  const peak = curve[curve.map(({ gold }) => gold).indexOf(maxOf(curve.map(({ gold }) => gold)))];
  const end = curve.at(-1);
  return peak && end ? { ...peak, end, fallen: peak.gold - end.gold, proxyGain: end.proxy - peak.proxy } : null;
}

/** three standard errors of a difference between the mean around a peak and the mean at the end */
function noiseOfFall(trail: readonly TrailValue[]): number {
  const reach = reachFor(trail.length);
  return SIGMAS * noiseOf(trail.map(({ gold }) => gold)) * Math.sqrt(1 / (2 * reach + 1) + 1 / (reach + 1));
}

const isTurn = (turn: Turn | null, least: number): turn is Turn =>
  turn !== null && turn.fallen >= least && turn.proxyGain > 0;

/**
 * Finds where gold turned away from a proxy that went on rising. Means over neighbours decide whether it did; what is
 * told of it are places of the curve that the visitor sees.
 * @param trail as measured, in the order of steps, e.g. every iteration's rollouts, or the points measured now and then
 * @param told the same as it is drawn; its means over neighbours when absent
 * @returns null while gold has not fallen from its maximum by clearly more than noise, or the proxy has not risen since
 */
export function findTurn(trail: readonly TrailValue[], told?: readonly TrailValue[]): Turn | null {
  if (trail.length < 4) return null;
  const means = fromPeakToEnd(averaged(trail));
  if (!isTurn(means, Math.max(LEAST_FALL, noiseOfFall(trail)))) return null;
  const turn = told ? fromPeakToEnd(told) : means;
  return isTurn(turn, LEAST_FALL) ? turn : null;
}

/** A point of gold's curve, averaged over neighbouring points as in the search for the turn. */
export interface GoldPoint {
  step: number;
  gold: number;
}

/** @returns gold's curve without most of its noise */
export function goldCurve(trail: readonly TrailValue[]): GoldPoint[] {
  return averaged(trail).map(({ step, gold }) => ({ step, gold }));
}

/** @returns where gold's curve is highest, the first place of several; null without one */
export const highest = (curve: readonly GoldPoint[]): GoldPoint | null =>
  curve.reduce<GoldPoint | null>((high, point) => (high === null || point.gold > high.gold ? point : high), null);

/** @returns the largest fall of a curve from one place to a later one, made up for or not; null where it never falls */
export function largestFall(curve: readonly GoldPoint[]): { from: GoldPoint; to: GoldPoint } | null {
  let [high, fall] = [curve[0], null as { from: GoldPoint; to: GoldPoint } | null];
  for (const point of curve) {
    if (point.gold > high!.gold) high = point;
    if (high!.gold - point.gold > (fall ? fall.from.gold - fall.to.gold : 0)) fall = { from: high!, to: point };
  }
  return fall;
}

/** every point at which all three were measured */
function trailOf(points: readonly MetricPoint[], kl: MetricId, proxy: MetricId, gold: MetricId): TrailValue[] {
  const trail: TrailValue[] = [];
  for (const { step, values } of points) {
    const [far, score, judged] = [values[kl], values[proxy], values[gold]];
    if (far !== undefined && score !== undefined && judged !== undefined)
      trail.push({ step, kl: far, proxy: score, gold: judged });
  }
  return trail;
}

/** The trail as every method measures it, from the points where it was measured. */
export const axisTrail = (points: readonly MetricPoint[]): TrailValue[] =>
  trailOf(points, 'axis/kl', 'axis/score', 'axis/gold');

/** The finer trail of PPO's own rollouts: one point per iteration. */
export const rolloutTrail = (points: readonly MetricPoint[]): TrailValue[] =>
  trailOf(points, 'objective/klExact', 'objective/scores', 'gold/score');
