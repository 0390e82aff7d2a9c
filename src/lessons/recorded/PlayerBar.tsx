import { useId } from 'react';
import { useStore } from 'zustand';
import { stepNoun } from '../../contract/domain';
import type { StepRange } from '../../contract/recording';
import type { Lab } from '../../store/lab';
import { type PlayerState, recordedLabOf, recordingPlayer, SPEEDS, type Speed } from '../../store/recorded/player';
import { Button } from '../../ui/primitives/Button';
import { formatDuration, formatInteger } from '../../ui/primitives/format';
import { Segments } from '../../ui/primitives/Segments';
import { useKeys } from '../../ui/primitives/useKeys';
import styles from './Recorded.module.css';

const SPEED_WORDS: Record<Speed, string> = { 0.25: '¼×', 1: 'as it was', 4: '4×', 16: '16×' };

const share = (step: number, of: number): string => `${(100 * step) / Math.max(1, of)}%`;

const markAfter = (marks: readonly number[], step: number): number | null => marks.find((mark) => mark > step) ?? null;

/** more is not read out */
const READ = 12;
function marksWords(noun: string, marks: readonly number[], lost: readonly StepRange[]): string {
  const read = marks.slice(0, READ).join(', ');
  const rest = marks.length > READ ? ` and ${marks.length - READ} more` : '';
  const holes = lost.map(([first, last]) => ` ${noun} ${first} to ${last}: damaged.`).join('');
  return `${marks.length > 0 ? `Texts change at ${noun} ${read}${rest}.` : 'No texts.'}${holes}`;
}

/** what a fork costs: the run is made again from its beginning */
const forkWords = (step: number, ms: number): string =>
  step === 0
    ? 'From the beginning: at once.'
    : `It is made again up to here: about ${formatDuration(ms)} at the speed it was made.`;

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
  const { kind, totalSteps, marks, lost } = tracks[track]!;
  const markId = useId();
  const noun = stepNoun(kind);
  return (
    <>
      <div className={styles.track}>
        <input
          className={styles.scrubber}
          type="range"
          aria-describedby={markId}
          aria-label={`Recorded run, ${noun}`}
          aria-valuetext={`${noun} ${formatInteger(step)} of ${formatInteger(totalSteps)}`}
          min={0}
          max={totalSteps}
          step={1}
          value={step}
          disabled={!isOpen}
          onChange={(event) => seek(event.currentTarget.valueAsNumber)}
        />
        <span className={styles.marks} aria-hidden="true">
          {marks.map((mark) => (
            <i key={mark} style={{ left: share(mark, totalSteps) }} />
          ))}
          {lost.map(([first, last]) => (
            <s key={first} style={{ left: share(first - 1, totalSteps), width: share(last - first + 1, totalSteps) }} />
          ))}
        </span>
        <span id={markId} className="visually-hidden">
          {marksWords(noun, marks, lost)}
        </span>
      </div>
      <span className={styles.count}>
        {noun} <b>{formatInteger(step)}</b> of {formatInteger(totalSteps)}
      </span>
    </>
  );
}

function Transport({ player: { tracks, track, step, isPlaying, seek, toggle }, isOpen }: PartProps) {
  const next = markAfter(tracks[track]!.marks, step);
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
      <Button disabled={!isOpen || next === null} onClick={() => next !== null && seek(next)}>
        Next mark
      </Button>
    </>
  );
}

/** @param lab the visitor's own: the bar stands inside the recording's */
export function PlayerBar({ lab }: { lab: Lab }) {
  const player = useStore(recordingPlayer(lab));
  const { tracks, track, step, speed, fork, forkMs, toggle, setSpeed, forkHere } = player;
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
          <>
            <Button keyCap="L" disabled={!isOpen} onClick={() => void forkHere()}>
              Fork into a live run
            </Button>
            {isOpen && forkMs !== null && <span className={styles.note}>{forkWords(step, forkMs)}</span>}
          </>
        ) : (
          <span className={styles.note}>This machine cannot train, so there is nothing to fork into.</span>
        )}
      </div>
    </div>
  );
}
