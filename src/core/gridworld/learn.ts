/**
 * Four ways to learn from walks, each a few lines on the one before: REINFORCE weighs a step by what came after it;
 * with a baseline, by how much more that was than usual; A2C, by the surprise of the next state (Mnih et al. 2016); PPO
 * takes several steps on the same walks and clips what has gone far enough. The weights of a batch are divided by their
 * root mean square, so that one step size fits grids whose rewards differ a hundredfold; PPO's are whitened, as in
 * core/losses/whiten.ts.
 */
import type { GridLearner, GridLearning, GridSample, GridStep } from '../../contract/gridworld';
import type { Random } from '../tensor/random';
import { generalisedAdvantages } from './generalisedAdvantages';
import type { Mdp } from './mdp';
import { clippedObjective, mean, type Sample } from './objective';
import { weighted } from './reinforce';
import { policyValues, softmaxPolicy, type Table } from './values';
import { isCut, sampleWalk } from './walk';

/** how far a critic goes towards what the batch says */
const CRITIC_STEP = 0.5;

export interface Update extends GridLearner {
  /** V(start) of the new policy, exact */
  value: number;
  walks: GridStep[][];
  /** as the last epoch found them */
  samples: GridSample[];
}

export const freshLearner = (mdp: Mdp): GridLearner => ({
  logits: mdp.cells.map(() => [0, 0, 0, 0]),
  values: mdp.cells.map(() => 0),
  update: 0,
});

/** One update: walk, judge, take steps. @param random of the lesson; each update forks its own */
export function learnOnce(mdp: Mdp, learner: GridLearner, learning: GridLearning, random: Random): Update {
  const { update, values } = learner;
  const dice = random.fork(`update ${update}`);
  const policy = softmaxPolicy(learner.logits);
  const walks = Array.from({ length: learning.walks }, () => sampleWalk(mdp, policy, learning.stepLimit, dice));
  const judged = walks.map((walk) => judge(mdp, walk, values, learning));
  const samples = scaled(
    judged.flatMap(({ samples }) => samples),
    learning.method === 'ppo',
  );
  const { logits, ratio, silenced } = improve(policy, learner.logits, samples, learning);
  return {
    logits,
    values: taught(
      values,
      walks.flat(),
      judged.flatMap(({ returns }) => returns),
    ),
    update: update + 1,
    value: policyValues(mdp, softmaxPolicy(logits))[mdp.start]!,
    walks,
    samples: samples.map((sample, i) => ({ ...sample, ratio: ratio[i]!, silenced: silenced[i]! })),
  };
}

/** no action is ever quite given up, so that V stays finite where γ is 1 */
const MOST_LOGIT = 10;
const bounded = (logit: number): number => Math.min(MOST_LOGIT, Math.max(-MOST_LOGIT, logit));

/** What each step of a walk was worth, and what the critic should have said. */
function judge(
  mdp: Mdp,
  walk: readonly GridStep[],
  values: readonly number[],
  { method, byTime, lam }: GridLearning,
): { samples: Sample[]; returns: number[] } {
  const cut = isCut(mdp, walk);
  const rest = cut ? values[walk.at(-1)!.next]! : 0;
  if (method === 'reinforce' || method === 'baseline') {
    const isPlain = method === 'reinforce'; // it knows no V: what a cut walk would still have got is lost
    const returns = weighted(mdp, walk, { byTime: false, baseline: null }, rest).map(({ advantage }) => advantage);
    return { samples: weighted(mdp, walk, { byTime, baseline: isPlain ? null : values }, isPlain ? 0 : rest), returns };
  }
  const { advantages, returns } = generalisedAdvantages(
    walk.map(({ reward }) => reward),
    walk.map(({ state }) => values[state]!),
    walk.map((_, t) => (t < walk.length - 1 ? null : cut ? 'cut' : 'terminal')),
    () => rest,
    mdp.gamma,
    lam,
  );
  return { samples: walk.map(({ state, action }, t) => ({ state, action, advantage: advantages[t]! })), returns };
}

/** by their root mean square; whitened ones lose their mean first */
function scaled(samples: readonly Sample[], whitened: boolean): Sample[] {
  const middle = whitened ? mean(samples.map(({ advantage }) => advantage)) : 0;
  const spread = Math.sqrt(mean(samples.map(({ advantage }) => (advantage - middle) ** 2))) + 1e-8;
  return samples.map((sample) => ({ ...sample, advantage: (sample.advantage - middle) / spread }));
}

/** One step, or for PPO one an epoch, up the gradient of the objective. */
function improve(
  oldPolicy: Table,
  from: Table,
  samples: readonly Sample[],
  { method, stepSize, epochs, clipRange }: GridLearning,
): { logits: number[][]; ratio: number[]; silenced: boolean[] } {
  let logits = from.map((row) => [...row]);
  let found = clippedObjective(oldPolicy, logits, samples, clipRange);
  for (let epoch = 0; epoch < (method === 'ppo' ? epochs : 1); epoch++) {
    if (epoch > 0) found = clippedObjective(oldPolicy, logits, samples, clipRange);
    logits = logits.map((row, s) => row.map((logit, a) => bounded(logit + stepSize * found.gradient[s]![a]!)));
  }
  return { logits, ratio: found.ratio, silenced: found.silenced };
}

/** Each state that was visited moves towards the mean of what it should have said. @returns [S] */
function taught(values: readonly number[], steps: readonly GridStep[], returns: readonly number[]): number[] {
  const [sums, counts] = [values.map(() => 0), values.map(() => 0)];
  for (const [i, { state }] of steps.entries()) {
    sums[state]! += returns[i]!;
    counts[state]!++;
  }
  return values.map((value, state) =>
    counts[state] === 0 ? value : value + CRITIC_STEP * (sums[state]! / counts[state]! - value),
  );
}
