/** What is remembered of graphics cards between two visits. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { CardTuning } from '../../../src/contract/domain';
import { browserCards } from '../../../src/store/persistence/cards';
import { freshDisk, openPage, type Page } from '../openLab';

const KEY = 'rlhf-lab-cards';

/** localStorage with nothing in it */
function emptyStorage(): Storage & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage & { kept: Map<string, string> };
}

const startsOf = ({ client }: Page): unknown[] =>
  client.calls.filter(({ kind }) => kind === 'engine/start').map(({ params }) => params);
const FOUND: CardTuning = { adapter: 'Some card', style: 'subgroups' };

beforeEach(freshDisk);

describe('a card that was tried out', () => {
  it('is told to the engine at the next visit, and not before anything was found', async () => {
    const storage = emptyStorage();
    const cards = browserCards(() => storage);
    const first = await openPage({ cards });
    expect(startsOf(first)).toEqual([{ backend: 'auto', executor: 'auto' }]);
    first.client.emit('engine/tuned', FOUND);
    first.kill();
    const next = await openPage({ cards });
    expect(startsOf(next)).toEqual([{ backend: 'auto', executor: 'auto', swiftest: { 'Some card': 'subgroups' } }]);
    await next.lab.getState().engine.changeExecutor('portable');
    expect(startsOf(next)[1]).toMatchObject({ executor: 'portable', swiftest: { 'Some card': 'subgroups' } });
  });

  it('is forgotten with everything else', async () => {
    const storage = emptyStorage();
    const cards = browserCards(() => storage);
    cards.add(FOUND);
    const page = await openPage({ cards });
    await page.lab.getState().session.clearAll();
    expect(cards.read()).toEqual({});
    expect(storage.kept.size).toBe(0);
  });

  it('is noted once, as it was found last', () => {
    const cards = browserCards(emptyStorage);
    const storage = emptyStorage();
    const same = browserCards(() => storage);
    expect(cards.read()).toEqual({});
    same.add(FOUND);
    same.add({ ...FOUND, style: 'broad' });
    expect(same.read()).toEqual({ 'Some card': 'broad' });
  });

  it('makes room for newer ones: eight are kept, and no endless name', () => {
    const storage = emptyStorage();
    const cards = browserCards(() => storage);
    for (let i = 0; i < 20; i++) cards.add({ adapter: `card ${i}`, style: 'broad' });
    cards.add({ adapter: 'x'.repeat(1000), style: 'broad' });
    expect(Object.keys(cards.read())).toEqual(Array.from({ length: 8 }, (_, i) => `card ${12 + i}`));
    expect(storage.kept.get(KEY)!.length).toBeLessThan(1000);
  });

  it.each([
    ['no JSON', '{'],
    ['something else', '7'],
    ['an older version', JSON.stringify({ version: 0, cards: [FOUND] })],
    ['a way that nobody knows', JSON.stringify({ version: 1, cards: [{ adapter: 'Some card', style: 'quantum' }] })],
    ['no list', JSON.stringify({ version: 1, cards: {} })],
  ])('is not known where %s is noted', (_, text) => {
    const storage = emptyStorage();
    storage.setItem(KEY, text);
    expect(browserCards(() => storage).read()).toEqual({});
  });

  it('keeps what is sound beside what is not', () => {
    const storage = emptyStorage();
    storage.setItem(KEY, JSON.stringify({ version: 1, cards: [null, { adapter: 7 }, FOUND] }));
    expect(browserCards(() => storage).read()).toEqual({ 'Some card': 'subgroups' });
  });

  it('is tried out at every visit where the browser keeps nothing', () => {
    const cards = browserCards(() => {
      throw new Error('forbidden');
    });
    cards.add(FOUND);
    cards.forget();
    expect(cards.read()).toEqual({});
  });
});
