/** Every case of r_gridworld.json: worlds solved exactly, the clipped objective, advantages at an end and at a cut. */
import { describe } from 'vitest';
import type { GridStep, GridWorld } from '../../../src/contract/gridworld';
import { type After, generalisedAdvantages } from '../../../src/core/gridworld/generalisedAdvantages';
import { cannotEnd, hasValue, type Mdp, mdpOf } from '../../../src/core/gridworld/mdp';
import { clippedObjective, mean } from '../../../src/core/gridworld/objective';
import { bestActions, optimalValues, sweeps } from '../../../src/core/gridworld/valueIteration';
import {
  actionValues,
  advantages,
  policyGradient,
  policyValues,
  softmaxPolicy,
  type Table,
  uniformPolicy,
  visits,
} from '../../../src/core/gridworld/values';
import { logProbability, returnsToGo } from '../../../src/core/gridworld/walk';
import { type Actual, itReproduces, type Json } from '../../helpers/golden';

type Inputs = { [key: string]: Json };

const worldOf = (inputs: Inputs): GridWorld =>
  ({
    layout: inputs.layout,
    rewards: inputs.reward_on_entering,
    stepReward: inputs.step_reward,
    slip: inputs.slip,
    slipKind: inputs.slip_kind,
    wind: inputs.wind ?? [],
    gamma: inputs.gamma,
  }) as unknown as GridWorld;

/** ends have no actions in the room, and rows of 0 in the file */
const filled = (table: Table): number[][] => table.map((row) => (row.length === 0 ? [0, 0, 0, 0] : [...row]));
const withoutEnds = (mdp: Mdp, table: Table): number[][] =>
  table.map((row, s) => (mdp.isEnd[s] ? [0, 0, 0, 0] : [...row]));

const transitionsOf = ({ outcomes }: Mdp): number[][] =>
  outcomes.flatMap((actions, state) =>
    actions.flatMap((list, action) =>
      list.map(({ next, probability, reward }) => [state, action, next, probability, reward]),
    ),
  );

function shape(mdp: Mdp): Record<string, Actual> {
  return {
    cells: mdp.cells.map(({ row, column }) => [row, column]),
    start: mdp.start,
    is_end: mdp.isEnd,
    transitions: transitionsOf(mdp),
    cannot_end: cannotEnd(mdp),
    value_defined: hasValue(mdp),
  };
}

function solved(mdp: Mdp, inputs: Inputs): Record<string, Actual> {
  const best = optimalValues(mdp);
  const uniform = uniformPolicy(mdp);
  const policy = softmaxPolicy(inputs.logits as unknown as Table);
  const [uniformValue, value] = [policyValues(mdp, uniform), policyValues(mdp, policy)];
  return {
    sweeps_from_zero: [...sweeps(mdp)].slice(0, 3),
    optimal_value: best,
    optimal_q: filled(actionValues(mdp, best)),
    optimal_actions: bestActions(mdp, best),
    uniform_value: uniformValue,
    uniform_q: filled(actionValues(mdp, uniformValue)),
    uniform_advantage: filled(advantages(mdp, uniformValue)),
    visits_uniform: visits(mdp, uniform),
    policy_gradient_at_zero_logits: filled(policyGradient(mdp, uniform)),
    logits_policy: withoutEnds(mdp, policy),
    logits_value: value,
    logits_advantage: filled(advantages(mdp, value)),
    logits_visits: visits(mdp, policy),
    policy_gradient_at_logits: filled(policyGradient(mdp, policy)),
    trajectories_under_uniform: (inputs.trajectories as { states: number[]; actions: number[] }[]).map((path) =>
      trajectory(mdp, uniform, path),
    ),
  };
}

/** A walk that somebody else took. @throws when a step leads where it cannot */
const walkAlong = (mdp: Mdp, policy: Table, states: readonly number[], actions: readonly number[]): GridStep[] =>
  actions.map((action, t) => {
    const [state, next] = [states[t]!, states[t + 1]!];
    const outcome = mdp.outcomes[state]![action]!.find((one) => one.next === next);
    if (!outcome) throw new Error(`no step ${action} leads from ${state} to ${next}`);
    return {
      state,
      action,
      next,
      reward: outcome.reward,
      chosen: policy[state]![action]!,
      landed: outcome.probability,
    };
  });

function trajectory(mdp: Mdp, policy: Table, { states, actions }: { states: number[]; actions: number[] }): Actual {
  const walk = walkAlong(mdp, policy, states, actions);
  const returns = returnsToGo(walk, mdp.gamma);
  return {
    states,
    actions,
    rewards: walk.map(({ reward }) => reward),
    factors: walk.map(({ chosen, landed }) => [chosen, landed]),
    probability: Math.exp(logProbability(walk)),
    log_probability: logProbability(walk),
    returns_to_go: returns,
    discounted_return: returns[0]!,
  };
}

function objective(inputs: Inputs): Record<string, Actual> {
  const [states, actions, values] = [inputs.states, inputs.actions, inputs.advantages] as number[][];
  const samples = states!.map((state, i) => ({ state, action: actions![i]!, advantage: values![i]! }));
  const oldPolicy = softmaxPolicy(inputs.old_logits as unknown as Table);
  const at = (clip: number | null) => clippedObjective(oldPolicy, inputs.new_logits as unknown as Table, samples, clip);
  const range = inputs.clip_range as number;
  const [found, free] = [at(range), at(null)];
  return {
    ratio: found.ratio,
    unclipped: found.unclipped,
    clipped: found.clipped,
    objective_per_sample: found.perSample,
    silenced: found.silenced,
    objective: found.objective,
    unclipped_objective: free.objective,
    gradient: found.gradient,
    unclipped_gradient: free.gradient,
    clip_fraction: mean(found.silenced.map(Number)),
    ratio_outside: mean(found.ratio.map((ratio) => Number(Math.abs(ratio - 1) > range))),
  };
}

const ADVANTAGE_INPUTS = ['rewards', 'values', 'ends', 'value_after_cut', 'gamma', 'lam'];
const gae = (inputs: Inputs): Record<string, Actual> => ({
  ...generalisedAdvantages(
    inputs.rewards as number[],
    inputs.values as number[],
    inputs.ends as After[],
    (t) => (inputs.value_after_cut as Record<string, number>)[t]!,
    inputs.gamma as number,
    inputs.lam as number,
  ),
});

const WORLD_INPUTS = [
  ...['layout', 'reward_on_entering', 'step_reward', 'slip', 'slip_kind', 'wind', 'logits', 'trajectories'],
];
const OBJECTIVE_INPUTS = ['old_logits', 'new_logits', 'states', 'actions', 'advantages', 'clip_range'];

describe('the grid world', () => {
  itReproduces(
    'r_gridworld',
    ['what', ...WORLD_INPUTS, ...OBJECTIVE_INPUTS, ...ADVANTAGE_INPUTS],
    (inputs) => {
      if (inputs.what === 'clipped objective') return objective(inputs);
      if (inputs.what === 'gae') return gae(inputs);
      const mdp = mdpOf(worldOf(inputs));
      return { ...shape(mdp), ...(hasValue(mdp) && solved(mdp, inputs)) };
    },
    'float64',
  );
});
