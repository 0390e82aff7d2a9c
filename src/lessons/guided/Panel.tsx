import { useEffect, useRef } from 'react';
import type { Lesson, LessonStep } from '../../contract/lesson';
import { useGuide } from '../../store/guide/guide';
import { type LessonProgress, minutesLeft, type Phase, stepAfter, stepIndex } from '../../store/guide/progress';
import { useLab } from '../../store/lab';
import { Button } from '../../ui/primitives/Button';
import { useKeys } from '../../ui/primitives/useKeys';
import styles from './Guided.module.css';
import { Question } from './Question';
import { Sentence } from './Sentence';
import { TakeHome } from './TakeHome';
import { Told } from './Told';
import { useProgress } from './useProgress';
import { minutesWords } from './words';

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** Answers by number, steps by page, and out. */
function useLessonKeys(step: LessonStep, mayAnswer: boolean): void {
  const { answer, next, back } = useGuide(({ answer, next, back }) => ({ answer, next, back }));
  const go = useLab(({ view }) => view.go);
  const order = step.ask?.order ?? [];
  useKeys<'Lesson'>({ PageDown: () => void next(), PageUp: () => void back(), Escape: () => go('lessons') });
  const answers = DIGITS.map((digit, i) => [digit, () => order[i] !== undefined && answer(order[i])] as const);
  useKeys<'Lesson'>(Object.fromEntries(answers), mayAnswer);
}

function Where({ lesson, progress }: { lesson: Lesson; progress: LessonProgress }) {
  const index = stepIndex(lesson, progress);
  const open = progress.isDone ? lesson.steps.length : index;
  return (
    <>
      <div className={styles.where}>
        <h1 tabIndex={-1} data-stage-heading className={styles.title}>
          {lesson.title}
        </h1>
        <p className={styles.note}>
          {progress.isDone
            ? 'done'
            : `step ${index + 1} of ${lesson.steps.length} · ${minutesWords(minutesLeft(lesson, progress))} left`}
        </p>
      </div>
      <div className={styles.steps} aria-hidden="true">
        {lesson.steps.map(({ id }, i) => (
          <span key={id} data-state={i < open ? 'left' : i === open ? 'open' : undefined} />
        ))}
      </div>
    </>
  );
}

/** what is waited for before the step can be left */
const WAITING: Record<Phase, string> = {
  ask: 'Next, after your answer',
  act: 'Next, once it is done',
  told: 'Next',
};

function Ways({
  lesson,
  step,
  progress,
  phase,
}: {
  lesson: Lesson;
  step: LessonStep;
  progress: LessonProgress;
  phase: Phase;
}) {
  const { next, back } = useGuide(({ next, back }) => ({ next, back }));
  const isLast = stepAfter(lesson, step) === null;
  return (
    <div className={styles.ways}>
      <Button keyCap="PgUp" aria-keyshortcuts="PageUp" disabled={progress.way.length === 0} onClick={() => void back()}>
        Back
      </Button>
      <Button
        kind="primary"
        keyCap={phase === 'told' ? 'PgDn' : undefined}
        aria-keyshortcuts="PageDown"
        disabled={phase !== 'told'}
        onClick={() => void next()}
      >
        {isLast && phase === 'told' ? 'Finish' : WAITING[phase]}
      </Button>
    </div>
  );
}

/** The end of a lesson: what was measured, and where to go. */
function End({ lesson, progress }: { lesson: Lesson; progress: LessonProgress }) {
  const again = useGuide((guide) => guide.again);
  const go = useLab(({ view }) => view.go);
  return (
    <>
      <h2 className={styles.heading}>What you take home</h2>
      <TakeHome lesson={lesson} progress={progress} />
      <div className={styles.ways}>
        <Button onClick={() => void again(lesson)}>Begin again</Button>
        <Button kind="primary" onClick={() => go('lessons')}>
          All lessons
        </Button>
      </div>
    </>
  );
}

/** said to screen readers when a step moves on by itself; where nothing was asked no answer is kept */
const STATUS: Record<Phase, string> = {
  ask: 'A question waits for your answer.',
  act: 'Your answer is kept.',
  told: 'This step is done.',
};
const statusOf = ({ ask, done, run }: LessonStep, phase: Phase): string =>
  (phase === 'act' ? ask : (ask ?? done ?? run)) === null ? '' : STATUS[phase];

/** Left of the stage: step, text, question, what came; never over the thing it speaks of. */
export function Panel({ lesson }: { lesson: Lesson }) {
  const { progress, step, phase } = useProgress(lesson);
  const answer = useGuide((guide) => guide.answer);
  const go = useLab(({ view }) => view.go);
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(step.id);
  useLessonKeys(step, phase === 'ask'); // afterwards they vote again
  useEffect(() => {
    if (first.current !== step.id) heading.current?.focus({ preventScroll: true });
    first.current = step.id;
  }, [step.id]);
  if (progress.isDone)
    return (
      <div className={styles.panel}>
        <Where lesson={lesson} progress={progress} />
        <End lesson={lesson} progress={progress} />
      </div>
    );
  return (
    <div className={styles.panel}>
      <Where lesson={lesson} progress={progress} />
      <h2 ref={heading} tabIndex={-1} className={styles.heading}>
        {step.text.heading}
      </h2>
      <p className={styles.body}>
        <Sentence text={step.text.body} mark={step.mark} />
      </p>
      {phase === 'told' ? (
        <Told lesson={lesson} step={step} progress={progress} />
      ) : (
        step.ask && (
          <Question ask={step.ask} guess={progress.guesses[step.id] ?? null} fixed={progress.begun} onAnswer={answer} />
        )
      )}
      {phase === 'act' && step.ask && <p className={styles.note}>Your guess is kept before anything moves.</p>}
      <p className="visually-hidden" role="status">
        {statusOf(step, phase)}
      </p>
      <Ways lesson={lesson} step={step} progress={progress} phase={phase} />
      <div className={styles.foot}>
        <p className={styles.note}>Your own votes and models are set aside and come back unchanged.</p>
        <Button kind="link" aria-keyshortcuts="Escape" onClick={() => go('lessons')}>
          Leave the lesson
        </Button>
      </div>
    </div>
  );
}
