import { cellName } from '../../../contract/gridworld';
import { maxOf } from '../../../contract/many';
import { Disclosure } from '../../primitives/Disclosure';
import { cellWords, isFree } from './cellWords';
import styles from './tables.module.css';
import { useGridLesson } from './useGridLesson';
import { useLook } from './useLook';
import { ACTION_WORDS, QUESTIONS, stateName, valueWords } from './words';

/** The picture again as a table, for ears and for whoever wants the digits. */
export function GridTables() {
  const { part, world, solution } = useGridLesson(({ part, world, solution }) => ({ part, world, solution }));
  const { values, policy, walk } = useLook();
  if (!solution || part === 'language') return null;
  const steps = new Map<number, number[]>();
  for (const [t, step] of (walk?.steps ?? []).entries()) steps.set(step.state, [...(steps.get(step.state) ?? []), t]);
  return (
    <Disclosure summary="As a table">
      <table className={styles.table}>
        <caption className={styles.caption}>{QUESTIONS[part]}</caption>
        <thead>
          <tr>
            <th scope="col">cell</th>
            <th scope="col" className={styles.words}>
              what is there
            </th>
            {values && <th scope="col">V</th>}
            {policy && <th scope="col">most often</th>}
            {walk && <th scope="col">steps of the walk</th>}
          </tr>
        </thead>
        <tbody>
          {solution.cells.map((cell, state) => (
            <tr key={cellName(cell)}>
              <th scope="row">{stateName(solution, state)}</th>
              <td className={styles.words}>{cellWords(world, cell)}</td>
              {values && <td>{valueWords(values[state]!)}</td>}
              {policy && <td>{isFree(world, cell) ? likeliest(policy[state]!) : '–'}</td>}
              {walk && <td>{steps.get(state)?.join(', ') ?? '–'}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </Disclosure>
  );
}

function likeliest(policy: readonly number[]): string {
  const most = maxOf(policy);
  const names = policy.flatMap((p, action) => (most - p < 1e-9 ? [ACTION_WORDS[action]!] : []));
  return names.length === 4 ? 'all alike' : names.join(' or ');
}
