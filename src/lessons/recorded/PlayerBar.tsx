import { useStore } from 'zustand';
import { stepNoun } from '../../contract/domain';
import type { Lab } from '../../store/lab';
import { type PlayerState, recordedLabOf, recordingPlayer, SPEEDS, type Speed } from '../../store/recorded/player';
import { Button } from '../../ui/primitives/Button';
import { formatDuration, formatInteger } from '../../ui/primitives/format';
import { Segments } from '../../ui/primitives/Segments';
import { useKeys } from '../../ui/primitives/useKeys';
import styles from './Recorded.module.css';

const SPEED_WORDS: Record<Speed, string> = { 0.25: '¼×', 1: 'as it was', 4: '4×', 16: '16×' };

function useTransportKeys(
  { step, speed, seek, setSpeed }: PlayerState,
  toggle: () => unknown,
  fork: () => unknown,
): void {
  const move = (by: 1 | -1) => {
    const next = SPEEDS[SPEEDS.indexOf(speed) + by];
    if (next !== undefined) setSpeed(next);
  };
  useKeys<'Recorded runs'>({
    Space: toggle,
    '.': () => seek(step + 1),
    '[': () => move(-1),
    ']': () => move(1),
    l: fork,
  });
}

interface PartProps {
  player: PlayerState;
  isOpen: boolean;
}

function Scrubber({ player: { tracks, track, step, seek }, isOpen }: PartProps) {
  const { kind, totalSteps } = tracks[track]!;
  const noun = stepNoun(kind);
  return (
    <>
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
    </>
  );
}

function Transport({ player: { tracks, track, step, isPlaying, seek, toggle }, isOpen }: PartProps) {
  return (
    <>
      <Button disabled={!isOpen} onClick={() => seek(0)}>
        Start
      </Button>
      <Button keyCap="." disabled={!isOpen} onClick={() => seek(step + 1)}>
        Step
      </Button>
      <Button kind="primary" keyCap="Space" disabled={!isOpen} onClick={toggle}>
        {isPlaying ? 'Pause' : 'Play'}
      </Button>
      <Button disabled={!isOpen} onClick={() => seek(tracks[track]!.totalSteps)}>
        All of it
      </Button>
    </>
  );
}

/** @param lab the visitor's own: the bar stands inside the recording's */
export function PlayerBar({ lab }: { lab: Lab }) {
  const player = useStore(recordingPlayer(lab));
  const { tracks, track, speed, fork, toggle, setSpeed, forkHere } = player;
  const canTrain = recordedLabOf(lab)?.getState().engine.status === 'ready';
  const { elapsedMs } = tracks[track]!;
  const isOpen = fork === 'none';
  useTransportKeys(
    player,
    () => isOpen && toggle(),
    () => isOpen && canTrain && void forkHere(),
  );
  const took = `took ${formatDuration(elapsedMs)} when it was made; at this speed ${formatDuration(elapsedMs / speed)}`;
  return (
    <div className={styles.bar} role="toolbar" aria-label="Recording">
      <b className={styles.badge}>Recorded</b>
      <Scrubber player={player} isOpen={isOpen} />
      <div className={styles.buttons}>
        <Transport player={player} isOpen={isOpen} />
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
