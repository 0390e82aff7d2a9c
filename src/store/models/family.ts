/**
 * The family of the checkpoints. A model hangs below the one it is closest to: a policy below the policy that it went
 * on from, else below the reward model that judged it, everything else below the model that it began as. Where that one
 * is not on the shelf, its own forebears are asked, so that who deletes a parent leaves the children with their
 * grandparents.
 */
import type { Ancestor, CheckpointInfo } from '../../contract/domain';

export interface FamilyNode {
  info: CheckpointInfo;
  /** 1 for those without anybody above */
  level: number;
  /** relatives between it and the one above who are not on the shelf, the nearest first */
  missing: Ancestor[];
  children: FamilyNode[];
}

type Relative = Pick<CheckpointInfo, 'checkpointId' | 'name' | 'kind' | 'parents'>;
type Relatives = ReadonlyMap<string, Relative>;

/** everybody who is on the shelf, or remembered by someone there */
function relativesOf(checkpoints: readonly CheckpointInfo[]): Relatives {
  const known = new Map<string, Relative>();
  for (const { ancestors } of checkpoints) for (const ancestor of ancestors) known.set(ancestor.checkpointId, ancestor);
  for (const info of checkpoints) known.set(info.checkpointId, info);
  return known;
}

/** @returns which parent a model hangs below; null when it has none that anybody knows */
export function closestParent(
  { kind, parents }: Pick<Relative, 'kind' | 'parents'>,
  relatives: Relatives,
): Relative | null {
  const known = parents.flatMap((id) => relatives.get(id) ?? []);
  const policy = kind === 'policy' ? known.findLast((one) => one.kind === 'policy') : undefined;
  const judge = kind === 'policy' ? known.find((one) => one.kind === 'reward') : undefined;
  return policy ?? judge ?? known[0] ?? null;
}

/** a file may claim anything, even to descend from itself: whoever was met already is nobody's parent */
function above(
  info: CheckpointInfo,
  relatives: Relatives,
  onShelf: ReadonlySet<string>,
): { parentId: string | null; missing: Ancestor[] } {
  const met = new Set([info.checkpointId]);
  const missing: Ancestor[] = [];
  for (
    let parent = closestParent(info, relatives);
    parent && !met.has(parent.checkpointId);
    parent = closestParent(parent, relatives)
  ) {
    if (onShelf.has(parent.checkpointId)) return { parentId: parent.checkpointId, missing };
    met.add(parent.checkpointId);
    missing.push(parent);
  }
  return { parentId: null, missing };
}

const byDate = (one: FamilyNode, other: FamilyNode): number => (one.info.madeAt ?? 0) - (other.info.madeAt ?? 0);

/** @returns those without a parent on the shelf, each with everybody below; the oldest first */
export function familyTree(checkpoints: readonly CheckpointInfo[]): FamilyNode[] {
  const relatives = relativesOf(checkpoints);
  const onShelf = new Set(checkpoints.map(({ checkpointId }) => checkpointId));
  const members = checkpoints.map((info) => ({ info, ...above(info, relatives, onShelf) }));
  const below = new Map<string | null, typeof members>();
  for (const member of members) below.set(member.parentId, [...(below.get(member.parentId) ?? []), member]);
  const hung = new Set<string>();
  const grow = (member: (typeof members)[number], level: number): FamilyNode => {
    const { info, missing } = member;
    hung.add(info.checkpointId);
    const children = (below.get(info.checkpointId) ?? []).filter(({ info: child }) => !hung.has(child.checkpointId));
    return { info, level, missing, children: children.map((child) => grow(child, level + 1)).sort(byDate) };
  };
  const roots = (below.get(null) ?? []).map((member) => grow(member, 1));
  // each claims to descend from the other
  const circular = members.flatMap((member) => (hung.has(member.info.checkpointId) ? [] : grow(member, 1)));
  return [...roots.sort(byDate), ...circular];
}

export interface FamilyRow {
  node: FamilyNode;
  /** place among its siblings, from 1, and how many they are */
  position: number;
  siblings: number;
  parentId: string | null;
}

/** @returns the tree as it is read from top to bottom; what is below the folded ones is left out */
export function familyRows(
  nodes: readonly FamilyNode[],
  folded: ReadonlySet<string>,
  parentId: string | null = null,
): FamilyRow[] {
  return nodes.flatMap((node, i) => {
    const { checkpointId } = node.info;
    const own: FamilyRow = { node, position: i + 1, siblings: nodes.length, parentId };
    return folded.has(checkpointId) ? [own] : [own, ...familyRows(node.children, folded, checkpointId)];
  });
}

/**
 * Settings are best compared with the nearest forebear that was made by the same method, else with the sibling made by
 * it just before.
 * @returns whom to compare with, by checkpoint; those that have nobody are left out
 */
export function comparables(checkpoints: readonly CheckpointInfo[]): Map<string, CheckpointInfo> {
  const relatives = relativesOf(checkpoints);
  const onShelf = new Map(checkpoints.map((info) => [info.checkpointId, info]));
  const methodOf = (info: CheckpointInfo | undefined) => info?.lineage?.recipe.kind;
  const forebear = (info: CheckpointInfo): CheckpointInfo | undefined => {
    const met = new Set([info.checkpointId]);
    for (
      let one = closestParent(info, relatives);
      one && !met.has(one.checkpointId);
      one = closestParent(one, relatives)
    ) {
      const found = onShelf.get(one.checkpointId);
      if (found && methodOf(found) === methodOf(info)) return found;
      met.add(one.checkpointId);
    }
    return undefined;
  };
  const youngest = new Map<string, CheckpointInfo>();
  const pairs = new Map<string, CheckpointInfo>();
  for (const info of [...checkpoints].sort((one, other) => (one.madeAt ?? 0) - (other.madeAt ?? 0))) {
    if (methodOf(info) === undefined) continue;
    const family = JSON.stringify([methodOf(info), info.parents[0]]);
    const other = forebear(info) ?? youngest.get(family);
    if (other) pairs.set(info.checkpointId, other);
    youngest.set(family, info);
  }
  return pairs;
}
