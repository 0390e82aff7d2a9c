/** How a run is stored: what it is made from once, where it stands at every save. */

import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunSpec } from '../../../src/contract/domain';
import { votesIn } from '../../../src/contract/preferences';
import { idbStorage } from '../../../src/store/persistence/idbStorage';
import { saidOf } from '../../helpers/plainVote';
import { freshDisk, openPage, openVoting, type Page, settle } from '../openLab';

const VOTES = 300;

/** a page whose reward model trains on many votes */
async function openJudging(): Promise<Page> {
  const page = await openVoting({ href: '?preset=tiny&seed=1&rewardSteps=1000' });
  await page.lab.getState().opinions.simulate(VOTES);
  await page.lab.getState().runs.play('reward');
  await settle();
  return page;
}

/** @returns a tally of the characters that are put into each store from now on */
function countWrites(): Record<string, number> {
  const written: Record<string, number> = {};
  const { put } = IDBObjectStore.prototype;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...values) {
    written[this.name] = (written[this.name] ?? 0) + JSON.stringify(values[0]).length;
    return put.apply(this, values);
  });
  return written;
}

const stored = async () => (await idbStorage().load()).runs[0];
const specIds = async (): Promise<IDBValidKey[]> => {
  const database = await openDB('rlhf-lab');
  const keys = await database.getAllKeys('specs');
  database.close();
  return keys;
};

describe('the record of a run', () => {
  beforeEach(freshDisk);
  afterEach(() => vi.restoreAllMocks());

  it('is written without the votes that the run is made from, however often it is saved', async () => {
    const page = await openJudging();
    const written = countWrites();
    for (let save = 0; save < 5; save++) {
      page.client.advance(1);
      page.client.lab.runs.get(page.lab.getState().runs.reward.runId ?? '')?.emitSnapshot();
      await settle();
    }
    const spec = JSON.stringify(page.lab.getState().runs.reward.spec).length;
    expect(spec).toBeGreaterThan(100 * VOTES);
    expect(written.runs, 'five records').toBeGreaterThan(0);
    expect(written.runs).toBeLessThan(spec);
    expect(written.specs).toBeUndefined();
  });

  it('comes back with all that the run is made from, and goes with its run', async () => {
    const page = await openJudging();
    const { spec, runId } = page.lab.getState().runs.reward;
    expect((await stored())?.spec).toEqual(spec);
    expect(await specIds()).toEqual([runId]);
    page.kill();
    const again = await openPage();
    expect(again.lab.getState().runs.reward).toMatchObject({ runId, spec });
    await again.lab.getState().runs.reset('reward');
    await settle();
    expect(await stored()).toBeUndefined();
    expect(await specIds()).toEqual([]);
  });

  it('has what a rule labelled for the run beside it, written once, and gone with the run', async () => {
    const page = await openJudging();
    const { runId, spec } = page.lab.getState().runs.reward;
    const labels = Array.from({ length: 600 }, (_, i) => ({
      prompt: 'the fox found a kite .',
      chosen: `he was glad ${i} .`,
      rejected: `he was sad ${i} .`,
      source: 'rule' as const,
    }));
    page.client.lab.emit('run/labelled', { runId: runId!, labels });
    await settle();
    const written = countWrites();
    for (let save = 0; save < 5; save++) {
      page.client.advance(1);
      page.client.lab.runs.get(runId!)?.emitSnapshot();
      await settle();
    }
    expect(written.runs).toBeLessThan(JSON.stringify(labels).length);
    expect(written.specs).toBeUndefined();
    expect(await stored()).toMatchObject({ spec, labels });
    page.kill();

    const again = await openPage();
    expect(again.lab.getState().runs.reward).toMatchObject({ spec, labels });
    expect(again.client.calls.findLast(({ kind }) => kind === 'run/restore')?.params).toMatchObject({ labels });
    await again.lab.getState().runs.reset('reward');
    await settle();
    expect(await specIds()).toEqual([]);
  });

  it('of a run that took the place of another has its own', async () => {
    const page = await openJudging();
    await page.lab.getState().opinions.simulate(10);
    await page.lab.getState().runs.reset('reward');
    await page.lab.getState().runs.play('reward');
    await settle();
    const { runId } = page.lab.getState().runs.reward;
    expect(await specIds()).toEqual([runId]);
    expect((await stored())?.spec).toMatchObject({ opinions: { length: VOTES + 10 } });
  });
});

describe('a lab that was stored when records held what their runs are made from', () => {
  beforeEach(freshDisk);

  it('opens with its run, and keeps it when the run is saved again', async () => {
    const { runId, spec } = await leaveVersion2();
    const page = await openPage();
    expect(page.lab.getState().notices.notices).toEqual([]);
    expect(page.lab.getState().runs.reward).toMatchObject({ runId, spec, state: { status: 'paused', step: 3 } });
    expect(votesIn(page.lab.getState().opinions.all)).toHaveLength(VOTES);
    await page.lab.getState().runs.play('reward');
    page.client.advance(2);
    await page.lab.getState().runs.pause('reward');
    await settle();
    expect(await specIds()).toEqual([runId]);
    expect(await stored()).toMatchObject({ runId, spec, state: { step: 5 } });
  });

  const isHolder = (name: string): boolean => ['checkpoints', 'snapshots'].includes(name);

  /** a lab with a paused reward model, in the form of version 2; @returns what its run was */
  async function leaveVersion2(): Promise<{ runId: string; spec: RunSpec }> {
    const page = await openJudging();
    page.client.advance(3);
    await page.lab.getState().runs.pause('reward');
    await settle();
    page.kill();
    const now = await openDB('rlhf-lab');
    const names = [...now.objectStoreNames].filter((name) => !['specs', 'opinions', 'pieces'].includes(name));
    const whole = async ({ file, size, ...rest }: { file?: number; size?: number }) =>
      file === undefined ? rest : { ...rest, bytes: await now.get('pieces', [file, 0]) };
    const rows = new Map<string, [IDBValidKey, unknown][]>();
    for (const name of names) {
      const [keys, values] = [await now.getAllKeys(name), await now.getAll(name)];
      rows.set(
        name,
        await Promise.all(
          keys.map(
            async (key, i) => [key, isHolder(name) ? await whole(values[i]) : values[i]] as [IDBValidKey, unknown],
          ),
        ),
      );
    }
    const [spec] = await now.getAll('specs');
    const votes = (await now.getAll('opinions')).map(saidOf);
    now.close();
    freshDisk();
    const before = await openDB('rlhf-lab', 2, { upgrade: version2 });
    for (const [name, entries] of rows)
      for (const [key, value] of entries)
        await (name === 'runs'
          ? before.put(name, {
              ...(value as object),
              spec: { ...spec, opinions: undefined, votes: spec.opinions.map(saidOf), rankings: [] },
            })
          : before.put(name, value, name === 'snapshots' ? undefined : key));
    for (const one of votes) await before.add('votes', one);
    const { runId } = (await before.getAll('runs'))[0];
    before.close();
    return { runId, spec };
  }

  const version2 = (database: Parameters<NonNullable<NonNullable<Parameters<typeof openDB>[2]>['upgrade']>>[0]) => {
    for (const name of ['settings', 'points', 'checkpoints', 'texts']) database.createObjectStore(name);
    database.createObjectStore('votes', { autoIncrement: true }).createIndex('voteId', 'voteId', { unique: true });
    database
      .createObjectStore('rankings', { autoIncrement: true })
      .createIndex('rankingId', 'rankingId', { unique: true });
    database.createObjectStore('runs', { keyPath: 'kind' });
    database.createObjectStore('snapshots', { keyPath: ['runId', 'step'] });
  };
});
