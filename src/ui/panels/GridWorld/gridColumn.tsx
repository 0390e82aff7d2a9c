/** The left column of the table of both worlds: every term, of the walk that is shown on the grid. */
import type { ReactNode } from 'react';
import {
  GRID_LEARNING,
  type GridSolution,
  type GridStep,
  type GridWalk,
  type GridWorld,
} from '../../../contract/gridworld';
import { countOf, fixed } from '../../../contract/numbers';
import { endWords } from './cellWords';
import { policyValuesOf } from './parts';
import type { Column } from './terms';
import { useGridLesson } from './useGridLesson';
import { ACTION_WORDS, ARROWS, chance, differenceWords, rewardWords, stateName, tinyChance, valueWords } from './words';

export interface Walked {
  world: GridWorld;
  solution: GridSolution;
  walk: GridWalk;
  first: GridStep;
  /** of the cell where it begins */
  name: string;
  /** V there; null where it is not finite */
  expected: number | null;
  total: number;
}

/** @returns null while there is no walk */
export function useWalked(): Walked | null {
  const lesson = useGridLesson(({ world, solution, walk, policy, run }) => ({ world, solution, walk, policy, run }));
  const { world, solution, walk } = lesson;
  const first = walk?.steps[0];
  if (!solution || !walk || !first) return null;
  const expected = policyValuesOf(lesson)?.values[first.state] ?? null;
  return { world, solution, walk, first, name: stateName(solution, first.state), expected, total: walk.returns[0]! };
}

/** "0.9⁸ × 0.30 =" where one reward was paid; of several their number */
function discounted({ world: { gamma }, walk }: Walked): ReactNode {
  const paid = walk.steps.flatMap(({ reward }, t) => (reward === 0 ? [] : [{ reward, t }]));
  const [one] = paid;
  if (!one) return 'nothing was paid,';
  if (paid.length > 1) return <>{paid.length} rewards, each times γᵗ, add up to</>;
  return (
    <>
      {chance(gamma)}
      <sup>{one.t}</sup> × {rewardWords(one.reward).replace('+', '')} =
    </>
  );
}

export const GRID_COLUMN: Column<Walked> = {
  state: ({ name, solution }) => (
    <>
      the cell the cat stands on: <b>{name}</b>, one of {solution.cells.length}
    </>
  ),
  action: ({ first: { action } }) => (
    <>
      one of <b>4</b> directions: <b>{`${ARROWS[action]} ${ACTION_WORDS[action]}`}</b>
    </>
  ),
  policy: ({ first: { action, chosen }, name }) => (
    <>
      π({ARROWS[action]} | {name}) = <b>{fixed(chosen, 2)}</b>
    </>
  ),
  transition: ({ world: { slip, slipKind } }) => (
    <>
      as meant with <b>{chance(1 - slip)}</b>, else {slipKind === 'stay' ? 'it stays' : 'to a side'}
    </>
  ),
  trajectory: ({ walk: { steps, logProbability } }) => (
    <>
      {countOf(steps.length, 'step')}, p = <b>{tinyChance(Math.exp(logProbability))}</b>, {2 * steps.length} factors
    </>
  ),
  reward({ world: { rewards, layout, stepReward } }) {
    const paid = Object.entries(rewards).filter(([sign]) => layout.join('').includes(sign));
    return [
      ...paid.map(([sign, reward]) => `${rewardWords(reward)} on ${endWords(sign)}`),
      `${rewardWords(stepReward)} a step`,
    ].join(', ');
  },
  return: (walked) => (
    <>
      γ {chance(walked.world.gamma)}: {discounted(walked)} <b>{valueWords(walked.total)}</b>
      {walked.walk.cut && ', cut by the step limit'}
    </>
  ),
  value: ({ name, expected }) =>
    expected === null ? (
      'not finite'
    ) : (
      <>
        V({name}) = <b>{valueWords(expected)}</b>, solved exactly
      </>
    ),
  advantage({ total, expected }) {
    if (expected === null) return 'not finite';
    const [from, less, difference] = differenceWords(total, expected);
    return (
      <>
        {from} − {less} = <b>{difference}</b>
      </>
    );
  },
  update: ({ solution }) => (
    <>
      PPO, clip {GRID_LEARNING.ppo.clipRange}, a table of {4 * solution.isEnd.filter((end) => !end).length} numbers
    </>
  ),
};
