import { useEffect } from 'react';
import type { Lesson } from '../../contract/lesson';
import { useGuide } from '../../store/guide/guide';
import { useLab } from '../../store/lab';
import { Button } from '../../ui/primitives/Button';
import { EmptyState } from '../../ui/primitives/EmptyState';
import { Stage } from '../../ui/primitives/Stage';
import styles from './Guided.module.css';
import { Panel } from './Panel';
import { RealStage } from './RealStage';
import { TwinStage } from './TwinStage';
import { useLessons } from './useLessons';
import { useProgress } from './useProgress';

function NoLesson({ id }: { id: string }) {
  const go = useLab(({ view }) => view.go);
  return (
    <Stage heading="Lesson">
      <EmptyState
        title={`There is no lesson “${id}”`}
        action={
          <Button kind="primary" onClick={() => go('lessons')}>
            All lessons
          </Button>
        }
      >
        A lesson of your own is opened on Lessons first.
      </EmptyState>
    </Stage>
  );
}

function OpenLesson({ lesson }: { lesson: Lesson }) {
  const { open, leave } = useGuide(({ open, leave }) => ({ open, leave }));
  const { step, phase } = useProgress(lesson);
  useEffect(() => {
    void open(lesson);
    return () => void leave();
  }, [open, leave, lesson]);
  return (
    <section className={styles.lesson} aria-label={`Lesson ${lesson.title}`}>
      <Panel lesson={lesson} />
      <div className={`${styles.stage} ${step.show === null ? '' : styles.named}`}>
        {step.run ? (
          <TwinStage key={step.id} lesson={lesson} step={step} phase={phase} />
        ) : (
          <RealStage step={step} phase={phase} />
        )}
      </div>
    </section>
  );
}

/** The lesson that the address names, beside the stages it speaks of. */
export function LessonPage() {
  const id = useLab(({ guide }) => guide.asked);
  const lesson = useLessons().find((one) => one.id === id);
  return lesson ? <OpenLesson key={lesson.id} lesson={lesson} /> : <NoLesson id={id} />;
}
