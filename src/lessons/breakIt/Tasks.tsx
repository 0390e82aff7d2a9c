import { useLab } from '../../store/lab';
import type { LessonTask } from '../../store/lessons/lessonState';
import { Button } from '../../ui/primitives/Button';
import { Card } from '../../ui/primitives/Card';
import { Progress } from '../../ui/primitives/Progress';
import styles from './BreakIt.module.css';

interface Answer {
  id: string;
  label: string;
}

/** the first that is not done */
const current = (tasks: readonly LessonTask[]): LessonTask | undefined => tasks.find(({ done, total }) => done < total);

/** What is being prepared and trained, with a pause and a way out. */
export function Tasks({ answers }: { answers: readonly Answer[] }) {
  const { tasks, halted, live, pause, resume, cancel } = useLab((lab) => lab.lesson);
  const now = current(tasks)?.label;
  const expected = answers.find(({ id }) => id === live?.answer)?.label;
  return (
    <Card>
      <div className={styles.row}>
        {halted === 'no' ? (
          <Button onClick={() => void pause()}>Pause lesson</Button>
        ) : (
          <Button disabled={halted === 'pausing'} onClick={resume}>
            Resume lesson
          </Button>
        )}
        <Button kind="quiet" onClick={() => void cancel()}>
          Cancel lesson
        </Button>
        <p role="status" className={styles.note}>
          {halted === 'no' ? (now ?? 'Making ready') : 'Paused'}
          {live?.base ? ` · on ${live.base}` : ''}
        </p>
      </div>
      <ul className={styles.tasks}>
        {tasks.map(({ label, done, total }) => (
          <li key={label}>
            <span>{label}</span>
            <span className={styles.count}>{`${Math.min(done, total)} of ${total}`}</span>
            <Progress label={label} value={done} max={total} />
          </li>
        ))}
      </ul>
      {expected !== undefined && <p className={styles.note}>{`You expect: ${expected}.`}</p>}
    </Card>
  );
}
