import { useEffect } from 'react';
import { useScreenKeys } from '../../primitives/useKeys';
import { BY_KEY, MOVES } from './acts';
import { useShown } from './channel';
import { Notes } from './Notes';
import styles from './Notes.module.css';

/** The second window: it has no lab, and knows what the presenter tells it. */
export function NotesWindow({ id }: { id: string }) {
  const { shown, ended, steering } = useShown(id);
  const theme = shown?.theme ?? 'light';
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  useScreenKeys<'Presenter'>((code, isHeld) => {
    const move = shown?.isPointing ? MOVES[code] : undefined;
    if (move) return steering.move(move[0], move[1]);
    const act = BY_KEY[code];
    if (act && !isHeld) steering.press(act);
  });
  return (
    <main className={styles.window}>
      <h1>
        Notes <span className={styles.chip}>for you alone</span>
        {shown && !ended && <span className={styles.chip}>the room’s window: {shown.size}</span>}
      </h1>
      {shown && !ended ? (
        <Notes shown={shown} steering={steering} />
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
