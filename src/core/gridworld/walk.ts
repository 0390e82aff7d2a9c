/**
 * A walk of the cat (a trajectory): sampled, its probability as a product, its return, and what each step is worth
 * afterwards. A walk that reaches an end is over: nothing follows. One that the step limit cuts is not, so whoever
 * needs the rest adds the value of the state it stood in. Pardo et al. 2018.
 */
import type { GridStep } from '../../contract/gridworld';
import type { Random } from '../tensor/random';
import type { Mdp } from './mdp';
import type { Table } from './values';

/** an index, each as often as its probability says */
function draw(probabilities: readonly number[], random: Random): number {
  let rest = random.next();
  for (const [i, p] of probabilities.entries()) {
    rest -= p;
    if (rest < 0) return i;
  }
  return probabilities.findLastIndex((p) => p > 0); // what rounding left over
}

function stepFrom({ outcomes }: Mdp, policy: Table, state: number, random: Random): GridStep {
  const action = draw(policy[state]!, random);
  const list = outcomes[state]![action]!;
  const { next, probability, reward } =
    list[
      draw(
        list.map((outcome) => outcome.probability),
        random,
      )
    ]!;
  return { state, action, next, reward, chosen: policy[state]![action]!, landed: probability };
}

/** @param limit steps after which it is cut @returns at least one step, unless the start is an end */
export function sampleWalk(mdp: Mdp, policy: Table, limit: number, random: Random): GridStep[] {
  const walk: GridStep[] = [];
  for (let state = mdp.start; walk.length < limit && !mdp.isEnd[state]; state = walk.at(-1)!.next)
    walk.push(stepFrom(mdp, policy, state, random));
  return walk;
}

/** The step limit ended it, and something would have followed. */
export const isCut = ({ isEnd }: Mdp, walk: readonly GridStep[]): boolean => !isEnd[walk.at(-1)!.next];

/** p(walk) = Π π(a_t | s_t) P(s_{t+1} | s_t, a_t), in logarithms: a product of many factors leaves float64 */
export const logProbability = (walk: readonly GridStep[]): number =>
  walk.reduce((sum, { chosen, landed }) => sum + Math.log(chosen) + Math.log(landed), 0);

/**
 * G_t = r_t + γ r_{t+1} + γ² r_{t+2} + …
 * @param rest V of the state in which the walk was cut; 0 where it ended
 * @returns one a step; the first is the return of the walk
 */
export function returnsToGo(walk: readonly GridStep[], gamma: number, rest = 0): number[] {
  const returns: number[] = [];
  for (let t = walk.length - 1, following = rest; t >= 0; t--)
    returns[t] = following = walk[t]!.reward + gamma * following;
  return returns;
}
