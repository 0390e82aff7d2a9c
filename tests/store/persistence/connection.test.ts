/** Connections to IndexedDB that the browser closes, and databases that it deletes, under a page that is open. */
import { IDBOpenDBRequest as FDBOpenDBRequest, forceCloseDatabase, IDBFactory } from 'fake-indexeddb';
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Vote, votesIn } from '../../../src/contract/preferences';
import { outlivesWindow } from '../../../src/store/page/ready';
import { idbStorage } from '../../../src/store/persistence/idbStorage';
import { memoryStorage } from '../../../src/store/persistence/memoryStorage';
import type { LabStorage } from '../../../src/store/persistence/storage';
import { freshDisk, openPage, openVoting, type Page, settle, vote } from '../openLab';

const codes = ({ lab }: Page) => lab.getState().notices.notices.map(({ code }) => code);
const votesOf = ({ lab }: Page) => votesIn(lab.getState().opinions.all);
const onDisk = async () => (await idbStorage().load()).opinions;
type Closable = Parameters<typeof forceCloseDatabase>[0];

/** a request of which nothing is ever heard */
const unanswered = () => new FDBOpenDBRequest();

/** IndexedDB as it is, with every connection that was opened, oldest first, and a way to refuse further ones */
function watchIndexedDb() {
  const connections: IDBDatabase[] = [];
  const refusal = { now: false, unanswered: 0 };
  const { open } = IDBFactory.prototype;
  vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(function (this: IDBFactory, ...values) {
    if (refusal.now)
      throw new DOMException(
        'Connection to Indexed Database server lost. Refresh the page to try again',
        'UnknownError',
      );
    if (refusal.unanswered-- > 0) return unanswered() as unknown as IDBOpenDBRequest;
    const request = open.apply(this, values);
    request.addEventListener('success', () => connections.push(request.result as unknown as IDBDatabase));
    return request;
  });
  return { connections, refusal };
}

/** as the browser does of a phone that was in the background */
const closeByBrowser = (connection: IDBDatabase | undefined) => forceCloseDatabase(connection as unknown as Closable);

beforeEach(freshDisk);
afterEach(() => vi.restoreAllMocks());

describe('a connection that the browser closes', () => {
  it('is opened again, and every vote that the page shows is on disk', async () => {
    const { connections } = watchIndexedDb();
    const page = await openVoting();
    await vote(page);
    closeByBrowser(connections.at(-1));
    await vote(page);
    await vote(page);
    expect(votesOf(page)).toHaveLength(3);
    expect(await onDisk()).toEqual(votesOf(page));
    expect(codes(page)).toEqual([]);
    expect(page.lab.getState().session.storage).toBe('persistent');
  });

  it('is asked for again when the browser never answers, as it may while it deletes', async () => {
    const { connections, refusal } = watchIndexedDb();
    const page = await openVoting();
    connections.at(-1)?.close();
    refusal.unanswered = 1;
    await vote(page);
    expect(refusal.unanswered).toBeLessThan(0); // asked again
    expect(await onDisk()).toEqual(votesOf(page));
    expect(codes(page)).toEqual([]);
  });

  it('is opened again without an event that says so', async () => {
    const { connections } = watchIndexedDb();
    const page = await openVoting();
    connections.at(-1)?.close();
    await vote(page);
    expect(await onDisk()).toEqual(votesOf(page));
    expect(codes(page)).toEqual([]);
  });

  it('doubles no vote when it was lost after the write and before its answer', async () => {
    const storage = idbStorage();
    const page = await openVoting({ storage });
    await vote(page);
    const [first] = votesOf(page);
    await storage.putOpinions([first!]); // the write repeated
    expect(await onDisk()).toEqual([first]);
  });

  it('is asked again when it does not open either: votes wait in the tab, which says so, and are stored when it does', async () => {
    const waiting: (() => void)[] = [];
    const { connections, refusal } = watchIndexedDb();
    const page = await openVoting({ later: (task) => waiting.push(task) });
    await vote(page);
    refusal.now = true;
    closeByBrowser(connections.at(-1));
    await vote(page);
    await vote(page);
    page.lab.getState().view.setTheme('dark');
    expect(votesOf(page)).toHaveLength(3);
    expect(codes(page)).toEqual(['storage/lost']);
    expect(outlivesWindow(page.lab.getState())).toBe(false);
    expect(page.lab.getState().notices.notices[0]?.next).toContain('export your votes');

    refusal.now = false;
    for (const task of waiting.splice(0)) task();
    await settle();
    expect(await onDisk()).toEqual(votesOf(page));
    expect((await idbStorage().load()).settings.view?.theme).toBe('dark');
    expect(codes(page)).toEqual([]);
    expect(page.lab.getState().session.storage).toBe('persistent');
  });

  it('is asked again by the next vote at the latest', async () => {
    const storage = idbStorage();
    const { putOpinions, checkpoint } = storage;
    const gone = () => Promise.reject(new DOMException('The connection was closed.', 'InvalidStateError'));
    const page = await openVoting({ storage });
    await vote(page);
    await vote(page);
    Object.assign(storage, { putOpinions: gone, checkpoint: gone });
    await vote(page);
    await vote(page);
    expect(codes(page)).toEqual(['storage/lost']);
    await page.lab.getState().pairs.undo();
    await page.lab.getState().pairs.undo();
    await page.lab.getState().pairs.undo(); // one of these is on disk
    Object.assign(storage, { putOpinions, checkpoint });
    await vote(page);
    expect(await onDisk()).toEqual(votesOf(page));
    expect(codes(page)).toEqual([]);
  });

  it('takes what a run made meanwhile along when it opens again', async () => {
    const storage = idbStorage();
    const kept = { ...storage };
    const page = await openPage({ storage, href: '?preset=tiny&seed=3&steps=60' });
    const gone = () => Promise.reject(new DOMException('The connection was closed.', 'InvalidStateError'));
    for (const [name, value] of Object.entries(kept))
      if (typeof value === 'function' && name !== 'close') Object.assign(storage, { [name]: gone });
    await page.lab.getState().runs.play('pretrain');
    page.client.advance(60);
    await settle();
    expect(codes(page)).toEqual(['storage/lost']);
    Object.assign(storage, kept);
    await page.lab.getState().pairs.prepare();
    await vote(page);
    await settle();
    page.kill();
    const again = await openPage();
    expect(again.lab.getState().runs.pretrain).toMatchObject({ state: { status: 'done', step: 60 } });
    expect(again.lab.getState().runs.pretrain.history).toHaveLength(60);
    expect(again.lab.getState().shelf.checkpoints).toHaveLength(1);
    expect(votesIn(again.lab.getState().opinions.all)).toHaveLength(1);
  });
});

describe('storage that is cleared while the page is open', () => {
  it('is filled again with what the page has: votes, models, settings, runs', async () => {
    const page = await openVoting({ href: '?preset=tiny&seed=3&steps=60' });
    await vote(page);
    await vote(page);
    await page.lab.getState().runs.play('pretrain');
    page.client.advance(20);
    await page.lab.getState().runs.pause('pretrain');
    await settle();
    await deleteDB('rlhf-lab');
    await vi.waitFor(() => expect(codes(page)).toEqual(['storage/emptied']), 10_000); // opened again unasked
    await vote(page);
    await settle();
    const stored = await idbStorage().load();
    expect(stored.opinions).toEqual(votesOf(page));
    expect(stored.checkpointIds).toEqual(['shipped-tiny']);
    expect(stored.settings.slots?.baseId).toBe('shipped-tiny');
    expect(stored.runs).toMatchObject([{ kind: 'pretrain', state: { step: 20 } }]);
    page.kill();
    const again = await openPage();
    expect(again.lab.getState().runs.pretrain.state).toMatchObject({ status: 'paused', step: 20 });
    expect(again.lab.getState().runs.pretrain.history).toHaveLength(20);
  });

  it('has votes in the order they were cast, whichever of them was written first', async () => {
    const page = await openVoting();
    for (let i = 0; i < 3; i++) await vote(page);
    const [first, second, third] = votesOf(page) as [Vote, Vote, Vote];
    const storage = idbStorage();
    await storage.removeOpinions([first.rankingId, second.rankingId]);
    const changed = { ...third, seconds: 9 };
    await storage.putOpinions([first, second, changed]);
    expect((await storage.load()).opinions).toEqual([first, second, changed]);
    await storage.putOpinions([second]);
    expect((await storage.load()).opinions).toEqual([first, second, changed]);
  });

  it('stays empty when everything was forgotten on the page', async () => {
    const storage = idbStorage();
    const { putOpinions } = storage;
    const page = await openVoting({ storage });
    storage.putOpinions = () =>
      Promise.reject(Object.assign(new Error('The disk is full.'), { name: 'QuotaExceededError' }));
    await vote(page);
    storage.putOpinions = putOpinions;
    await page.lab.getState().session.clearAll();
    await page.lab.getState().shelf.startTrained('tiny');
    await settle();
    await vote(page);
    expect(await onDisk()).toEqual(votesOf(page));
    expect(await onDisk()).toHaveLength(1);
  });
});

describe('pages of different versions', () => {
  it('says at once that an older one holds the storage, and goes on when that one is closed', async () => {
    const older = await openDB('rlhf-lab', 1, { upgrade: olderForm });
    const page = await openPage({ boot: false });
    const booting = page.lab.getState().session.boot();
    await settle();
    expect(codes(page)).toEqual(['storage/blocked']);
    expect(page.lab.getState().session.tab).toBe('starting');
    older.close();
    await booting;
    expect(codes(page)).toEqual([]);
    expect(page.lab.getState().session).toMatchObject({ tab: 'live', storage: 'persistent' });
  });

  it('lets a newer one have the storage, and says that this one should be reloaded', async () => {
    const page = await openVoting();
    await vote(page);
    const newer = await openDB('rlhf-lab', 99);
    await settle();
    expect(codes(page)).toEqual(['storage/outdated']);
    expect(outlivesWindow(page.lab.getState())).toBe(false);
    await vote(page);
    expect(votesOf(page)).toHaveLength(2);
    expect(await newer.count('opinions')).toBe(1);
    newer.close();
  });

  it('is told so when it opens after a newer one', async () => {
    (await openDB('rlhf-lab', 99)).close();
    const page = await openPage();
    expect(codes(page)).toEqual(['storage/outdated']);
    expect(page.lab.getState().session.storage).toBe('memory');
  });

  const olderForm = (database: Parameters<NonNullable<NonNullable<Parameters<typeof openDB>[2]>['upgrade']>>[0]) => {
    database.createObjectStore('settings');
    database.createObjectStore('votes', { autoIncrement: true }).createIndex('voteId', 'voteId', { unique: true });
    database.createObjectStore('runs', { keyPath: 'kind' });
    database.createObjectStore('points');
    database.createObjectStore('snapshots', { keyPath: ['runId', 'step'] });
    database.createObjectStore('checkpoints');
    database.createObjectStore('texts');
  };
});

describe('changes that are asked for at the same time', () => {
  /** of each value that was put, the transaction that put it; and the end of each transaction */
  function watchPuts(): (IDBTransaction | 'end')[] {
    const seen: (IDBTransaction | 'end')[] = [];
    const known = new Set<IDBTransaction>();
    const { put } = IDBObjectStore.prototype;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...values) {
      const { transaction } = this;
      if (!known.has(transaction)) transaction.addEventListener('complete', () => seen.push('end'));
      known.add(transaction);
      const request = put.apply(this, values);
      request.addEventListener('success', () => seen.push(transaction));
      return request;
    });
    return seen;
  }

  it('are made one after the other, whatever they write: Chromium loses everything when it is killed in the middle of two', async () => {
    const page = await openVoting({ href: '?preset=tiny&seed=3&steps=60' });
    await vote(page);
    await page.lab.getState().runs.play('pretrain');
    page.client.advance(20);
    await settle();
    const storage = idbStorage();
    const [{ opinions, runs, settings }, checkpoint] = [await storage.load(), await storage.checkpoint('shipped-tiny')];
    const { runId } = runs[0]!;
    const points = await storage.points(runId);
    const seen = watchPuts();
    await Promise.all([
      storage.putOpinions(opinions),
      storage.putPoints(runId, points),
      storage.putSnapshot({ runId, kind: 'pretrain', step: 20, bytes: new Uint8Array(9) }),
      storage.putRun(runs[0]!),
      storage.putCheckpoint(checkpoint!),
      storage.putText('text', new Uint8Array(9)),
      storage.putSetting('slots', settings.slots!),
    ]);
    const changes = seen.filter((one, i) => one !== seen[i - 1]);
    expect(changes.map((one) => (one === 'end' ? 'end' : 'put'))).toEqual(Array(7).fill(['put', 'end']).flat());
  });
});

describe('a disk that was full', () => {
  it('gets everything that found no room, whatever it was, once something fits again', async () => {
    const storage = idbStorage();
    const { putCheckpoint } = storage;
    const full = () => Promise.reject(Object.assign(new Error('The disk is full.'), { name: 'QuotaExceededError' }));
    const page = await openPage({ storage });
    storage.putCheckpoint = full;
    await page.lab.getState().shelf.loadShipped('tiny');
    expect(codes(page)).toEqual(['storage/full']);
    storage.putCheckpoint = putCheckpoint;
    await page.lab.getState().shelf.loadShipped('small');
    await settle();
    expect((await storage.load()).checkpointIds.sort()).toEqual(['shipped-small', 'shipped-tiny']);
    expect(codes(page)).toEqual([]);
  });
});

it('a storage in memory has nothing to tell', () => {
  const storage: LabStorage = memoryStorage();
  expect(() => storage.listen({ blocked: fail, opened: fail, outdated: fail })).not.toThrow();
  function fail(): never {
    throw new Error('memory does not go away');
  }
});
