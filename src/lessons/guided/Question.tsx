import { useId } from 'react';
import type { LessonAsk } from '../../contract/lesson';
import { NOTHING_CAME } from '../../store/guide/progress';
import styles from './Guided.module.css';

interface QuestionProps {
  ask: LessonAsk;
  guess: string | null;
  /** something has moved: the answer stays */
  fixed: boolean;
  onAnswer: (answer: string) => void;
}

/** Before anything moves: what somebody expects. Each answer has the key of its place. */
export function Question({ ask, guess, fixed, onAnswer }: QuestionProps) {
  const name = useId();
  return (
    <fieldset className={styles.question}>
      <legend>{ask.text}</legend>
      {ask.order.map((answer, i) => (
        <label key={answer} className={styles.answer} data-chosen={guess === answer || undefined}>
          <span className={styles.key} aria-hidden="true">
            {i + 1}
          </span>
          <span>
            {ask.answers[answer]}
            <input
              type="radio"
              className="over-label"
              name={name}
              checked={guess === answer}
              disabled={fixed}
              onChange={() => onAnswer(answer)}
            />
          </span>
          {guess === answer && <span className={styles.tag}>you</span>}
        </label>
      ))}
    </fieldset>
  );
}

/** After it: what was said beside what came; the other answers are gone. */
export function Compared({ ask, guess, came }: { ask: LessonAsk; guess: string | null; came: string }) {
  const hasTrue = came !== NOTHING_CAME || guess !== null;
  const shown = ask.order.filter((answer) => answer === guess || answer === came);
  return (
    <div className={styles.question}>
      <p className={styles.asked}>{ask.text}</p>
      {hasTrue && (
        <ul className={styles.answers}>
          {shown.map((answer) => (
            <li key={answer} className={styles.answer} data-came={answer === came || undefined}>
              <span className={styles.key} aria-hidden="true">
                {ask.order.indexOf(answer) + 1}
              </span>
              <span>{ask.answers[answer]}</span>
              <span className={styles.tag}>
                {answer === guess && 'you said'}
                {answer === guess && answer === came && ', '}
                {answer === came && '✓ it came'}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
