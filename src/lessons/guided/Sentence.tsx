import type { Lesson } from '../../contract/lesson';
import { textParts } from '../../store/guide/library';
import { MARK_LETTER } from '../../ui/panels/LessonView';
import styles from './Guided.module.css';
import { controlLabel, courseWords, partWords } from './words';

interface SentenceProps {
  text: string;
  /** the control in question, by the name of its setting in the address */
  mark?: string | null;
  /** what came, by name */
  numbers?: Readonly<Record<string, number>>;
  /** the words of a course */
  courses?: Lesson['courses'];
}

/** A sentence of a lesson with its control and its numbers filled in. */
export function Sentence({ text, mark = null, numbers = {}, courses = null }: SentenceProps) {
  const parts = textParts(text);
  return parts.map((part, i) => {
    const key = `${i}`;
    if (part.kind === 'words') return <span key={key}>{part.words}</span>;
    if (part.kind === 'course') return <b key={key}>{courses && courseWords(courses, part.of, numbers)}</b>;
    if (part.kind === 'number') return <b key={key}>{partWords(parts, i, numbers)}</b>;
    return (
      <span key={key} className={styles.mark}>
        <span className={styles.letter} aria-hidden="true">
          {MARK_LETTER}
        </span>{' '}
        <b>{mark === null ? '' : controlLabel(mark)}</b>
      </span>
    );
  });
}
