import { useState } from 'react';
import { LIMITS } from '../../contract/limits';
import { type LineTrouble, openLessonFile } from '../../store/guide/library';
import { useLabStore } from '../../store/lab';
import { Button } from '../../ui/primitives/Button';
import { FileDrop } from '../../ui/primitives/FileDrop';
import styles from './Guided.module.css';
import { exampleFile, shippedLessons } from './shipped';

/** What is wrong with a file, by its lines; nothing was changed. */
function Troubles({ name, troubles }: { name: string; troubles: readonly LineTrouble[] }) {
  return (
    <ul className={styles.troubles} role="alert">
      {troubles.map(({ line, why }) => (
        <li key={`${line} ${why}`}>
          <b>
            {name}, line {line}:
          </b>{' '}
          {why}
        </li>
      ))}
    </ul>
  );
}

/** A teacher's own lesson: one file, which runs like those of the page and stays on this computer. */
export function OwnLesson() {
  const lab = useLabStore();
  const [bad, setBad] = useState<{ name: string; troubles: readonly LineTrouble[] } | null>(null);
  const take = async (bytes: Uint8Array, name: string) => {
    const opened = openLessonFile(lab.getState(), bytes, await shippedLessons());
    setBad(opened.kind === 'read' ? null : { name, troubles: opened.troubles });
  };
  const example = async () => lab.saveFile('rewardHacking.json', await exampleFile(), 'application/json');
  return (
    <article className={`${styles.card} ${styles.own}`} aria-labelledby="own-lesson">
      <h2 id="own-lesson">Your own lesson</h2>
      <p className={styles.note}>
        One text file, or a translation of one. Drop it here; it runs like ours and stays on this computer.
      </p>
      <FileDrop
        label="Open a lesson file"
        accept=".json,application/json"
        limit={LIMITS.lessonBytes}
        onFile={(bytes, name) => void take(bytes, name)}
      >
        {null}
      </FileDrop>
      <Button kind="link" onClick={() => void example()}>
        An example
      </Button>
      {bad && <Troubles {...bad} />}
    </article>
  );
}
