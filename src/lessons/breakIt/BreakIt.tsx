import type { Lesson, LessonStep } from '../../contract/lesson';
import { guideOf } from '../../store/guide/guide';
import { whatCame } from '../../store/guide/progress';
import { recordOf, watchedTwin } from '../../store/guide/watch';
import { useLab, useLabStore } from '../../store/lab';
import type { LessonRecord } from '../../store/lessons/lessonState';
import { Button } from '../../ui/primitives/Button';
import { Card } from '../../ui/primitives/Card';
import { useLessons } from '../guided/useLessons';
import styles from './BreakIt.module.css';

const LESSON = 'rewardHacking';

/** Why lessons need the stories, for whoever has a text of their own open. */
function OwnText() {
  const own = useLab((lab) => lab.corpus.summary?.kind === 'text');
  if (!own) return null;
  return (
    <p className={styles.note}>
      These lessons need the stories of the grammar: only there can a program say what a text is really worth (gold). On
      your own text the reward model’s score is all there is, and it looks best just when it is being cheated. So they
      run on the trained Tiny model and its stories; your text stays as it is.
    </p>
  );
}

const nameOf = ({ text }: LessonStep): string => text.short ?? text.heading;

/** what was said before it ran, beside what came */
function Came({ step, record }: { step: LessonStep; record: LessonRecord }) {
  const said = step.ask?.answers[record.answer];
  const came = step.ask?.answers[whatCame(step, { ...watchedTwin(record), seed: record.seed, answered: [] })];
  return (
    <li className={styles.note}>
      <b>{nameOf(step)}:</b> {said && `you said “${said}”`}
      {said && came && (said === came ? ', and so it came.' : `, it came “${came}”.`)}
    </li>
  );
}

/** One way: a button that leads to its step, with a sign where it runs or has run. */
function Way({ lesson, step }: { lesson: Lesson; step: LessonStep }) {
  const lab = useLabStore();
  const record = useLab((state) => recordOf(state, lesson.id, step.id));
  const go = useLab(({ view }) => view.go);
  const enter = () => {
    guideOf(lab).getState().stepTo(lesson, step.id);
    go('lesson');
  };
  const sign = record?.status === 'running' ? '…' : record?.status === 'done' ? '✓' : null;
  return (
    <Button onClick={enter}>
      {nameOf(step)}
      {sign !== null && (
        <span aria-hidden="true" className={styles.sign}>
          {sign}
        </span>
      )}
    </Button>
  );
}

/** The doorway to the ways to break RLHF: each is a step of the lesson *Reward hacking*, opened there. */
export function BreakIt() {
  const lesson = useLessons().find(({ id }) => id === LESSON);
  const records = useLab((lab) => lab.lesson.records);
  if (!lesson) return null;
  const ways = lesson.steps.filter(({ run }) => run !== null);
  const taken = ways.flatMap((step) => {
    const record = records[`${lesson.id}/${step.id}`];
    return record?.status === 'done' && record.answer !== '' ? [{ step, record }] : [];
  });
  return (
    <section className={styles.region} aria-label="Break it">
      <Card>
        <div className={styles.strip}>
          <h2 className={styles.title}>Break it</h2>
          <div className={styles.buttons}>
            {ways.map((step) => (
              <Way key={step.id} lesson={lesson} step={step} />
            ))}
          </div>
          <p className={styles.note}>
            Runs that go wrong, beside twins without the one cause: each opens in the lesson {lesson.title}. What is
            yours stays.
          </p>
        </div>
        {taken.length > 0 && (
          <ul className={styles.came} aria-label="What came">
            {taken.map(({ step, record }) => (
              <Came key={step.id} step={step} record={record} />
            ))}
          </ul>
        )}
        <OwnText />
      </Card>
    </section>
  );
}
