import { Dialog as Radix } from 'radix-ui';
import { memo, useRef } from 'react';
import { LabContext, useLab } from '../../../store/lab';
import { IconButton } from '../../primitives/Button';
import { useFocusBack } from '../../primitives/Dialog';
import { Notes } from './Notes';
import { Pointer } from './Pointer';
import styles from './Presenter.module.css';
import { PICTURES, QUOTES } from './parts';
import { SCREENS, type Screen } from './screens';
import { type Show, useShow } from './useShow';

const Idea = memo(function Idea({ screen }: { screen: Screen }) {
  const Picture = PICTURES[screen.picture];
  const Quote = screen.quote && QUOTES[screen.quote];
  return (
    <>
      <p className={styles.place}>{screen.place}</p>
      <h2 className={styles.idea}>{screen.idea}</h2>
      <div className={styles.picture} data-hero>
        <Picture />
      </div>
      {Quote && (
        <div className={styles.quotes}>
          <Quote />
        </div>
      )}
    </>
  );
});

function Foot({ show: { seen, isFrozen, heldAt, run, isRecorded, areNotesClosed, press } }: { show: Show }) {
  const seed = useLab((lab) => lab.config.value.seed);
  return (
    <footer className={styles.foot}>
      {isFrozen ? (
        <b className={styles.frozen}>Frozen{heldAt && ` at ${heldAt}`}: the run goes on</b>
      ) : (
        <span className={isRecorded ? styles.recorded : undefined}>
          {run ?? `RLHF Lab · seed ${seed} · computed on this machine`}
        </span>
      )}
      <span className={styles.dashes} aria-hidden="true">
        {SCREENS.map(({ idea }, index) => (
          <i key={idea} data-done={index <= seen} />
        ))}
      </span>
      {areNotesClosed && <span className={styles.chip}>Notes closed: N</span>}
      <span>
        {seen + 1} of {SCREENS.length}
      </span>
      <span className={styles.buttons}>
        <IconButton label="Back" onClick={() => press('back')}>
          ‹
        </IconButton>
        <IconButton label="Forward" onClick={() => press('forward')}>
          ›
        </IconButton>
        <IconButton label="Notes" onClick={() => press('notes')}>
          ≡
        </IconButton>
        <IconButton label="Leave" onClick={() => press('leave')}>
          ✕
        </IconButton>
      </span>
    </footer>
  );
}

const COVERED = { black: 'The screen is black.', white: 'The screen is white.' } as const;

/** The lab on one idea a screen, for a room: its parts are those of the stages, and live. */
export function Presenter() {
  const show = useShow();
  const room = useRef<HTMLDivElement>(null);
  const focusBack = useFocusBack(true);
  const screen = SCREENS[show.seen]!;
  return (
    <Radix.Root open onOpenChange={(open) => !open && show.press('leave')}>
      <Radix.Portal>
        <Radix.Content
          ref={room}
          className={styles.room}
          data-place="screen"
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            room.current?.focus();
          }}
          onCloseAutoFocus={focusBack}
          onInteractOutside={(event) => event.preventDefault()}
        >
          <Radix.Title asChild>
            <h1 className="visually-hidden">Presenter</h1>
          </Radix.Title>
          <div className={styles.screen}>
            <LabContext value={show.lab}>
              <Idea key={show.seen} screen={screen} />
            </LabContext>
            <Foot show={show} />
          </div>
          {show.hasNotesBelow && <Notes shown={show} steering={show.steering} />}
          <p className="visually-hidden" role="status">
            {show.cover ? COVERED[show.cover] : `Screen ${show.seen + 1} of ${SCREENS.length}: ${screen.idea}`}
          </p>
          {show.cover && <div className={styles[show.cover]} data-cover={show.cover} />}
          {show.isPointing && <Pointer ring={show.ring} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
