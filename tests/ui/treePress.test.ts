import { describe, expect, it } from 'vitest';
import { familyRows, familyTree } from '../../src/store/models/family';
import { treePress } from '../../src/ui/panels/Checkpoints/treePress';
import { checkpoint } from '../helpers/fake/fakeLab';

/** base(judge(policy)), lone */
const tree = familyTree([
  checkpoint('base', 'base'),
  checkpoint('judge', 'reward', { parents: ['base'] }),
  checkpoint('policy', 'policy', { parents: ['base', 'judge'] }),
  checkpoint('lone', 'base'),
]);
const press = (key: string, at: string, folded: string[] = []) => {
  const shut = new Set(folded);
  const rows = familyRows(tree, shut);
  const place = rows.findIndex(({ node }) => node.info.checkpointId === at);
  return treePress(key, rows, place, shut);
};

describe('a key in the tree of checkpoints', () => {
  it.each([
    ['ArrowDown', 'base', 'judge'],
    ['ArrowDown', 'lone', undefined],
    ['ArrowUp', 'lone', 'policy'],
    ['ArrowUp', 'base', undefined],
    ['ArrowRight', 'base', 'judge'],
    ['ArrowRight', 'policy', undefined],
    ['ArrowLeft', 'policy', 'judge'],
    ['ArrowLeft', 'lone', null],
    ['Home', 'policy', 'base'],
    ['End', 'base', 'lone'],
  ])('%s at %s leads to %s', (key, at, to) => {
    expect(press(key, at)).toEqual({ kind: 'go', to });
  });

  it('folds what is open, opens what is folded, and goes over what is folded', () => {
    expect(press('ArrowLeft', 'base')).toEqual({ kind: 'fold', shut: true });
    expect(press('ArrowRight', 'base', ['base'])).toEqual({ kind: 'fold', shut: false });
    expect(press('ArrowLeft', 'judge', ['judge'])).toEqual({ kind: 'go', to: 'base' });
    expect(press('ArrowDown', 'base', ['base'])).toEqual({ kind: 'go', to: 'lone' });
  });

  it('deletes with the next one chosen, or the one before the last', () => {
    expect(press('Delete', 'judge')).toEqual({ kind: 'delete', next: 'policy' });
    expect(press('Delete', 'lone')).toEqual({ kind: 'delete', next: 'policy' });
  });

  it('is left to the page when a tree has no use for it', () => {
    expect(press('F2', 'base')).toEqual({ kind: 'rename' });
    expect(press('a', 'base')).toBeNull();
    expect(press('Tab', 'base')).toBeNull();
  });
});
