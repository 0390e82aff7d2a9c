import type { Lesson } from '../../contract/lesson';
import { useGuide } from '../../store/guide/guide';
import { keptRows, type LessonProgress, minutesLeft, stepAt, stepIndex } from '../../store/guide/progress';
import { useLab } from '../../store/lab';
import { Button } from '../../ui/primitives/Button';
import styles from './Guided.module.css';
import { keptWords, minutesWords, numberLabel } from './words';

/** what was measured last, of a lesson that is done */
function Measured({ lesson, progress }: { lesson: Lesson; progress: LessonProgress }) {
  const rows = keptRows(lesson, progress);
  const last = rows.at(-1);
  return <p className={styles.done}>✓ {last ? `${numberLabel(last.name)}: ${keptWords(last, rows)}` : 'done'}</p>;
}

/** where an unfinished lesson stands, with the guess that waits */
function Standing({ lesson, progress }: { lesson: Lesson; progress: LessonProgress }) {
  const step = stepAt(lesson, progress);
  const guess = step.ask?.answers[progress.guesses[step.id] ?? ''];
  return (
    <p>
      <b>
        Step {stepIndex(lesson, progress) + 1} of {lesson.steps.length}, {step.text.heading}.
      </b>{' '}
      {guess !== undefined && `Your guess is kept: “${guess}”.`}
    </p>
  );
}

/** One lesson: how long it takes, what it asks, what will have been measured; how far it has come. */
export function LessonCard({ lesson, large }: { lesson: Lesson; large: boolean }) {
  const progress = useLab(({ guide }) => guide.progress[lesson.id]);
  const put = useLab(({ guide }) => guide.put);
  const go = useLab(({ view }) => view.go);
  const again = useGuide((guide) => guide.again);
  const isOpen = progress !== undefined && !progress.isDone;
  const open = () => {
    put({ asked: lesson.id });
    go('lesson');
  };
  const beginAgain = async () => {
    await again(lesson);
    open();
  };
  const name = isOpen && progress ? `Go on, ${minutesWords(minutesLeft(lesson, progress))}` : 'Begin';
  return (
    <article className={`${styles.card} ${large ? styles.large : ''}`} aria-labelledby={`lesson-${lesson.id}`}>
      <div className={styles.cardHead}>
        <h2 id={`lesson-${lesson.id}`}>{lesson.title}</h2>
        <span className={styles.minutes}>
          <b>{lesson.minutes}</b> min
        </span>
      </div>
      <p>{lesson.about}</p>
      {isOpen && <Standing lesson={lesson} progress={progress} />}
      {lesson.measured !== '' && (
        <p className={styles.note}>
          You will have measured
          <br />
          {lesson.measured}
        </p>
      )}
      {progress?.isDone && <Measured lesson={lesson} progress={progress} />}
      <div className={styles.ways}>
        <Button
          kind={large ? 'primary' : 'plain'}
          data-lesson-open
          aria-describedby={`lesson-${lesson.id}`}
          onClick={progress?.isDone ? () => void beginAgain() : open}
        >
          {progress?.isDone ? 'Begin again' : name}
        </Button>
        {isOpen && (
          <Button aria-describedby={`lesson-${lesson.id}`} onClick={() => void beginAgain()}>
            Begin again
          </Button>
        )}
      </div>
    </article>
  );
}
