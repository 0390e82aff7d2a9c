import { type KeyboardEvent, useRef } from 'react';
import type { Lesson } from '../../contract/lesson';
import { languagesIn } from '../../store/guide/library';
import type { LessonProgress } from '../../store/guide/progress';
import { useLab } from '../../store/lab';
import { Select } from '../../ui/primitives/Select';
import { Stage } from '../../ui/primitives/Stage';
import { codeOf } from '../../ui/primitives/useKeys';
import styles from './Guided.module.css';
import { LessonCard } from './LessonCard';
import { OwnLesson } from './OwnLesson';
import { useLessons } from './useLessons';

const STEP_OF = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 } as const;

/** the lesson that was begun and not ended, else the first */
function largeOf(lessons: readonly Lesson[], progress: Readonly<Record<string, LessonProgress>>): Lesson | undefined {
  return lessons.find(({ id }) => progress[id]?.isDone === false) ?? lessons[0];
}

/** Of the lessons; there is a choice once a translation was opened. */
function Language() {
  const { translations, language, put } = useLab(({ guide }) => guide);
  const languages = languagesIn(translations);
  if (languages.length === 0) return null;
  const options = [{ value: '', label: 'as written' }, ...languages.map((value) => ({ value, label: value }))];
  return <Select label="Language" value={language} options={options} onChange={(value) => put({ language: value })} />;
}

/** Every lesson as a card; the one that waits stands first and large. */
export function LessonsPage() {
  const lessons = useLessons();
  const progress = useLab(({ guide }) => guide.progress);
  const large = largeOf(lessons, progress);
  const cards = useRef<HTMLDivElement>(null);
  const walk = (event: KeyboardEvent) => {
    const step = STEP_OF[codeOf<'Lessons'>(event) as keyof typeof STEP_OF];
    const all = [...(cards.current?.querySelectorAll<HTMLElement>('[data-lesson-open]') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (step === undefined || at < 0) return;
    event.preventDefault();
    all[(at + step + all.length) % all.length]?.focus();
  };
  const inOrder = large ? [large, ...lessons.filter((lesson) => lesson !== large)] : lessons;
  return (
    <Stage heading="Lessons" showHeading className={styles.page}>
      <p className={styles.note}>
        Each asks before it shows and ends in a table of what you measured. Your own votes and models are set aside
        meanwhile.
      </p>
      <Language />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only hears arrows of the buttons in it */}
      <div ref={cards} className={styles.cards} data-arrow-keys onKeyDown={walk}>
        {inOrder.map((lesson) => (
          <LessonCard key={lesson.id} lesson={lesson} large={lesson === large} />
        ))}
        <OwnLesson />
      </div>
    </Stage>
  );
}
