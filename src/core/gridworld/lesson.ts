/** What the page asks of a grid, in one answer each. */
import type {
  GridGradient,
  GridLearner,
  GridLearning,
  GridPoint,
  GridPolicy,
  GridSolution,
  GridValues,
  GridWalk,
  GridWorld,
} from '../../contract/gridworld';
import { Random } from '../tensor/random';
import { learnOnce, type Update } from './learn';
import { cannotEnd, hasValue, type Mdp, mdpOf } from './mdp';
import { mean } from './objective';
import { cosine, reinforceGradient } from './reinforce';
import { bestActions, optimalValues, sweeps } from './valueIteration';
import { actionValues, policyGradient, policyValues, softmaxPolicy, uniformPolicy } from './values';
import { isCut, logProbability, returnsToGo, sampleWalk } from './walk';

/** what a sweep is shown to have changed */
const SHOWN_CHANGE = 1e-4;
const MOST_SHOWN_SWEEPS = 400;
/** steps after which a walk that is shown is cut */
const WALK_LIMIT = 40;
/** walks that are compared with the exact gradient may take longer: what is cut off is missing from them */
const GRADIENT_LIMIT = 400;
/** the band that is counted, also where nothing is clipped */
const BAND = 0.2;

export function solutionOf(world: GridWorld): GridSolution {
  const mdp = mdpOf(world);
  const { cells, start, isEnd, outcomes, meant } = mdp;
  const known = hasValue(mdp);
  return {
    ...{ cells, start, isEnd, outcomes, meant },
    cannotEnd: cannotEnd(mdp),
    sweeps: known ? shownSweeps(mdp) : [],
    best: known ? greedyValues(mdp, optimalValues(mdp)) : null,
    uniform: known ? valuesOf(mdp, uniformPolicy(mdp)) : null,
  };
}

function shownSweeps(mdp: Mdp): GridValues[] {
  const shown = [
    greedyValues(
      mdp,
      mdp.cells.map(() => 0),
    ),
  ];
  for (const values of sweeps(mdp, SHOWN_CHANGE)) {
    shown.push(greedyValues(mdp, values));
    if (shown.length > MOST_SHOWN_SWEEPS) break;
  }
  return shown;
}

function valuesOf(mdp: Mdp, policy: number[][]): GridValues {
  const values = policyValues(mdp, policy);
  return { policy, values, q: actionValues(mdp, values) };
}

/** what looks best from these values, and why */
const greedyValues = (mdp: Mdp, values: number[]): GridValues => ({
  policy: bestPolicy(mdp, values),
  values,
  q: actionValues(mdp, values),
});

/** even shares of all that is best */
const bestPolicy = (mdp: Mdp, values: readonly number[]): number[][] =>
  bestActions(mdp, values).map((best) => [0, 1, 2, 3].map((action) => (best.includes(action) ? 1 / best.length : 0)));

function policyOf(mdp: Mdp, policy: GridPolicy): number[][] {
  if (policy.kind === 'learned') return softmaxPolicy(policy.logits);
  // nothing is best where no value is finite
  return policy.kind === 'best' && hasValue(mdp) ? bestPolicy(mdp, optimalValues(mdp)) : uniformPolicy(mdp);
}

export function walkOf(world: GridWorld, policy: GridPolicy, seed: number): GridWalk {
  const mdp = mdpOf(world);
  const steps = sampleWalk(mdp, policyOf(mdp, policy), WALK_LIMIT, Random.fromSeed(seed).fork('walk'));
  return {
    steps,
    cut: isCut(mdp, steps),
    returns: returnsToGo(steps, mdp.gamma),
    logProbability: logProbability(steps),
  };
}

/** One more update of a policy. @returns it, and what its last decisions were */
export const updateOf = (mdp: Mdp, learner: GridLearner, learning: GridLearning, seed: number): Update =>
  learnOnce(mdp, learner, learning, Random.fromSeed(seed).fork('learning'));

export const pointOf = ({ update, value, samples, walks }: Update): GridPoint => ({
  update,
  value,
  silenced: mean(samples.map(({ silenced }) => Number(silenced))),
  outside: mean(samples.map(({ ratio }) => Number(Math.abs(ratio - 1) > BAND))),
  length: mean(walks.map((walk) => walk.length)),
});

export const learnedValues = (mdp: Mdp, logits: readonly number[][]): GridValues =>
  valuesOf(mdp, softmaxPolicy(logits));

/**
 * How walks estimate the gradient of V(start) with and without γ^t, beside the exact one. @param logits null: uniform
 */
export function gradientOf(world: GridWorld, logits: number[][] | null, seed: number, walks: number): GridGradient {
  const mdp = mdpOf(world);
  const from = logits ?? mdp.cells.map(() => [0, 0, 0, 0]);
  const policy = softmaxPolicy(from);
  const random = Random.fromSeed(seed).fork('gradient');
  const taken = Array.from({ length: walks }, () => sampleWalk(mdp, policy, GRADIENT_LIMIT, random));
  const baseline = policyValues(mdp, policy);
  const exact = policyGradient(mdp, policy);
  const at = (byTime: boolean) => cosine(reinforceGradient(mdp, from, taken, { byTime, baseline }), exact);
  return { walks, byTime: at(true), usual: at(false) };
}
