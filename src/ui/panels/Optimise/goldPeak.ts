import type { MetricPoint } from '../../../contract/domain';
import { seriesOf } from '../../../store/thin';

/** Where the gold rater turned away while the reward model went on: the moment of over-optimisation. */
export interface GoldPeak {
  step: number;
  /** gold score there, averaged over neighbouring iterations */
  gold: number;
  /** distance from the reference at that iteration, nats per completion */
  kl: number;
  /** how far gold is below the peak now, in score units */
  fallen: number;
}

/** Half the width of the moving average: a batch of 32 rollouts leaves about ±0.2 of noise on its mean. */
const REACH = 2;
/** A fall smaller than this is noise; ours, tuned for 32–64 rollouts of scores with standard deviation near 1. */
const CLEAR_FALL = 0.35;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** @returns each value replaced by the mean of itself and its neighbours */
export function smoothed(values: readonly number[], reach = REACH): number[] {
  return values.map((_, i) => mean(values.slice(Math.max(0, i - reach), i + reach + 1)));
}

/**
 * Finds the peak of gold, but only once gold clearly fell from it: an unfinished climb has a highest point too,
 * and a mark that wanders along with it would teach nothing.
 */
export function findGoldPeak(points: readonly MetricPoint[]): GoldPeak | null {
  const gold = seriesOf(points, 'gold/score').filter((point) => Number.isFinite(point.value));
  const values = smoothed(gold.map((point) => point.value));
  if (values.length < 4) return null;
  const at = values.indexOf(Math.max(...values));
  const peak = gold[at]!;
  const fallen = values[at]! - mean(gold.slice(-3).map((point) => point.value));
  if (fallen < CLEAR_FALL || gold.length - 1 - at < 2) return null;
  const kl = points.find((point) => point.step === peak.step)?.values['objective/kl'] ?? 0;
  return { step: peak.step, gold: values[at]!, kl, fallen };
}
