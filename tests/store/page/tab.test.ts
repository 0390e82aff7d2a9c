import { describe, expect, it } from 'vitest';
import { follow, howFar, type Tab, type TabMove } from '../../../src/store/page/tab';

const TABS: Tab[] = ['starting', 'restoring', 'live', 'opening', 'aside', 'taking'];
const after = (...moves: TabMove[]): Tab => moves.reduce<Tab>(follow, 'starting');

describe('a tab and the stored lab', () => {
  it.each<[string, TabMove[], Tab]>([
    ['is here once it was read and came back', ['read', 'settle'], 'live'],
    ['is here though nothing could be read', ['settle'], 'live'],
    ['stays with the tab that was first', ['refuse', 'read', 'settle'], 'aside'],
    ['goes to another tab', ['read', 'settle', 'lose'], 'aside'],
    ['goes to another tab while it comes back', ['read', 'lose', 'settle'], 'aside'],
    ['is taken and comes back', ['refuse', 'read', 'settle', 'take', 'own', 'read', 'settle'], 'live'],
    [
      'is taken while the tab opens, and looks finished only when it came back',
      ['refuse', 'take', 'read', 'settle'],
      'taking',
    ],
    ['could not be taken', ['refuse', 'settle', 'take', 'giveUp', 'settle'], 'aside'],
    ['is lost again while it comes back', ['refuse', 'settle', 'take', 'own', 'lose', 'settle'], 'aside'],
  ])('it %s', (_, moves, tab) => {
    expect(after(...moves)).toBe(tab);
  });

  it('is taken from another tab alone, and lost by its owner alone', () => {
    expect(TABS.filter((tab) => follow(tab, 'take') !== tab)).toEqual(['opening', 'aside']);
    expect(TABS.filter((tab) => follow(tab, 'lose') !== tab)).toEqual(['starting', 'restoring', 'live']);
  });

  it('is ready in its owner and beside it, not on the way', () => {
    expect(TABS.map(howFar)).toEqual(['starting', 'restoring', 'ready', 'restoring', 'ready', 'restoring']);
  });
});
