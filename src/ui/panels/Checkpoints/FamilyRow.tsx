import { memo } from 'react';
import type { CheckpointKind, Role } from '../../../contract/domain';
import { ROLE_NAMES } from '../../../store/models/roles';
import { toneColor } from '../../theme/tone';
import { CHECKPOINT_WORDS, ROLE_TONES } from '../checkpointKinds';
import styles from './Checkpoints.module.css';

interface FamilyRowProps {
  checkpointId: string;
  name: string;
  kind: CheckpointKind;
  level: number;
  /** among its siblings, from 1 */
  position: number;
  siblings: number;
  /** null when nobody is below it */
  unfolded: boolean | null;
  selected: boolean;
  /** what it has different from its like, or who is missing above it; may be empty */
  note: string;
  /** the parts it plays, with spaces between */
  parts: string;
}

export const rowId = (checkpointId: string): string => `checkpoint-${checkpointId}`;

/** deeper families stay readable in a narrow drawer; screen readers are told the true level */
const INDENTED_LEVELS = 9;

/** One model of the tree. All it is given is plain, so that of two hundred only those are drawn again that changed. */
export const FamilyRow = memo(function FamilyRow(props: FamilyRowProps) {
  const { checkpointId, name, kind, level, position, siblings, unfolded, selected, note, parts } = props;
  const { words, tone } = CHECKPOINT_WORDS[kind];
  const roles = parts === '' ? [] : (parts.split(' ') as Role[]);
  return (
    <div
      role="treeitem"
      id={rowId(checkpointId)}
      data-id={checkpointId}
      aria-level={level}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-expanded={unfolded ?? undefined}
      aria-selected={selected}
      tabIndex={selected ? 0 : -1}
      className={styles.row}
      style={{ paddingInlineStart: `${0.2 + 0.85 * (Math.min(level, INDENTED_LEVELS) - 1)}rem` }}
    >
      <span className={styles.fold} data-fold={unfolded !== null} aria-hidden="true">
        {unfolded !== null && (unfolded ? '▾' : '▸')}
      </span>
      <span className={styles.dot} style={{ background: toneColor(tone) }} aria-hidden="true" />
      <span className={styles.rowText}>
        <b className={styles.name}>{name}</b>{' '}
        <span className={styles.note}>
          {words}
          {note !== '' && ` · ${note}`}
        </span>
        {roles.length > 0 && (
          <span className={styles.chips}>
            {roles.map((role) => (
              <span key={role} className={styles.role} style={{ borderColor: toneColor(ROLE_TONES[role]) }}>
                {ROLE_NAMES[role]}
              </span>
            ))}
          </span>
        )}
      </span>
    </div>
  );
});
