import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ancestor, CheckpointInfo, CheckpointKind } from '../../../src/contract/domain';
import { comparables, type FamilyNode, familyRows, familyTree } from '../../../src/store/models/family';
import { checkpoint } from '../../helpers/fake/fakeLab';

/** base → tuned → judge → PPO → PPO again, made one after the other */
const made = (
  id: string,
  kind: CheckpointKind,
  parents: string[],
  more: Partial<CheckpointInfo> = {},
): CheckpointInfo => checkpoint(id, kind, { parents, ...more });
const remembered = ({ checkpointId, name, kind, parents }: CheckpointInfo): Ancestor => ({
  checkpointId,
  name,
  kind,
  parents,
});
const base = made('base', 'base', [], { madeAt: 1 });
const tuned = made('tuned', 'finetuned', ['base'], { madeAt: 2, ancestors: [base].map(remembered) });
const judge = made('judge', 'reward', ['tuned'], { madeAt: 3, ancestors: [tuned, base].map(remembered) });
const first = made('first', 'policy', ['tuned', 'judge'], {
  madeAt: 4,
  ancestors: [tuned, judge, base].map(remembered),
});
const second = made('second', 'policy', ['tuned', 'judge', 'first'], {
  madeAt: 5,
  ancestors: [tuned, judge, first, base].map(remembered),
});
const family = [base, tuned, judge, first, second];

/** "base(tuned(judge(first(second))))" */
const drawn = (nodes: readonly FamilyNode[]): string =>
  nodes
    .map(({ info, children }) => `${info.checkpointId}${children.length > 0 ? `(${drawn(children)})` : ''}`)
    .join(' ');

describe('the family of the checkpoints', () => {
  it('hangs a policy below its judge, and below the policy it went on from', () => {
    expect(drawn(familyTree(family))).toBe('base(tuned(judge(first(second))))');
    expect(drawn(familyTree([...family].reverse())), 'in whatever order they came').toBe(
      'base(tuned(judge(first(second))))',
    );
  });

  it('hangs children below their grandparents when a parent is gone, and names who is missing', () => {
    const tree = familyTree([base, first, second]);
    expect(drawn(tree)).toBe('base(first(second))');
    expect(tree[0]!.children[0]!.missing.map(({ checkpointId }) => checkpointId)).toEqual(['judge', 'tuned']);
    const orphans = familyTree([judge, first]);
    expect(drawn(orphans)).toBe('judge(first)');
    expect(orphans[0]!.missing.map(({ name }) => name)).toEqual(['tuned', 'base']);
  });

  it('keeps whom nobody knows the parents of', () => {
    expect(drawn(familyTree([made('lone', 'policy', ['never seen'])]))).toBe('lone');
  });

  it('orders siblings by when they were made', () => {
    const late = made('late', 'reward', ['base'], { madeAt: 9 });
    const early = made('early', 'reward', ['base'], { madeAt: 8 });
    expect(drawn(familyTree([base, late, early]))).toBe('base(early late)');
  });

  it('shows every checkpoint exactly once, whatever files claim about their parents', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const claims = fc.array(
      fc.record({
        kind: fc.constantFrom<CheckpointKind>('base', 'finetuned', 'policy', 'reward'),
        parents: fc.subarray(ids),
      }),
      { minLength: 5, maxLength: 5 },
    );
    fc.assert(
      fc.property(claims, fc.subarray(ids), (claimed, onShelf) => {
        const all = claimed.map(({ kind, parents }, i) => made(ids[i]!, kind, parents));
        const here = all
          .filter(({ checkpointId }) => onShelf.includes(checkpointId))
          .map((info) => ({ ...info, ancestors: all.map(remembered) }));
        const rows = familyRows(familyTree(here), new Set());
        expect(rows.map(({ node }) => node.info.checkpointId).sort()).toEqual([...onShelf].sort());
      }),
    );
  });

  it('reads from top to bottom, without what is folded away', () => {
    const rows = familyRows(familyTree(family), new Set(['judge']));
    expect(
      rows.map(({ node, position, siblings, parentId }) => [
        node.info.checkpointId,
        node.level,
        position,
        siblings,
        parentId,
      ]),
    ).toEqual([
      ['base', 1, 1, 1, null],
      ['tuned', 2, 1, 1, 'base'],
      ['judge', 3, 1, 1, 'tuned'],
    ]);
  });

  it('compares settings with the nearest forebear of the same method, else with the sibling before', () => {
    const by = (info: CheckpointInfo, kind: 'ppo' | 'reward'): CheckpointInfo => ({
      ...info,
      lineage: { recipe: { kind }, sources: {} },
    });
    const sibling = by(made('sibling', 'policy', ['tuned', 'judge'], { madeAt: 6 }), 'ppo');
    const all = [base, tuned, by(judge, 'reward'), by(first, 'ppo'), by(second, 'ppo'), sibling];
    const against = comparables(all);
    expect(against.get('second')?.checkpointId).toBe('first');
    expect(against.get('sibling')?.checkpointId).toBe('second');
    expect([...against.keys()]).toEqual(['second', 'sibling']);
  });
});
