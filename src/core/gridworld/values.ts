/**
 * What a policy is worth, exactly. V is the return that is expected from a state, Q the same after a first action, the
 * advantage their difference, and all of them follow from one system of linear equations. Sutton and Barto 2018,
 * chapters 3, 4 and 13.
 */
import { maxOf } from '../../contract/many';
import { solve } from '../tensor/linearSystem';
import { ACTION_COUNT, type Mdp } from './mdp';

/** [S][A] probabilities of a policy, or its logits, or anything else of that shape */
export type Table = readonly (readonly number[])[];

export const uniformPolicy = ({ cells }: Mdp): number[][] =>
  cells.map(() => Array(ACTION_COUNT).fill(1 / ACTION_COUNT));

/** π(a | s) = exp(logit) ÷ Σ exp(logits) @param logits [S][A] @returns [S][A] */
export function softmaxPolicy(logits: Table): number[][] {
  return logits.map((row) => {
    const most = maxOf(row);
    const weights = row.map((logit) => Math.exp(logit - most));
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / sum);
  });
}

/** P(s → s′) under a policy, from states where something follows @returns [S][S] */
function stepsOf({ outcomes, cells }: Mdp, policy: Table): number[][] {
  return outcomes.map((actions, state) => {
    const row: number[] = Array(cells.length).fill(0);
    for (const [action, list] of actions.entries())
      for (const { next, probability } of list) row[next]! += policy[state]![action]! * probability;
    return row;
  });
}

/** One look ahead from values that are known: Q(s, a) = Σ P(s′ | s, a) (r + γ V(s′)). @returns [S][A], 0 at ends */
export const actionValues = ({ outcomes, gamma }: Mdp, values: readonly number[]): number[][] =>
  outcomes.map((actions) =>
    actions.map((list) =>
      list.reduce((sum, { next, probability, reward }) => sum + probability * (reward + gamma * values[next]!), 0),
    ),
  );

/** Σ_a π(a | s) Q(s, a) */
const expected = (policy: readonly number[], q: readonly number[]): number =>
  q.reduce((sum, value, action) => sum + policy[action]! * value, 0);

/**
 * V of a policy, by the linear system (I − γ P) V = r.
 * @param policy [S][A]
 * @returns [S], 0 at ends
 * @throws when a value is not finite: γ = 1 and no end to reach
 */
export function policyValues(mdp: Mdp, policy: Table): number[] {
  const { cells, gamma } = mdp;
  const steps = stepsOf(mdp, policy);
  const paid = actionValues(mdp, Array(cells.length).fill(0)).map((q, state) => expected(policy[state]!, q)); // [S] r
  return solve(
    steps.map((row, i) => row.map((p, j) => (i === j ? 1 : 0) - gamma * p)),
    paid,
  );
}

/** A(s, a) = Q(s, a) − V(s) @returns [S][A], 0 at ends */
export const advantages = (mdp: Mdp, values: readonly number[]): number[][] =>
  actionValues(mdp, values).map((row, state) => row.map((q) => (mdp.isEnd[state] ? 0 : q - values[state]!)));

/**
 * How often the cat is somewhere, discounted: Σ_t γ^t P(S_t = s) from the start, by (I − γ Pᵀ) d = e_start.
 * @returns [S], 0 at ends, where nothing is decided
 */
export function visits(mdp: Mdp, policy: Table): number[] {
  const { cells, isEnd, gamma, start } = mdp;
  const steps = stepsOf(mdp, policy);
  return solve(
    cells.map((_, i) => cells.map((_, j) => (i === j ? 1 : 0) - (isEnd[i] ? 0 : gamma * steps[j]![i]!))),
    cells.map((_, state) => (state === start && !isEnd[state] ? 1 : 0)),
  );
}

/**
 * The gradient of V(start) to the logits, without a single sample:
 *   ∂V / ∂logit(s, a) = d(s) π(a | s) A(s, a)        Sutton et al. 2000
 * @returns [S][A]
 */
export function policyGradient(mdp: Mdp, policy: Table): number[][] {
  const d = visits(mdp, policy);
  return advantages(mdp, policyValues(mdp, policy)).map((row, state) =>
    row.map((advantage, action) => d[state]! * policy[state]![action]! * advantage),
  );
}
