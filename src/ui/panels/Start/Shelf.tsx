import { useShallow } from 'zustand/react/shallow';
import type { CheckpointInfo, CheckpointKind } from '../../../contract/domain';
import { useLab } from '../../../store/lab';
import type { Slots } from '../../../store/state';
import { Button, IconButton } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { FileDrop } from '../../primitives/FileDrop';
import { formatCount, formatInteger } from '../../primitives/format';
import { type Tone, toneColor } from '../../theme/tone';
import styles from './Start.module.css';

const KINDS: Record<CheckpointKind, { words: string; tone: Tone; slot: keyof Slots; use: string }> = {
  base: { words: 'base', tone: 'reference', slot: 'baseId', use: 'Write with it' },
  finetuned: { words: 'fine-tuned', tone: 'reference', slot: 'fineTunedId', use: 'Write with it' },
  policy: { words: 'policy', tone: 'policy', slot: 'policyId', use: 'Use it' },
  reward: { words: 'reward model', tone: 'reward', slot: 'rewardId', use: 'Score with it' },
};

function Model({ info }: { info: CheckpointInfo }) {
  const kind = KINDS[info.kind];
  const inUse = useLab((state) => state.shelf.slots[kind.slot] === info.checkpointId);
  const { setSlot, exportFile, remove } = useLab(
    useShallow(({ shelf }) => ({ setSlot: shelf.setSlot, exportFile: shelf.exportFile, remove: shelf.remove })),
  );
  return (
    <li className={styles.model}>
      <span className={styles.dot} style={{ background: toneColor(kind.tone) }} aria-hidden="true" />
      <div>
        <b>{info.name}</b>
        <p className={styles.quiet}>
          {kind.words}, step {formatInteger(info.step)}, {formatCount(info.parameters)} parameters{inUse && ', in use'}
          {!inUse && (
            <>
              {' · '}
              <Button kind="link" className={styles.use} onClick={() => void setSlot(kind.slot, info.checkpointId)}>
                {kind.use}
              </Button>
            </>
          )}
        </p>
      </div>
      <div className={styles.row}>
        <Button kind="link" aria-label={`Save ${info.name} as a file`} onClick={() => void exportFile(info.checkpointId)}>
          Save
        </Button>
        <IconButton label={`Remove ${info.name}`} className={styles.remove} onClick={() => void remove(info.checkpointId)}>
          <span aria-hidden="true">✕</span>
        </IconButton>
      </div>
    </li>
  );
}

/** All models of this browser: use, save as a file, open from a file, remove. */
export function Shelf() {
  const { checkpoints, busy, importFile } = useLab(
    useShallow(({ shelf }) => ({ checkpoints: shelf.checkpoints, busy: shelf.busy, importFile: shelf.importFile })),
  );
  return (
    <Card title="Models" note={checkpoints.length > 0 ? 'on the shelf' : undefined} className={styles.shelf}>
      {checkpoints.length === 0 ? (
        <p className={styles.quiet}>None yet. Trained models are kept here; they are safetensors files that other software opens too.</p>
      ) : (
        <ul className={styles.models}>
          {checkpoints.map((info) => (
            <Model key={info.checkpointId} info={info} />
          ))}
        </ul>
      )}
      <FileDrop
        label="Open a model file"
        accept=".safetensors"
        disabled={busy !== null}
        onFile={(bytes, name) => void importFile(bytes, name)}
      />
    </Card>
  );
}
