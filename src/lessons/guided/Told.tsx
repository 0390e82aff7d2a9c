import type { Lesson, LessonStep } from '../../contract/lesson';
import { type LessonProgress, NOTHING_CAME, saidIn } from '../../store/guide/progress';
import { Say } from '../../ui/primitives/Say';
import styles from './Guided.module.css';
import { Compared } from './Question';
import { Sentence } from './Sentence';
import { numbersOf } from './useProgress';

/** "As you said.", "Not as you said.", or that the run did something else, which is a valid end too. */
function lead(guess: string | null, came: string): string {
  if (came === NOTHING_CAME) return 'Your run did something else.';
  return guess === came ? 'As you said.' : 'Not as you said.';
}

interface ToldProps {
  lesson: Lesson;
  step: LessonStep;
  progress: LessonProgress;
}

/** What came, held against what was expected, and why. */
export function Told({ lesson, step, progress }: ToldProps) {
  const { ask, text } = step;
  const said = saidIn(step, progress);
  const came = progress.came[step.id] ?? NOTHING_CAME;
  const guess = progress.guesses[step.id] ?? null;
  const foreseen = guess === came;
  return (
    <>
      {ask && <Compared ask={ask} guess={guess} came={came} />}
      {(ask || said !== '') && (
        <Say
          tone={ask === null ? 'neutral' : foreseen ? 'good' : 'warn'}
          lead={ask && step.came.length > 0 ? lead(guess, came) : undefined}
        >
          <Sentence text={said} numbers={numbersOf(progress, step)} courses={lesson.courses} />
        </Say>
      )}
      {text.why && (
        <p className={styles.note}>
          <Sentence text={text.why} mark={step.mark} />
        </p>
      )}
    </>
  );
}
