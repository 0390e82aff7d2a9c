import { GRID_PARTS, sweepsOf, updatesOf } from '../../../store/gridworld/gridState';
import { Button } from '../../primitives/Button';
import { Progress } from '../../primitives/Progress';
import transport from '../../primitives/TransportBar.module.css';
import { useKeys } from '../../primitives/useKeys';
import { useHeld, useInLesson } from '../LessonView';
import styles from './GridFooter.module.css';
import { useGridLesson } from './useGridLesson';

/** What plays in the part that is open: sweeps, updates, or nothing but the parts themselves. */
interface Playing {
  noun: string;
  at: number;
  of: number;
  running: boolean;
  /** why it cannot */
  blocked: string | null;
  play: () => void;
  pause: () => void;
  step: () => void;
  reset: () => void;
  /** "Train", "Play" */
  verb: string;
  stepKey: string;
}

function usePlaying(): Playing | null {
  const lesson = useGridLesson((state) => state);
  const { part, solution, run, learning } = lesson;
  const held = useHeld();
  const isEndless = solution && !solution.best;
  const blocked = held ?? (isEndless ? 'no finite value at γ = 1: an end must be in reach' : null);
  if (part === 'sweeps')
    return {
      noun: 'sweep',
      at: lesson.swept,
      of: sweepsOf(solution),
      running: lesson.sweeping,
      blocked,
      play: lesson.playSweeps,
      pause: lesson.pauseSweeps,
      step: () => lesson.sweepTo(lesson.swept + 1),
      reset: () => lesson.sweepTo(0),
      verb: 'Play',
      stepKey: 'S',
    };
  if (part !== 'learning') return null;
  return {
    noun: 'update',
    at: run?.learner.update ?? 0,
    of: updatesOf(learning),
    running: lesson.training,
    blocked,
    play: () => void lesson.train(),
    pause: lesson.pause,
    step: () => void lesson.step(),
    reset: lesson.reset,
    verb: 'Train',
    stepKey: '.',
  };
}

function Transport({ noun, at, of, running, blocked, play, pause, step, reset, verb, stepKey }: Playing) {
  const can = blocked === null;
  const toggle = running ? pause : play;
  useKeys<'Grid world'>({
    Space: () => can && toggle(),
    '.': () => can && !running && step(),
    r: () => at > 0 && reset(),
  });
  return (
    <>
      <Button onClick={reset} disabled={at === 0} aria-keyshortcuts="R" title="R">
        <span aria-hidden="true">⟲</span>Reset
      </Button>
      <Button keyCap={stepKey} onClick={step} disabled={!can || running}>
        Step
      </Button>
      <Button kind="primary" keyCap="Space" className={styles.play} onClick={toggle} disabled={!can}>
        {running ? 'Pause' : verb}
      </Button>
      <span className={styles.count}>
        {noun} <b>{at}</b> of {of}
      </span>
      <div className={styles.progress}>
        {blocked ?? <Progress label={`Progress of the ${noun}s`} value={at} max={of || 1} />}
      </div>
      {noun === 'update' && <Seed />}
    </>
  );
}

function Seed() {
  const { seed, nextSeed } = useGridLesson(({ seed, nextSeed }) => ({ seed, nextSeed }));
  return (
    <span className={styles.seed}>
      seed <b>{seed}</b>
      <Button kind="quiet" onClick={nextSeed}>
        Another seed
      </Button>
    </span>
  );
}

function Parts({ at, to, isPlain }: { at: number; to: (part: number) => void; isPlain: boolean }) {
  return (
    <span className={styles.parts}>
      <Button aria-keyshortcuts="PageUp" title="PgUp" disabled={at === 0} onClick={() => to(at - 1)}>
        Previous
      </Button>
      <Button
        kind={isPlain ? 'plain' : 'primary'}
        aria-keyshortcuts="PageDown"
        title="PgDn"
        disabled={at === GRID_PARTS.length - 1}
        onClick={() => to(at + 1)}
      >
        Next
      </Button>
      <span className={styles.count}>
        part <b>{at + 1}</b> of {GRID_PARTS.length}
      </span>
    </span>
  );
}

/** The same bar under every part: what plays there, and the way to the part before and the next. */
export function GridFooter() {
  const playing = usePlaying();
  const { part, show } = useGridLesson(({ part, show }) => ({ part, show }));
  const at = GRID_PARTS.indexOf(part);
  const to = (next: number) => {
    const there = GRID_PARTS[next];
    if (there) show(there);
  };
  const inLesson = useInLesson(); // which has the keys of pages for its own steps
  useKeys<'Grid world'>({ PageUp: () => to(at - 1), PageDown: () => to(at + 1) }, !inLesson);
  if (inLesson && !playing) return null;
  return (
    <div className={`${transport.bar} ${styles.bar}`} role="toolbar" aria-label="Transport">
      {playing && <Transport {...playing} />}
      {!inLesson && <Parts at={at} to={to} isPlain={playing !== null} />}
    </div>
  );
}
