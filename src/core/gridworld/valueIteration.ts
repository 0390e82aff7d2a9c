/**
 * The best that can be had, sweep by sweep: every sweep lets each cell look one step ahead and take the best, so that
 * the news of a fish travels one cell a sweep. Bellman 1957.
 *   V ← max_a Σ P(s′ | s, a) (r + γ V(s′))
 */
import { maxOf } from '../../contract/many';
import type { Mdp } from './mdp';
import { actionValues } from './values';

/** a change that no digit shows */
const SETTLED = 1e-14;
/** γ next to 1 settles slowly; nothing here takes as many */
const MOST_SWEEPS = 100_000;

/** All states at once, from the values before. @param values [S] @returns [S], 0 at ends */
export const sweep = (mdp: Mdp, values: readonly number[]): number[] =>
  actionValues(mdp, values).map((q, state) => (mdp.isEnd[state] ? 0 : maxOf(q)));

export const largestChange = (before: readonly number[], after: readonly number[]): number =>
  after.reduce((most, value, i) => Math.max(most, Math.abs(value - before[i]!)), 0);

const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);

/** Sweeps from 0 until the values change no more than `settled` of the largest. @returns V₁, V₂, … of [S] */
export function* sweeps(mdp: Mdp, settled = SETTLED): Generator<number[]> {
  let values: number[] = mdp.cells.map(() => 0);
  for (let count = 0; count < MOST_SWEEPS; count++) {
    const next = sweep(mdp, values);
    yield next;
    if (largestChange(values, next) <= settled * largest(next)) return;
    values = next;
  }
}

/** V of the best policy. @returns [S] */
export function optimalValues(mdp: Mdp): number[] {
  let last: number[] = [];
  for (const values of sweeps(mdp)) last = values;
  return last;
}

/** Every action that is as good as the best, to 1e-9. @returns [S] of lists, none at ends */
export const bestActions = (mdp: Mdp, values: readonly number[]): number[][] =>
  actionValues(mdp, values).map((q, state) => {
    const best = maxOf(q);
    return mdp.isEnd[state] ? [] : q.flatMap((value, action) => (best - value <= 1e-9 ? [action] : []));
  });
