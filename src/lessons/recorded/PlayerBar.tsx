import { useStore } from 'zustand';
import { stepNoun } from '../../contract/domain';
import type { Lab } from '../../store/lab';
import { recordedLabOf, recordingPlayer, SPEEDS, type Speed } from '../../store/recorded/player';
import { Button } from '../../ui/primitives/Button';
import { formatDuration, formatInteger } from '../../ui/primitives/format';
import { Segments } from '../../ui/primitives/Segments';
import { useKeys } from '../../ui/primitives/useKeys';
import styles from './Recorded.module.css';

const SPEED_WORDS: Record<Speed, string> = { 0.25: '¼×', 1: 'as it was', 4: '4×', 16: '16×' };

/** @param lab the visitor's own: the bar stands inside the recording's */
export function PlayerBar({ lab }: { lab: Lab }) {
  const { tracks, track, step, isPlaying, speed, fork, seek, toggle, setSpeed, forkHere } = useStore(
    recordingPlayer(lab),
  );
  const canTrain = recordedLabOf(lab)?.getState().engine.status === 'ready';
  const { kind, totalSteps, elapsedMs } = tracks[track]!;
  const isOpen = fork === 'none';
  const move = (by: 1 | -1) => {
    const next = SPEEDS[SPEEDS.indexOf(speed) + by];
    if (next !== undefined) setSpeed(next);
  };
  useKeys<'Recorded runs'>({
    Space: () => isOpen && toggle(),
    '.': () => seek(step + 1),
    '[': () => move(-1),
    ']': () => move(1),
    l: () => isOpen && canTrain && void forkHere(),
  });
  const noun = stepNoun(kind);
  const took = `took ${formatDuration(elapsedMs)} when it was made; at this speed ${formatDuration(elapsedMs / speed)}`;
  return (
    <div className={styles.bar} role="toolbar" aria-label="Recording">
      <b className={styles.badge}>Recorded</b>
      <input
        className={styles.scrubber}
        type="range"
        aria-label={`Recorded run, ${noun}`}
        aria-valuetext={`${noun} ${formatInteger(step)} of ${formatInteger(totalSteps)}`}
        min={0}
        max={totalSteps}
        step={1}
        value={step}
        disabled={!isOpen}
        onChange={(event) => seek(event.currentTarget.valueAsNumber)}
      />
      <span className={styles.count}>
        {noun} <b>{formatInteger(step)}</b> of {formatInteger(totalSteps)}
      </span>
      <div className={styles.buttons}>
        <Button disabled={!isOpen} onClick={() => seek(0)}>
          Start
        </Button>
        <Button keyCap="." disabled={!isOpen} onClick={() => seek(step + 1)}>
          Step
        </Button>
        <Button kind="primary" keyCap="Space" disabled={!isOpen} onClick={toggle}>
          {isPlaying ? 'Pause' : 'Play'}
        </Button>
        <Button disabled={!isOpen} onClick={() => seek(totalSteps)}>
          All of it
        </Button>
        <Segments
          label="Speed"
          value={String(speed)}
          options={SPEEDS.map((one) => ({ value: String(one), label: SPEED_WORDS[one] }))}
          onChange={(value) => setSpeed(Number(value) as Speed)}
        />
        <span className={styles.note}>{took}</span>
        {canTrain ? (
          <Button keyCap="L" disabled={!isOpen} onClick={() => void forkHere()}>
            Fork into a live run
          </Button>
        ) : (
          <span className={styles.note}>This machine cannot train, so there is nothing to fork into.</span>
        )}
      </div>
    </div>
  );
}
