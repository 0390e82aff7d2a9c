import type { Lesson, LessonStep } from '../../contract/lesson';
import { keptRows, type LessonProgress } from '../../store/guide/progress';
import { otherSeed } from '../../store/guide/watch';
import { useLab } from '../../store/lab';
import styles from './Guided.module.css';
import { keptWords, numberLabel } from './words';

/** the step that a row is of, with the seed of its runs where that is another than the lesson's */
function StepName({ lesson, step }: { lesson: Lesson; step: LessonStep }) {
  const seed = useLab((lab) => otherSeed(lab, lesson, step));
  return seed === null ? step.text.heading : `${step.text.heading} (seed ${seed})`;
}

/** The table to take home: everything that was measured on the way. */
export function TakeHome({ lesson, progress }: { lesson: Lesson; progress: LessonProgress }) {
  const rows = keptRows(lesson, progress);
  if (rows.length === 0) return null;
  return (
    <table className={styles.table}>
      <caption>What you measured, seed {lesson.seed}</caption>
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col">Measured</th>
          <th scope="col">Value</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={`${row.step.id}/${row.name}`}>
            <td>{rows[i - 1]?.step !== row.step && <StepName lesson={lesson} step={row.step} />}</td>
            <th scope="row">{numberLabel(row.name)}</th>
            <td data-metric={`${row.step.id}/${row.name}`} data-value={row.value}>
              {keptWords(row, rows)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
