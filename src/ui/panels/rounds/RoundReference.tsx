import { useId } from 'react';
import { roundOf } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import { rolesOf } from '../../../store/models/inUse';
import { newestId, roundNumber, writerId } from '../../../store/rounds/rounds';
import field from '../../primitives/Field.module.css';
import styles from './rounds.module.css';

/**
 * What a further round measures the distance from. The base keeps all rounds on one axis and the leash on the whole
 * way; the newest policy lets every round go as far again. Nothing where both are one, and once this round has a run,
 * which keeps what it began with.
 */
export function RoundReference({ kind }: { kind: 'ppo' | 'dpo' }) {
  const id = useId();
  const writer = useLab(writerId);
  const newest = useLab(newestId);
  const reference = useLab((lab) => rolesOf(lab).reference);
  const hasRun = useLab((lab) => {
    const { spec } = lab.runs[kind];
    return spec !== null && roundOf(spec as { round?: number }) === roundNumber(lab);
  });
  const setSlot = useLab((lab) => lab.shelf.setSlot);
  const checkpoints = useLab((lab) => lab.shelf.checkpoints);
  if (hasRun || writer === null || newest === null || newest === writer || reference === null) return null;
  const nameOf = (one: string) => {
    const name = checkpoints.find(({ checkpointId }) => checkpointId === one)?.name ?? one;
    return one === writer ? `stays: ${name}` : one === newest ? `newest: ${name}` : name;
  };
  return (
    <div className={styles.row}>
      <label htmlFor={id}>Reference</label>
      <select
        id={id}
        className={field.box}
        value={reference}
        title="The base, and the leash covers all rounds; the newest policy, and it begins anew"
        onChange={({ currentTarget: { value } }) => void setSlot('referenceId', value === writer ? null : value)}
      >
        {[...new Set([writer, newest, reference])].map((one) => (
          <option key={one} value={one}>
            {nameOf(one)}
          </option>
        ))}
      </select>
    </div>
  );
}
