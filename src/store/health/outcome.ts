/**
 * What a run shows where no rule speaks: whether it was long enough for the rules, and what is plainly wrong all the
 * same.
 */

import type { MetricId } from '../../contract/metrics';
import { fixed } from '../../contract/numbers';
import type { MetricPoint } from '../../contract/observations';
import type { Standing } from '../opinions/goldStanding';
import { toldTrail } from '../runs/methodTrail';
import { gain, stepOf, TREND, valuesOf } from './series';
import { GRACE, KL_ALARM, PAIRS_LEFT } from './thresholds';

export type Judged = 'ppo' | 'dpo';

export interface Outcome {
  /** long enough: silence of the rules means something */
  judged: boolean;
  /** from when on that is so, as the end of "Health is judged from …" */
  judgedFrom: string;
  /** whole sentences; empty when nothing is wrong */
  troubles: string[];
  /** the score is above its beginning */
  rose: boolean;
}

const NAMES: Record<Judged, Record<'score' | 'gold', MetricId>> = {
  ppo: { score: 'objective/scores', gold: 'gold/score' },
  dpo: { score: 'axis/score', gold: 'axis/gold' },
};

/**
 * from the first to the last measurement, as the page tells it, where the averages of both ends, if there are any, say
 * the same; else 0
 */
function change(points: readonly MetricPoint[], id: MetricId): number {
  const values = valuesOf(points, id);
  const told = values.length < 2 ? 0 : values.at(-1)! - values[0]!;
  return Math.sign(gain(points, id) ?? told) === Math.sign(told) ? told : 0;
}

function tooFar(kl: number | undefined): string[] {
  return kl === undefined || kl <= KL_ALARM ? [] : [`${fixed(kl, 1)} nats are over the KL alarm of ${KL_ALARM}.`];
}

function repetitive(points: readonly MetricPoint[]): string[] {
  const pairs = valuesOf(points, 'completion/distinct2');
  const [first, last] = [pairs[0], pairs.at(-1)];
  if (first === undefined || last === undefined || last >= PAIRS_LEFT * first) return [];
  return [`Distinct pairs fell from ${fixed(first, 2)} to ${fixed(last, 2)}: it repeats itself.`];
}

function below(
  points: readonly MetricPoint[],
  { score, gold }: { score: MetricId; gold: MetricId },
  standing: Standing,
): string[] {
  const fallen = [{ name: 'score', id: score }, ...(standing === 'theirs' ? [{ name: 'gold', id: gold }] : [])].filter(
    ({ id }) => change(points, id) < 0,
  );
  if (fallen.length === 2) return ['Score and gold ended below where they began.'];
  return fallen.map(({ name }) => `The ${name} ended below where it began.`);
}

/**
 * @param done of a run that goes on, only what is wrong wherever it ends is told
 * @param gold its fall is a trouble only where it is the taste of those who chose
 */
export function outcomeOf(
  kind: Judged,
  points: readonly MetricPoint[],
  done: boolean,
  gold: Standing = 'theirs',
): Outcome {
  const ids = NAMES[kind];
  const told = toldTrail(kind, points);
  return {
    judged: kind === 'ppo' ? stepOf(points) > GRACE : told.length >= TREND,
    judgedFrom: kind === 'ppo' ? `iteration ${GRACE + 1} on` : `the ${TREND}th look at its texts on`,
    troubles: [...tooFar(told.at(-1)?.kl), ...repetitive(points), ...(done ? below(points, ids, gold) : [])],
    rose: change(points, ids.score) > 0,
  };
}
