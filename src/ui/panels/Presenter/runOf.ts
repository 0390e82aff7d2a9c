import { isOver, type RunKind, stepNoun } from '../../../contract/domain';
import type { RunState } from '../../../contract/protocol';
import { useLab } from '../../../store/lab';
import { RUN_NAMES } from '../../../store/models/roles';
import { opinionCounts } from '../../../store/opinions/counts';
import { writerId } from '../../../store/rounds/rounds';
import { formatDuration, formatInteger } from '../../primitives/format';
import { usePpoBlocked } from '../Optimise/ppoBlocked';
import { blockedBy } from '../Reward/blocked';

export interface RunOfScreen {
  /** "PPO · iteration 12 of 40 · 9 s left" */
  words: string;
  /** why it cannot train yet, in a sentence; null when it can, or does */
  blocked: string | null;
  /** trains or pauses it; a run that is over stays: its stage asks before it goes */
  toggle: () => void;
}

/** The run that a screen speaks of, as it stands now: the room's picture may be held, this never is. */
export function useRunOf(kind: RunKind | undefined): RunOfScreen | null {
  const run = useLab(({ runs }) => (kind === undefined ? null : runs[kind]));
  const { play, pause } = useLab(({ runs }) => runs);
  const hasModel = useLab((lab) => writerId(lab) !== null);
  const opinions = useLab((lab) => lab.opinions.all);
  const ppoBlocked = usePpoBlocked();
  if (kind === undefined || run === null) return null;
  const isRunning = run.state?.status === 'running';
  const missing = kind === 'reward' ? blockedBy(hasModel, opinionCounts(opinions)) : kind === 'ppo' ? ppoBlocked : null;
  const blocked = isRunning ? null : missing;
  const toggle = () => {
    if (run.busy !== null || blocked !== null || isOver(run.state?.status)) return;
    void (isRunning ? pause(kind) : play(kind));
  };
  const progress = run.state === null ? waitsFor(blocked) : progressOf(kind, run.state);
  return { words: `${RUN_NAMES[kind]} · ${progress}`, blocked, toggle };
}

const waitsFor = (blocked: string | null): string => (blocked === null ? 'not begun: Space trains' : 'not begun');

function progressOf(kind: RunKind, { status, step, totalSteps, elapsedMs }: RunState): string {
  const done = `${stepNoun(kind)} ${formatInteger(step)} of ${formatInteger(totalSteps)}`;
  if (status !== 'running') return status === 'paused' ? `${done} · paused` : done;
  return step === 0 ? `${done} · the first one is coming` : `${done} · ${left(elapsedMs, step, totalSteps)} left`;
}

const left = (elapsedMs: number, step: number, totalSteps: number): string =>
  formatDuration((elapsedMs / step) * (totalSteps - step));
