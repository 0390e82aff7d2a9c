import { useEffect } from 'react';
import { useScreenKeys } from '../../primitives/useKeys';
import { BY_KEY } from './acts';
import { useShown } from './channel';
import { Notes } from './Notes';
import styles from './Notes.module.css';

/** The second window: it has no lab, and knows what the presenter tells it. */
export function NotesWindow({ id }: { id: string }) {
  const { shown, ended, press } = useShown(id);
  const theme = shown?.theme ?? 'light';
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  useScreenKeys<'Presenter'>((code, isHeld) => {
    const act = BY_KEY[code];
    if (act && !isHeld) press(act);
  });
  return (
    <main className={styles.window}>
      <h1>Notes</h1>
      {shown && !ended ? (
        <Notes shown={shown} press={press} />
      ) : (
        <p className={styles.card}>
          {ended
            ? 'The presenter was closed. This window can go too.'
            : 'Waiting for the presenter in the other window…'}
        </p>
      )}
    </main>
  );
}
