import { type Cell, cellName, type GridSolution, type GridValues, type Outcome } from '../../../contract/gridworld';
import { maxOf } from '../../../contract/many';
import { fixed } from '../../../contract/numbers';
import { ScrollBox } from '../ScrollBox';
import styles from './tables.module.css';
import { useGridLesson } from './useGridLesson';
import {
  ACTION_WORDS,
  ARROWS,
  behindSign,
  chance,
  differenceWords,
  rewardWords,
  stateAt,
  stateName,
  valueWords,
} from './words';

interface ActionTableProps {
  solution: GridSolution;
  cell: Cell;
  gamma: number;
  /** worth of the cells that a step leads to; null shows where it leads alone */
  values: GridValues | null;
}

/** "0.8 · (0 + 0.9 · 0.717)": one way that a step may go */
const termOf = ({ probability, reward, next }: Outcome, gamma: number, values: readonly number[]): string =>
  `${chance(probability)} · (${rewardWords(reward)} + ${chance(gamma)} · ${behindSign(values[next]!)})`;

const waysOf = (solution: GridSolution, outcomes: readonly Outcome[]): string =>
  outcomes
    .map(({ next, probability, reward }) => {
      const paid = reward === 0 ? '' : ` (${rewardWords(reward)})`;
      return `${stateName(solution, next)} ${chance(probability)}${paid}`;
    })
    .join(', ');

/** over the ways that a step may go, each to another state; it breaks between its terms */
function Sum({ over, termOf }: { over: readonly Outcome[]; termOf: (outcome: Outcome) => string }) {
  return over.map((outcome, i) => (
    <span key={outcome.next} className={styles.term}>
      {i > 0 ? `+ ${termOf(outcome)} ` : `${termOf(outcome)} `}
    </span>
  ));
}

/**
 * The four actions from one cell: where each may lead, and, where values are known, what it is worth with its sum. A
 * row lights its cells.
 */
export function ActionTable({ solution, cell, gamma, values }: ActionTableProps) {
  const light = useGridLesson((lesson) => lesson.light);
  const state = stateAt(solution, cell);
  const name = cellName(cell);
  if (state < 0) return <p className={styles.note}>{name} is a wall: no state. Move to another cell.</p>;
  if (solution.isEnd[state])
    return <p className={styles.note}>{name} is an end: nothing is decided there, and it is worth 0.</p>;
  const outcomes = solution.outcomes[state]!;
  const best = values ? maxOf(values.q[state]!) : 0;
  return (
    <ScrollBox label={`Actions from ${name}`} className={styles.box}>
      <table className={`${styles.table} ${styles.sums}`}>
        <caption className="visually-hidden">What each action from {name} may lead to</caption>
        <thead>
          <tr>
            <th scope="col">action</th>
            {values && <th scope="col">π(a | {name})</th>}
            <th scope="col" className={styles.words}>
              {values
                ? 'Q: each way it may go, its reward and γ times what follows'
                : 'where it may lead, with which probability'}
            </th>
            {values && <th scope="col">Q</th>}
            {values && <th scope="col">A = Q − V</th>}
          </tr>
        </thead>
        <tbody>
          {outcomes.map((list, action) => (
            <tr
              key={ARROWS[action]}
              data-best={values !== null && values.q[state]![action]! >= best - 1e-9}
              onPointerEnter={() => light(list.map(({ next }) => solution.cells[next]!))}
              onPointerLeave={() => light([])}
            >
              <th scope="row">
                <span aria-hidden="true">{ARROWS[action]} </span>
                {ACTION_WORDS[action]}
              </th>
              {values && <td>{fixed(values.policy[state]![action]!, 2)}</td>}
              <td className={styles.words}>
                {values ? (
                  <Sum over={list} termOf={(one) => termOf(one, gamma, values.values)} />
                ) : (
                  waysOf(solution, list)
                )}
              </td>
              {values && (
                <td>
                  <b>{valueWords(values.q[state]![action]!)}</b>
                </td>
              )}
              {values && <td>{differenceWords(values.q[state]![action]!, values.values[state]!)[2]}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
