/** Files of several pieces: what comes of one that is cut short, finds no room, is replaced or deleted meanwhile. */
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CheckpointInfo } from '../../../src/contract/domain';
import { idbStorage } from '../../../src/store/persistence/idbStorage';
import { PIECE_BYTES } from '../../../src/store/persistence/pieces';
import type { EndOfRun, LabStorage } from '../../../src/store/persistence/storage';
import { plainVote } from '../../helpers/plainVote';
import { freshDisk } from '../openLab';

const PIECES = 3;
const info = (checkpointId: string) => ({ checkpointId, name: checkpointId }) as CheckpointInfo;
/** bytes that tell where they stand, and which file they are of */
function large(seed: number, size = (PIECES - 1) * PIECE_BYTES + 1234): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i += 1021) bytes[i] = (i / 1021 + seed) % 251;
  return bytes;
}
const model = (checkpointId: string, bytes = large(1)) => ({ info: info(checkpointId), bytes });
const isSame = (one: Uint8Array | undefined, other: Uint8Array): boolean =>
  one !== undefined && Buffer.compare(one, other) === 0;
const end = (bytes: Uint8Array) =>
  ({
    record: { kind: 'pretrain', runId: 'run-1', spec: null, labels: [] },
    checkpoint: model('base-1', bytes),
    settings: { savedAt: 7 },
  }) as unknown as EndOfRun;

/** sizes of all pieces on the disk */
async function piecesOnDisk(): Promise<number[]> {
  const database = await openDB('rlhf-lab');
  const pieces = (await database.getAll('pieces')) as Uint8Array[];
  database.close();
  return pieces.map(({ length }) => length);
}

const { transaction: begins } = IDBDatabase.prototype;
/** from now on so many changes reach the disk, and no more. @returns how many were asked for */
function killAfter(changes: number): () => number {
  let asked = 0;
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...wanted) {
    if (wanted[1] === 'readwrite' && asked++ >= changes)
      throw new DOMException('The tab is dead.', 'QuotaExceededError');
    return begins.apply(this, wanted);
  });
  return () => asked;
}

/** the disk is full at the change of this number, and has room for smaller ones after it */
function fullAt(number: number): void {
  let asked = 0;
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...wanted) {
    if (wanted[1] === 'readwrite' && asked++ === number) throw new DOMException('No room.', 'QuotaExceededError');
    return begins.apply(this, wanted);
  });
}

/** does this before the change of this number */
function between(number: number, act: () => void): void {
  let asked = 0;
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...wanted) {
    if (wanted[1] === 'readwrite' && asked++ === number) act();
    return begins.apply(this, wanted);
  });
}

beforeEach(freshDisk);
afterEach(() => vi.restoreAllMocks());

describe('a large file', () => {
  it('lies in pieces of bounded size, of its own bytes alone, and comes back whole', async () => {
    const storage = idbStorage();
    const bytes = large(1);
    const within = new Uint8Array(bytes.length + 100);
    within.set(bytes, 60);
    await storage.putCheckpoint(model('base-1', within.subarray(60, 60 + bytes.length)));
    await storage.putCheckpoint(model('small', large(2, 500)));
    expect(await piecesOnDisk()).toEqual([PIECE_BYTES, PIECE_BYTES, 1234, 500]);
    const found = await idbStorage().checkpoint('base-1');
    expect(found?.info).toEqual(info('base-1'));
    expect(isSame(found?.bytes, bytes)).toBe(true);
    expect(await storage.models()).toEqual([
      { info: info('base-1'), size: bytes.length },
      { info: info('small'), size: 500 },
    ]);
  });

  it.each([0, 1, 2])(
    'is none when its tab dies after %i of its changes, and goes with the next one',
    async (changes) => {
      killAfter(changes);
      await expect(idbStorage().putCheckpoint(model('base-1'))).rejects.toThrow('The tab is dead.');
      vi.restoreAllMocks();
      const storage = idbStorage();
      expect((await storage.load()).checkpointIds).toEqual([]);
      expect(await storage.checkpoint('base-1')).toBeNull();
      expect(await piecesOnDisk()).toHaveLength(changes);
      await storage.putCheckpoint(model('small', large(2, 500)));
      expect(await piecesOnDisk()).toEqual([500]);
    },
  );

  it.each([0, 1, 2])('leaves nothing where the disk is full at its change number %i', async (number) => {
    const storage = idbStorage();
    await storage.putCheckpoint(model('small', large(2, 500)));
    fullAt(number);
    await expect(storage.putCheckpoint(model('base-1'))).rejects.toMatchObject({ name: 'QuotaExceededError' });
    expect(await storage.checkpoint('base-1')).toBeNull();
    expect(await piecesOnDisk()).toEqual([500]);
    vi.restoreAllMocks();
    await storage.putCheckpoint(model('base-1'));
    expect(isSame((await storage.checkpoint('base-1'))?.bytes, large(1))).toBe(true);
  });

  it.each([1, 2])('stays as it was where one that takes its place is cut short after %i changes', async (changes) => {
    const storage = idbStorage();
    await storage.putCheckpoint(model('base-1'));
    killAfter(changes);
    await expect(storage.putCheckpoint(model('base-1', large(9)))).rejects.toThrow();
    vi.restoreAllMocks();
    expect(isSame((await idbStorage().checkpoint('base-1'))?.bytes, large(1))).toBe(true);
    await storage.putCheckpoint(model('base-1', large(9)));
    expect(isSame((await storage.checkpoint('base-1'))?.bytes, large(9))).toBe(true);
    expect(await piecesOnDisk()).toHaveLength(PIECES);
  });

  it('is deleted with all its pieces, and another one is not', async () => {
    const storage = idbStorage();
    await storage.putCheckpoint(model('base-1'));
    await storage.putCheckpoint(model('base-2', large(2)));
    await storage.removeCheckpoint('base-1');
    expect(await piecesOnDisk()).toHaveLength(PIECES);
    expect(isSame((await storage.checkpoint('base-2'))?.bytes, large(2))).toBe(true);
  });

  it('gets another name without being written again', async () => {
    const storage = idbStorage();
    await storage.putCheckpoint(model('base-1'));
    const put = vi.spyOn(IDBObjectStore.prototype, 'put');
    await storage.relabel({ ...info('base-1'), name: 'Another' });
    await storage.relabel(info('gone'));
    expect(put).toHaveBeenCalledTimes(1);
    expect((await storage.checkpoint('base-1'))?.info.name).toBe('Another');
    expect((await storage.load()).checkpointIds).toEqual(['base-1']);
  });

  it('is whole where the storage was emptied in its midst', async () => {
    const storage = idbStorage();
    await storage.load();
    between(2, freshDiskOf(storage));
    await storage.putCheckpoint(model('base-1'));
    expect(isSame((await storage.checkpoint('base-1'))?.bytes, large(1))).toBe(true);
    expect(await piecesOnDisk()).toHaveLength(PIECES);
  });

  it('is waited for by what is asked of models and runs, and not by a vote', async () => {
    const storage = idbStorage();
    await storage.load();
    const ended: string[] = [];
    const asked = (name: string, work: Promise<void>) => work.then(() => ended.push(name));
    await Promise.all([
      asked('written', storage.putCheckpoint(model('base-1'))),
      asked('removed', storage.removeCheckpoint('base-1')),
      asked('setting', storage.putSetting('savedAt', 3)),
      asked('vote', storage.putOpinions([plainVote(1)])),
    ]);
    expect(ended).toEqual(['vote', 'written', 'removed', 'setting']);
    expect((await storage.load()).checkpointIds).toEqual([]);
    expect(await piecesOnDisk()).toEqual([]);
    await Promise.all([storage.putCheckpoint(model('base-1')), storage.clear()]);
    expect((await storage.load()).checkpointIds).toEqual([]);
    expect(await piecesOnDisk()).toEqual([]);
  });
});

/** deletes all under the page, as a browser does whose site data is cleared */
function freshDiskOf(storage: LabStorage): () => void {
  return () => {
    storage.close();
    freshDisk();
    throw new DOMException('The connection is closing.', 'InvalidStateError');
  };
}

describe('what a run leaves', () => {
  it.each([0, 1, 2])('is all of it or nothing, a large model too, after %i changes', async (changes) => {
    killAfter(changes);
    await expect(idbStorage().putEnd(end(large(3)))).rejects.toThrow();
    vi.restoreAllMocks();
    const storage = idbStorage();
    expect(await storage.load()).toMatchObject({ checkpointIds: [], runs: [], settings: {} });
    await storage.putEnd(end(large(3)));
    expect(await storage.load()).toMatchObject({
      checkpointIds: ['base-1'],
      runs: [{ runId: 'run-1' }],
      settings: { savedAt: 7 },
    });
    expect(isSame((await storage.checkpoint('base-1'))?.bytes, large(3))).toBe(true);
  });

  it('keeps the states of a run in pieces too: the newest two, and none of a run that goes', async () => {
    const storage = idbStorage();
    await storage.putEnd(end(large(3)));
    for (const step of [1, 2, 3])
      await storage.putSnapshot({ runId: 'run-1', kind: 'pretrain', step, bytes: large(step) });
    const [newest, before, ...others] = await storage.snapshots('run-1');
    expect([newest?.step, before?.step, others.length]).toEqual([3, 2, 0]);
    expect(isSame(newest?.bytes, large(3))).toBe(true);
    expect(isSame(before?.bytes, large(2))).toBe(true);
    expect(await piecesOnDisk()).toHaveLength(3 * PIECES);
    await storage.removeSnapshot('run-1', 2);
    expect(await piecesOnDisk()).toHaveLength(2 * PIECES);
    await storage.removeRun('pretrain');
    expect(await piecesOnDisk()).toHaveLength(PIECES);
    expect(isSame((await storage.checkpoint('base-1'))?.bytes, large(3))).toBe(true);
  });
});

describe('a lab of version 5', () => {
  it('has its models and states of runs in pieces once it is opened', async () => {
    const before = await openDB('rlhf-lab', 5, {
      upgrade(database) {
        for (const name of ['settings', 'points', 'checkpoints', 'texts', 'specs']) database.createObjectStore(name);
        for (const name of ['opinions', 'duels'])
          database.createObjectStore(name, { autoIncrement: true }).createIndex('rankingId', 'rankingId');
        database.createObjectStore('runs', { keyPath: 'kind' });
        database.createObjectStore('snapshots', { keyPath: ['runId', 'step'] });
      },
    });
    await before.put('checkpoints', model('base-1'), 'base-1');
    await before.put('checkpoints', model('small', large(2, 500)), 'small');
    await before.put('checkpoints', { info: model('torn').info }, 'torn');
    const snapshot = { runId: 'run-1', kind: 'pretrain', step: 4, bytes: large(4) } as const;
    await before.put('snapshots', snapshot);
    before.close();
    const storage = idbStorage();
    expect((await storage.load()).checkpointIds).toEqual(['base-1', 'small', 'torn']);
    expect(await piecesOnDisk()).toEqual([PIECE_BYTES, PIECE_BYTES, 1234, 500, 0, PIECE_BYTES, PIECE_BYTES, 1234]);
    expect((await storage.models()).map(({ size }) => size)).toEqual([large(1).length, 500, 0]);
    expect(isSame((await storage.checkpoint('base-1'))?.bytes, large(1))).toBe(true);
    const [found] = await storage.snapshots('run-1');
    expect(isSame(found?.bytes, large(4))).toBe(true);
    expect(found).toMatchObject({ runId: 'run-1', kind: 'pretrain', step: 4 });
    expect((await storage.checkpoint('torn'))?.bytes).toHaveLength(0); // damaged before, and alone so
  });
});
