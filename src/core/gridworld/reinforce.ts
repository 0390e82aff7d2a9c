/**
 * The gradient of V(start), estimated from walks alone. Williams 1992.
 *
 *   exact in the mean    Σ_t γ^t (G_t − b(s_t)) ∇ log π(a_t | s_t)
 *   as usually written   Σ_t     (G_t − b(s_t)) ∇ log π(a_t | s_t)      which aims elsewhere when γ < 1: a step that
 *                                                                      comes late counts as much as the first
 */
import type { GridStep } from '../../contract/gridworld';
import type { Mdp } from './mdp';
import { type Sample, scoreGradient } from './objective';
import type { Table } from './values';
import { returnsToGo } from './walk';

export interface Weighing {
  /** γ^t at step t */
  byTime: boolean;
  /** [S] b(s); none subtracts nothing */
  baseline: readonly number[] | null;
}

/** What each step of a walk is held to have been worth. @param rest V of the state in which it was cut, else 0 */
export function weighted(
  { gamma }: Mdp,
  walk: readonly GridStep[],
  { byTime, baseline }: Weighing,
  rest = 0,
): Sample[] {
  const returns = returnsToGo(walk, gamma, rest);
  return walk.map(({ state, action }, t) => ({
    state,
    action,
    advantage: (byTime ? gamma ** t : 1) * (returns[t]! - (baseline?.[state] ?? 0)),
  }));
}

/** Averaged over walks, so that its mean is the exact gradient where it is weighed by time. @returns [S][A] */
export function reinforceGradient(
  mdp: Mdp,
  logits: Table,
  walks: readonly (readonly GridStep[])[],
  weighing: Weighing,
): number[][] {
  const samples = walks.flatMap((walk) => weighted(mdp, walk, weighing));
  const perWalk = samples.length / walks.length;
  return scoreGradient(logits, samples).map((row) => row.map((value) => value * perWalk));
}

/** The cosine of the angle between two gradients; 1 where they point the same way, 0 where one is nothing. */
export function cosine(left: Table, right: Table): number {
  const dot = (a: Table, b: Table) => a.flat().reduce((sum, value, i) => sum + value * b.flat()[i]!, 0);
  const lengths = Math.sqrt(dot(left, left) * dot(right, right));
  return lengths === 0 ? 0 : dot(left, right) / lengths;
}
