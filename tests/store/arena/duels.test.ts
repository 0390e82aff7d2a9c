import { openDB } from 'idb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Duel } from '../../../src/contract/arena';
import { ranksOfChoice, type VoteChoice } from '../../../src/contract/preferences';
import { idbStorage } from '../../../src/store/persistence/idbStorage';
import { type AnyDatabase, type Upgrading, upgrade } from '../../../src/store/persistence/upgrade';
import { plainVote } from '../../helpers/plainVote';
import { freshDisk, openPage, openVoting, settle, vote } from '../openLab';

const duelOf = (number: number, choice: VoteChoice = 'a'): Duel => ({
  ...plainVote(number),
  rankingId: `duel-${number}`,
  ...ranksOfChoice(choice),
  policyId: 'base',
  againstId: 'policy',
});
const NAMES = { base: 'Base', policy: 'PPO' };
const onDisk = async (): Promise<Duel[]> => (await idbStorage().load()).duels;

describe('duels', () => {
  beforeEach(freshDisk);

  it('are on disk when they are on the page, in their order, with the names of their models', async () => {
    const page = await openPage();
    await page.lab.getState().arena.add([duelOf(1), duelOf(2)], NAMES);
    await page.lab.getState().arena.add([duelOf(3, 'tie')], {});
    page.lab.getState().arena.setOut('base', true);
    await page.lab.getState().arena.remove(['duel-2']);
    expect(page.lab.getState().arena.duels).toEqual([duelOf(1), duelOf(3, 'tie')]);
    expect(await onDisk()).toEqual([duelOf(1), duelOf(3, 'tie')]);
    await settle();
    page.kill();
    const again = await openPage();
    expect(again.lab.getState().arena).toMatchObject({
      duels: [duelOf(1), duelOf(3, 'tie')],
      names: NAMES,
      out: ['base'],
    });
  });

  it('are no votes: Compare and what learns from it do not see them', async () => {
    const page = await openPage();
    await page.lab.getState().arena.add([duelOf(1)], NAMES);
    expect(page.lab.getState().opinions.all).toEqual([]);
    expect((await idbStorage().load()).opinions).toEqual([]);
  });

  it('that found no room are written with the next one', async () => {
    const storage = idbStorage();
    const { putDuels } = storage;
    let full = true;
    storage.putDuels = (duels) =>
      full ? Promise.reject(new DOMException('full', 'QuotaExceededError')) : putDuels(duels);
    const page = await openPage({ storage });
    await page.lab.getState().arena.add([duelOf(1)], NAMES);
    expect(await onDisk()).toEqual([]);
    expect(page.lab.getState().notices.notices.map(({ code }) => code)).toEqual(['storage/full']);
    full = false;
    await page.lab.getState().arena.add([duelOf(2)], {});
    expect(await onDisk()).toEqual([duelOf(1), duelOf(2)]);
    expect(page.lab.getState().notices.notices).toEqual([]);
  });

  it('go with everything else', async () => {
    const page = await openPage();
    await page.lab.getState().arena.add([duelOf(1)], NAMES);
    await page.lab.getState().session.clearAll();
    expect(page.lab.getState().arena).toMatchObject({ duels: [], names: {}, out: [] });
    expect(await onDisk()).toEqual([]);
  });

  it('that were damaged on disk are left out and counted', async () => {
    const storage = idbStorage();
    await storage.putDuels([duelOf(1), { ...duelOf(2), againstId: 'base' }, { ...duelOf(3), ranks: [1, 7] } as never]);
    const page = await openPage();
    expect(page.lab.getState().arena.duels).toEqual([duelOf(1)]);
    expect(page.lab.getState().notices.notices[0]).toMatchObject({
      code: 'storage/repaired',
      message: 'Of the stored duels, 2 could not be read.',
    });
  });
});

describe('a lab that was stored before there was an arena', () => {
  beforeEach(freshDisk);

  it('opens with all it had, and takes duels', async () => {
    await leaveVersion4();
    const page = await openPage();
    expect(page.lab.getState().notices.notices).toEqual([]);
    expect(page.lab.getState().opinions.all).toHaveLength(2);
    expect(page.lab.getState().shelf.checkpoints).toHaveLength(1);
    expect(page.lab.getState().arena).toMatchObject({ duels: [], names: {}, out: [] });
    await page.lab.getState().arena.add([duelOf(1)], NAMES);
    expect(await onDisk()).toEqual([duelOf(1)]);
  });

  /** two votes and a model, in the form of version 4 */
  async function leaveVersion4(): Promise<void> {
    const page = await openVoting();
    await vote(page);
    await vote(page);
    await settle();
    page.kill();
    const now = await openDB('rlhf-lab');
    const names = [...now.objectStoreNames].filter((name) => !['duels', 'pieces'].includes(name));
    const rows = await Promise.all(
      names.map(async (name) => [name, await now.getAllKeys(name), await now.getAll(name)] as const),
    );
    const storage = idbStorage();
    const models = await Promise.all(
      (await now.getAllKeys('checkpoints')).map((id) => storage.checkpoint(id as string)),
    );
    storage.close();
    now.close();
    freshDisk();
    const before = await openDB('rlhf-lab', 4, {
      upgrade(database, version, _, transaction) {
        void upgrade(database as unknown as AnyDatabase, version, transaction as unknown as Upgrading);
        for (const name of ['duels', 'pieces']) database.deleteObjectStore(name);
      },
    });
    for (const [name, keys, values] of rows)
      for (const [i, value] of (name === 'checkpoints' ? models : values).entries())
        await before.put(name, value, before.transaction(name).store.keyPath === null ? keys[i] : undefined);
    before.close();
  }
});
