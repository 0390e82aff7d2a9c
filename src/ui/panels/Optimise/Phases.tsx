import type { PpoConfig } from '../../../contract/config';
import type { PpoPhase } from '../../../contract/domain';
import { countOf, fixed } from '../../../contract/numbers';
import type { RunState } from '../../../contract/protocol';
import styles from './Phases.module.css';

const PHASES: readonly { phase: PpoPhase; name: string; does: (config: PpoConfig) => string }[] = [
  {
    phase: 'rollout',
    name: 'Rollout',
    does: ({ rollouts, completionLength }) => `${rollouts} × ${countOf(completionLength, 'token')}`,
  },
  { phase: 'evaluation', name: 'Evaluation', does: () => 'scores, KL' },
  {
    phase: 'optimisation',
    name: 'Optimisation',
    does: ({ epochs, minibatches }) => `${countOf(epochs, 'epoch')}${minibatches > 1 ? ` × ${minibatches}` : ''}`,
  },
];

/** 180 ms, 2.5 s: short enough for one line */
const formatMs = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${fixed(ms / 1000, 1)} s`);

export type PhaseStatus = 'waiting' | 'next' | 'running' | 'done';
const SPOKEN: Record<PhaseStatus, string> = {
  waiting: 'not yet',
  next: 'comes next',
  running: 'running',
  done: 'done',
};
const SIGN: Record<PhaseStatus, string> = { waiting: '○', next: '▸', running: '◐', done: '✓' };

/** @returns how one phase stands; between two iterations all three are done */
export function phaseStatus(phase: PpoPhase, state: RunState | null): PhaseStatus {
  if (!state?.phase) return 'waiting';
  const order = PHASES.findIndex((one) => one.phase === phase);
  const next = PHASES.findIndex((one) => one.phase === state.phase);
  if (state.status === 'running') return order < next ? 'done' : order === next ? 'running' : 'waiting';
  if (next === 0) return state.step > 0 ? 'done' : order === 0 ? 'next' : 'waiting';
  return order < next ? 'done' : order === next ? 'next' : 'waiting';
}

interface PhasesProps {
  state: RunState | null;
  config: PpoConfig;
}

/** One PPO iteration in its three phases; Step goes from one to the next. */
export function Phases({ state, config }: PhasesProps) {
  return (
    <ol className={styles.phases} aria-label="Phases of this iteration">
      {PHASES.map(({ phase, name, does }) => {
        const status = phaseStatus(phase, state);
        const ms = state?.phaseMs[phase];
        return (
          <li
            key={phase}
            className={`${styles.phase} ${styles[status]}`}
            title={does(config)}
            aria-current={status === 'running' || status === 'next' ? 'step' : undefined}
          >
            <span className={styles.sign} aria-hidden="true">
              {SIGN[status]}
            </span>
            <span>
              <b>{name}</b>
              <span className="visually-hidden">, {SPOKEN[status]}</span>
              <span className={styles.does}>{ms === undefined ? does(config) : formatMs(ms)}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}
