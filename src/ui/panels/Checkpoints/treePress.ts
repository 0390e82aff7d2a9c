import type { FamilyRow } from '../../../store/models/family';
import type { CodeOf } from '../../shell/keys';

/** What a key means in a tree of checkpoints. */
export type TreePress =
  /** nothing for nobody */
  | { kind: 'go'; to: string | null | undefined }
  | { kind: 'fold'; shut: boolean }
  /** with who is chosen then */
  | { kind: 'delete'; next: string | undefined }
  | { kind: 'rename' };

/** @returns what this key does in the row at this place; null for a key that does nothing in a tree */
export function treePress(
  key: string,
  rows: readonly FamilyRow[],
  at: number,
  folded: ReadonlySet<string>,
): TreePress | null {
  const idAt = (index: number): string | undefined => rows[index]?.node.info.checkpointId;
  const here = rows[at];
  const hasChildren = here !== undefined && here.node.children.length > 0;
  const isOpen = hasChildren && !folded.has(here.node.info.checkpointId);
  switch (key as CodeOf<'Checkpoints, the family'>) {
    case 'ArrowDown':
      return { kind: 'go', to: idAt(at + 1) };
    case 'ArrowUp':
      return { kind: 'go', to: idAt(at - 1) };
    case 'ArrowRight':
      return hasChildren && !isOpen
        ? { kind: 'fold', shut: false }
        : { kind: 'go', to: isOpen ? idAt(at + 1) : undefined };
    case 'ArrowLeft':
      return isOpen ? { kind: 'fold', shut: true } : { kind: 'go', to: here?.parentId };
    case 'Home':
      return { kind: 'go', to: idAt(0) };
    case 'End':
      return { kind: 'go', to: idAt(rows.length - 1) };
    case 'Delete':
      return { kind: 'delete', next: idAt(at + 1) ?? idAt(at - 1) };
    case 'F2':
      return { kind: 'rename' };
    default:
      return null;
  }
}
