import { Button } from '../../primitives/Button';
import { formatDuration } from '../../primitives/format';
import { CountHands } from './CountHands';
import type { Shown, Steering } from './channel';
import styles from './Notes.module.css';
import { SCREENS } from './screens';
import { Thumb } from './Thumb';

interface NotesProps {
  shown: Shown;
  steering: Steering;
}

const COVER_WORDS = { black: 'The room sees black.', white: 'The room sees white.' } as const;

function roomWords({ at, seen, isFrozen, cover }: Shown): string {
  if (cover) return COVER_WORDS[cover];
  if (!isFrozen) return 'The room sees this screen.';
  return `Frozen: the room sees ${at === seen ? 'this screen as it was' : `screen ${seen + 1}`}.`;
}

/** minutes that all screens before one should have taken */
const plannedBefore = (at: number): number => SCREENS.slice(0, at).reduce((sum, { minutes }) => sum + minutes, 0);

function Clock({ at, elapsedMs }: Pick<Shown, 'at' | 'elapsedMs'>) {
  const from = plannedBefore(at);
  return (
    <section className={styles.card} aria-label="Time">
      <h2>Time</h2>
      <p className={styles.clock}>{formatDuration(elapsedMs)}</p>
      <p className={styles.quiet}>
        Planned for this screen: {from} to {from + SCREENS[at]!.minutes} min of {plannedBefore(SCREENS.length)}.
      </p>
    </section>
  );
}

interface ButtonsProps {
  shown: Shown;
  press: Steering['press'];
}

function Buttons({ shown: { at, isFrozen, cover, isPointing, isRecorded }, press }: ButtonsProps) {
  const { run, picture } = SCREENS[at]!;
  return (
    <div className={styles.buttons}>
      <Button onClick={() => press('back')} keyCap="PgUp">
        Back
      </Button>
      <Button kind="primary" onClick={() => press('forward')} keyCap="PgDn">
        Forward
      </Button>
      {run && (
        <>
          <Button onClick={() => press('run')} keyCap="Space">
            {isRecorded ? 'Play or halt' : 'Train or pause'}
          </Button>
          <Button onClick={() => press('recorded')} aria-pressed={isRecorded} keyCap="R">
            Recorded
          </Button>
        </>
      )}
      {picture === 'pair' && (
        <>
          <Button onClick={() => press('preferA')} keyCap="1">
            The room prefers A
          </Button>
          <Button onClick={() => press('preferB')} keyCap="2">
            The room prefers B
          </Button>
        </>
      )}
      <Button onClick={() => press('black')} aria-pressed={cover === 'black'} keyCap="B">
        Black
      </Button>
      <Button onClick={() => press('freeze')} aria-pressed={isFrozen} keyCap="F">
        Freeze
      </Button>
      <Button onClick={() => press('point')} aria-pressed={isPointing} keyCap="O">
        Pointer
      </Button>
      <Button onClick={() => press('leave')} keyCap="Esc">
        Leave
      </Button>
    </div>
  );
}

/** For the one who speaks: what to say, what comes next, how long it took, and the presenter's buttons. */
export function Notes({ shown, steering }: NotesProps) {
  const { at, isPointing, run } = shown;
  const screen = SCREENS[at]!;
  const next = SCREENS[at + 1];
  return (
    <section className={styles.notes} aria-label="Notes">
      <section className={styles.card} aria-label="Now">
        <h2>
          Now{' '}
          <small>
            {at + 1} of {SCREENS.length}
          </small>
        </h2>
        <Thumb
          screen={screen}
          sketch={shown.at === shown.seen ? shown.sketch : null}
          steer={isPointing ? steering.point : null}
        />
        <p className={styles.quiet} role="status">
          {roomWords(shown)}
        </p>
      </section>
      <section className={styles.card} aria-label="Next">
        <h2>Next</h2>
        {next ? <Thumb screen={next} sketch={null} steer={null} /> : <p className={styles.idea}>The end.</p>}
        {next?.answers && <p className={styles.quiet}>Asks: count hands, then go on.</p>}
        {run && <p className={styles.quiet}>{run}</p>}
      </section>
      <Clock at={at} elapsedMs={shown.elapsedMs} />
      <CountHands shown={shown} steering={steering} />
      <section className={`${styles.card} ${styles.say}`} aria-label="Say">
        <h2>Say</h2>
        <ol>
          {screen.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ol>
      </section>
      <Buttons shown={shown} press={steering.press} />
    </section>
  );
}
