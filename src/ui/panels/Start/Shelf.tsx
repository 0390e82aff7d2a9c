import { useShallow } from 'zustand/react/shallow';
import type { CheckpointInfo, CheckpointKind } from '../../../contract/domain';
import { useLab } from '../../../store/lab';
import type { Slots } from '../../../store/state';
import { Button, IconButton } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { formatCount, formatInteger } from '../../primitives/format';
import { toneColor } from '../../theme/tone';
import { CHECKPOINT_WORDS } from '../checkpointKinds';
import { ModelDrop } from '../ModelDrop';
import styles from './Start.module.css';

const USES: Record<CheckpointKind, { slot: keyof Slots; use: string }> = {
  base: { slot: 'baseId', use: 'Write with it' },
  finetuned: { slot: 'fineTunedId', use: 'Write with it' },
  policy: { slot: 'policyId', use: 'Use it' },
  reward: { slot: 'rewardId', use: 'Score with it' },
};

/** the whole family is one press away */
const SHOWN = 6;

/** those in use first, then the newest */
const foremost = (checkpoints: readonly CheckpointInfo[], slots: Slots): CheckpointInfo[] => {
  const played = new Set(Object.values(slots));
  const inUse = checkpoints.filter(({ checkpointId }) => played.has(checkpointId));
  return [...inUse, ...checkpoints.filter((info) => !inUse.includes(info)).reverse()].slice(0, SHOWN);
};

function Model({ info }: { info: CheckpointInfo }) {
  const kind = { ...USES[info.kind], ...CHECKPOINT_WORDS[info.kind] };
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
        <Button
          kind="link"
          aria-label={`Save ${info.name} as a file`}
          onClick={() => void exportFile(info.checkpointId)}
        >
          Save
        </Button>
        <IconButton
          label={`Remove ${info.name}`}
          className={styles.remove}
          onClick={() => void remove(info.checkpointId)}
        >
          <span aria-hidden="true">✕</span>
        </IconButton>
      </div>
    </li>
  );
}

/** The models of this browser that matter most: use, save as a file, open from a file, remove. */
export function Shelf() {
  const { checkpoints, slots, open, show } = useLab(
    useShallow(({ shelf: { checkpoints, slots, open, show } }) => ({ checkpoints, slots, open, show })),
  );
  return (
    <Card title="Models" note={checkpoints.length > 0 ? 'all in Checkpoints' : undefined} className={styles.shelf}>
      {checkpoints.length === 0 ? (
        <p className={styles.quiet}>
          None yet. Trained models are kept here; they are safetensors files that other software opens too.
        </p>
      ) : (
        <ul className={styles.models}>
          {foremost(checkpoints, slots).map((info) => (
            <Model key={info.checkpointId} info={info} />
          ))}
        </ul>
      )}
      {checkpoints.length > 0 && (
        <Button kind="link" onClick={() => show()}>
          {checkpoints.length > SHOWN
            ? `All ${formatInteger(checkpoints.length)} models as a family`
            : 'The family of these models'}
        </Button>
      )}
      <ModelDrop label="Open a model file" asks={!open} />
    </Card>
  );
}
