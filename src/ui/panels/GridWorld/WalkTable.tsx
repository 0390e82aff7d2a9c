import type { Cell, GridSolution, GridStep, GridWalk, GridWorld } from '../../../contract/gridworld';
import { fixed } from '../../../contract/numbers';
import { ScrollBox } from '../ScrollBox';
import styles from './tables.module.css';
import { ACTION_WORDS, ARROWS, chance, rewardWords, stateName, valueWords } from './words';

interface WalkTableProps {
  world: GridWorld;
  solution: GridSolution;
  walk: GridWalk;
  /** the columns of its probability, or those of its return */
  shows: 'probability' | 'return';
  /** V of the state in which it was cut, under the policy that walked; null where that is not known */
  rest: number | null;
  /** a row that is pointed at lights its cell on the grid, until the pointer leaves */
  onLight: (cells: readonly Cell[]) => void;
}

const hasSlipped = ({ meant }: GridSolution, { state, action, next }: GridStep): boolean =>
  meant[state]![action] !== next;

function Landing({ solution, step }: { solution: GridSolution; step: GridStep }) {
  return (
    <>
      {stateName(solution, step.next)}
      {hasSlipped(solution, step) && <span className={styles.slipped}> slipped</span>}
      {solution.isEnd[step.next] && <span className={styles.end}> end</span>}
    </>
  );
}

/** One walk, a row a step, with every number that it is made of. */
export function WalkTable({ world, solution, walk, shows, rest, onLight }: WalkTableProps) {
  const probability = shows === 'probability';
  const heads = probability
    ? ['t', 'state', 'action', 'π(a | s)', 'lands on', 'P(s′ | s, a)']
    : ['t', 'state', 'lands on', 'reward', 'γᵗ', 'γᵗ · reward', 'Gₜ from here on'];
  return (
    <ScrollBox label="The walk, step by step" className={styles.box}>
      <table className={`${styles.table} ${styles.walk}`} data-shows={shows}>
        <caption className="visually-hidden">The walk, step by step</caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {walk.steps
            .map((step, t) => ({ step, t }))
            .map(({ step, t }) => (
              <tr
                key={t}
                data-slipped={hasSlipped(solution, step)}
                onPointerEnter={() => onLight([solution.cells[step.state]!])}
                onPointerLeave={() => onLight([])}
              >
                <th scope="row">{t}</th>
                <td>{stateName(solution, step.state)}</td>
                {probability ? (
                  <ProbabilityCells solution={solution} step={step} />
                ) : (
                  <ReturnCells world={world} solution={solution} step={step} t={t} following={walk.returns[t]!} />
                )}
              </tr>
            ))}
          {walk.cut && !probability && (
            <tr data-cut>
              <th scope="row">{walk.steps.length}</th>
              <td colSpan={4}>
                cut by the step limit, not ended: V({stateName(solution, walk.steps.at(-1)!.next)}) is added
              </td>
              <td>{rest === null ? '–' : valueWords(world.gamma ** walk.steps.length * rest)}</td>
              <td>{rest === null ? '–' : valueWords(rest)}</td>
            </tr>
          )}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function ProbabilityCells({ solution, step }: { solution: GridSolution; step: GridStep }) {
  return (
    <>
      <td>
        <span aria-hidden="true">{ARROWS[step.action]}</span>
        <span className="visually-hidden">{ACTION_WORDS[step.action]}</span>
      </td>
      <td>{fixed(step.chosen, 2)}</td>
      <td>
        <Landing {...{ solution, step }} />
      </td>
      <td>{chance(step.landed)}</td>
    </>
  );
}

interface ReturnCellsProps {
  world: GridWorld;
  solution: GridSolution;
  step: GridStep;
  t: number;
  following: number;
}

function ReturnCells({ world, solution, step, t, following }: ReturnCellsProps) {
  const discount = world.gamma ** t;
  return (
    <>
      <td>
        <Landing {...{ solution, step }} />
      </td>
      <td>{rewardWords(step.reward)}</td>
      <td>{fixed(discount, 3)}</td>
      <td>{valueWords(discount * step.reward)}</td>
      <td>{valueWords(following)}</td>
    </>
  );
}
