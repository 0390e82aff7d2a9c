import { type KeyboardEvent, type MouseEvent, useMemo, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { CheckpointInfo, Role } from '../../../contract/domain';
import { useLab } from '../../../store/lab';
import { describeDifference } from '../../../store/models/configDiff';
import { comparables, type FamilyNode, familyRows, familyTree } from '../../../store/models/family';
import { rolesOf } from '../../../store/models/inUse';
import styles from './Checkpoints.module.css';
import { FamilyRow } from './FamilyRow';
import { type TreePress, treePress } from './treePress';

/** what the second line of a row says, by checkpoint */
function notesOf(nodes: readonly FamilyNode[], checkpoints: readonly CheckpointInfo[]): Map<string, string> {
  const against = comparables(checkpoints);
  const names = new Map(checkpoints.map(({ checkpointId, name }) => [checkpointId, name]));
  const notes = new Map<string, string>();
  for (const { node } of familyRows(nodes, new Set())) {
    const { info, missing } = node;
    const other = against.get(info.checkpointId);
    const difference =
      other?.lineage && info.lineage
        ? describeDifference(other.lineage.recipe, info.lineage.recipe, (id) => names.get(id) ?? 'another model')
        : null;
    const orphan = missing.length > 0 ? `made from ${missing[0]?.name}, which is not here` : null;
    notes.set(info.checkpointId, [orphan, difference].filter((part) => part !== null).join(' · '));
  }
  return notes;
}

/** a role stands beside whoever plays it */
const partsOf = (roles: Record<Role, string | null>, checkpointId: string): string =>
  (Object.keys(roles) as Role[]).filter((role) => roles[role] === checkpointId).join(' ');

interface FamilyTreeProps {
  selectedId: string;
  /** chooses a checkpoint and moves the focus to its row; nothing for nobody */
  onGo: (checkpointId: string | null | undefined) => void;
  onRename: () => void;
  /** @param next who is chosen then */
  onDelete: (next: string | undefined) => void;
}

/** The checkpoints as a tree: arrow keys go through it, Delete deletes, F2 renames. */
export function FamilyTree({ selectedId, onGo, onRename, onDelete }: FamilyTreeProps) {
  const checkpoints = useLab((lab) => lab.shelf.checkpoints);
  const roles = useLab(useShallow(rolesOf));
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const nodes = useMemo(() => familyTree(checkpoints), [checkpoints]);
  const notes = useMemo(() => notesOf(nodes, checkpoints), [nodes, checkpoints]);
  const rows = useMemo(() => familyRows(nodes, folded), [nodes, folded]);
  const at = Math.max(
    0,
    rows.findIndex(({ node }) => node.info.checkpointId === selectedId),
  );
  const fold = (checkpointId: string, shut: boolean) => {
    const rest = [...folded].filter((id) => id !== checkpointId);
    setFolded(new Set(shut ? [...rest, checkpointId] : rest));
  };
  const act = (press: TreePress) => {
    if (press.kind === 'go') onGo(press.to);
    else if (press.kind === 'fold') fold(selectedId, press.shut);
    else if (press.kind === 'delete') onDelete(press.next);
    else onRename();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const press = treePress(event.key, rows, at, folded);
    if (!press) return;
    event.preventDefault();
    act(press);
  };
  const click = ({ target }: MouseEvent) => {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-id]') : null;
    const checkpointId = row?.dataset.id;
    if (!checkpointId) return;
    if ((target as Element).closest('[data-fold=true]')) fold(checkpointId, !folded.has(checkpointId));
    else onGo(checkpointId);
  };
  return (
    <div
      role="tree"
      aria-label="Family of the checkpoints"
      tabIndex={-1}
      className={styles.tree}
      onKeyDown={onKeyDown}
      onClick={click}
    >
      {rows.map(({ node, position, siblings }, i) => {
        const { info, level, children } = node;
        const { checkpointId, name, kind } = info;
        return (
          <FamilyRow
            key={checkpointId}
            {...{ checkpointId, name, kind, level, position, siblings }}
            unfolded={children.length === 0 ? null : !folded.has(checkpointId)}
            selected={i === at}
            note={notes.get(checkpointId) ?? ''}
            parts={partsOf(roles, checkpointId)}
          />
        );
      })}
    </div>
  );
}
