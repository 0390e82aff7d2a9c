import type { PpoBatch } from '../../../contract/ppoBatch';
import { Button } from '../../primitives/Button';
import { Select } from '../../primitives/Select';
import { FreezeButton } from './FreezeButton';
import styles from './InNumbers.module.css';
import { PHASES, placeBefore } from './loop';
import { asSet, type TokenAt } from './tokenLines';

export interface Looked extends TokenAt {
  phase: number;
}

/** What stands around the numbers: where one looks, and the way through the loop. */
export interface PlaceProps {
  batch: PpoBatch;
  at: Looked;
  onLook: (fields: Partial<Looked>) => void;
}

const numbered = (count: number): { value: string; label: string }[] =>
  Array.from({ length: count }, (_, i) => ({ value: String(i), label: `${i + 1} of ${count}` }));

/** a word that comes twice says which one it is */
const named = (tokens: readonly string[]): { value: string; label: string }[] =>
  tokens.map((text, i) => {
    const before = tokens.slice(0, i).filter((one) => one === text).length;
    return { value: String(i), label: before > 0 ? `${text} (${before + 1})` : text };
  });

/** A setting as one reads it. */
const setOf = ({ iteration, config }: PpoBatch): string => {
  const critic = config.advantages === 'gae' ? ` · γ ${config.gamma} · λ ${config.lam}` : ` · K ${config.groupSize}`;
  return `iteration ${iteration} · β ${asSet(config.klCoef)}${critic} · ε ${config.clipRange}`;
};

export function Choices({ batch, at, onLook }: PlaceProps) {
  return (
    <div className={styles.choices}>
      <Select
        className={styles.choice}
        label="Rollout"
        value={String(at.row)}
        options={numbered(batch.rollouts.length)}
        onChange={(row) => onLook({ row: Number(row), token: 0 })}
      />
      <Select
        className={styles.choice}
        label="Token"
        value={String(at.token)}
        options={named(batch.rollouts[at.row]!.tokens)}
        onChange={(token) => onLook({ token: Number(token) })}
      />
      <Select
        className={styles.choice}
        label="Epoch"
        value={String(at.epoch)}
        options={numbered(batch.epochs.length)}
        onChange={(epoch) => onLook({ epoch: Number(epoch) })}
      />
      <span className={styles.settings}>{setOf(batch)}</span>
    </div>
  );
}

interface StepsProps extends PlaceProps {
  onStep: () => void;
  running: boolean;
  onRun: () => void;
  frozen: boolean;
  onFreeze: () => void;
}

export function Steps({ batch, at, onLook, onStep, running, onRun, frozen, onFreeze }: StepsProps) {
  const epochs = batch.epochs.length;
  return (
    <div className={styles.steps}>
      <Button onClick={() => onLook(placeBefore(at, epochs))} disabled={at.phase === 1}>
        Back
      </Button>
      <Button kind="primary" keyCap="." onClick={onStep}>
        Step
      </Button>
      <Button keyCap="Space" aria-pressed={running} onClick={onRun}>
        Run on
      </Button>
      <p aria-live="polite">
        phase <b>{at.phase}</b> of {PHASES} · epoch <b>{at.epoch + 1}</b> of {epochs}
      </p>
      <FreezeButton kind="ppo" frozen={frozen} onFreeze={onFreeze} />
    </div>
  );
}
