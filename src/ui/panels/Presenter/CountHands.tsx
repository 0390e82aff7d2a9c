import { Button } from '../../primitives/Button';
import type { Shown, Steering } from './channel';
import { handsOf } from './hands';
import styles from './Notes.module.css';
import { SCREENS } from './screens';

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** "rises 9, stays 17, falls 5" */
const words = (answers: readonly string[], counts: readonly number[]): string =>
  answers.map((answer, i) => `${answer} ${counts[i]}`).join(', ');

/** Hands of the room, answer by answer; on the screen after a question they can be read again. */
export function CountHands({ shown: { at, hands }, steering }: { shown: Shown; steering: Steering }) {
  const { answers } = SCREENS[at]!;
  const counts = handsOf(hands, at);
  const before = SCREENS[at - 1]?.picture === 'question' ? handsOf(hands, at - 1) : [];
  if (!answers && total(before) === 0) return null;
  return (
    <section className={`${styles.card} ${styles.say}`} aria-label="Hands">
      <h2>
        Hands <small role="status">{answers ? `${total(counts)} up` : `${total(before)} before the run`}</small>
      </h2>
      {!answers && <p className={styles.quiet}>{words(SCREENS[at - 1]!.answers!, before)}</p>}
      {answers && (
        <ul className={styles.hands}>
          {answers.map((answer, i) => (
            <li key={answer}>
              <span>{answer}</span>
              <Button
                aria-label={`One hand less for ${answer}`}
                disabled={counts[i] === 0}
                onClick={() => steering.count(at, i, -1)}
              >
                −
              </Button>
              <b data-metric="presenter/hands" data-value={counts[i]}>
                {counts[i]}
              </b>
              <Button aria-label={`One hand more for ${answer}`} onClick={() => steering.count(at, i, 1)}>
                +
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
