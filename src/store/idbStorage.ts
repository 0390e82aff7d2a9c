import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import type { RunKind } from '../contract/domain';
import type { MetricPoint } from '../contract/observations';
import type { Ranking, Vote } from '../contract/preferences';
import { type LabStorage, type RunRecord, type Settings, SNAPSHOTS_KEPT, type StoredCheckpoint, type StoredSnapshot } from './storage';

interface LabDatabase extends DBSchema {
  settings: { key: string; value: Settings[keyof Settings] };
  /** in the order they were cast */
  votes: { key: number; value: Vote; indexes: { voteId: string } };
  rankings: { key: number; value: Ranking; indexes: { rankingId: string } };
  runs: { key: RunKind; value: RunRecord };
  points: { key: [string, number]; value: MetricPoint };
  snapshots: { key: [string, number]; value: StoredSnapshot };
  checkpoints: { key: string; value: StoredCheckpoint };
  texts: { key: string; value: Uint8Array };
}
type Database = IDBPDatabase<LabDatabase>;

const VERSION = 2;
const STORES = ['settings', 'votes', 'rankings', 'runs', 'points', 'snapshots', 'checkpoints', 'texts'] as const;

/** every step of one run, as a range of compound keys */
const ofRun = (runId: string) => IDBKeyRange.bound([runId, Number.NEGATIVE_INFINITY], [runId, Number.POSITIVE_INFINITY]);

const open = (name: string): Promise<Database> =>
  openDB<LabDatabase>(name, VERSION, {
    upgrade(database, before) {
      if (before < 2)
        database.createObjectStore('rankings', { autoIncrement: true }).createIndex('rankingId', 'rankingId', { unique: true });
      if (before >= 1) return;
      database.createObjectStore('settings');
      database.createObjectStore('votes', { autoIncrement: true }).createIndex('voteId', 'voteId', { unique: true });
      database.createObjectStore('runs', { keyPath: 'kind' });
      database.createObjectStore('points');
      database.createObjectStore('snapshots', { keyPath: ['runId', 'step'] });
      database.createObjectStore('checkpoints');
      database.createObjectStore('texts');
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
    },
  });

/** @returns the lab's storage in IndexedDB; it is opened by the first call, which rejects where the browser forbids it */
export function idbStorage(name = 'rlhf-lab'): LabStorage {
  let opened: Promise<Database> | null = null;
  const database = (): Promise<Database> => {
    opened ??= open(name);
    return opened;
  };
  return {
    kind: 'persistent',
    ...smallThings(database),
    ...runThings(database),
    ...files(database),
    async clear() {
      const transaction = (await database()).transaction(STORES, 'readwrite', { durability: 'strict' });
      await Promise.all([...STORES.map((store) => transaction.objectStore(store).clear()), transaction.done]);
    },
    close() {
      opened?.then((open) => open.close()).catch(() => undefined);
      opened = null;
    },
  };
}

/** forgets a database altogether; for tests and for a version that cannot be read */
export const deleteLabDatabase = (name = 'rlhf-lab'): Promise<void> => deleteDB(name);

type SmallThings = Pick<LabStorage, 'load' | 'putSetting' | 'putVotes' | 'removeVotes' | 'putRankings' | 'removeRankings'>;
function smallThings(database: () => Promise<Database>): SmallThings {
  return {
    async load() {
      const transaction = (await database()).transaction(['settings', 'votes', 'rankings', 'runs', 'checkpoints']);
      const settings = transaction.objectStore('settings');
      const [keys, values, votes, rankings, runs, checkpointIds] = await Promise.all([
        settings.getAllKeys(),
        settings.getAll(),
        transaction.objectStore('votes').getAll(),
        transaction.objectStore('rankings').getAll(),
        transaction.objectStore('runs').getAll(),
        transaction.objectStore('checkpoints').getAllKeys(),
      ]);
      const stored: Partial<Settings> = Object.fromEntries(keys.map((key, i) => [key, values[i]]));
      return { settings: stored, votes, rankings, runs, checkpointIds };
    },
    async putSetting(key, value) {
      await (await database()).put('settings', value, key);
    },
    async putVotes(votes) {
      const transaction = (await database()).transaction('votes', 'readwrite', { durability: 'strict' });
      const index = transaction.store.index('voteId');
      const put = async (vote: Vote) => transaction.store.put(vote, await index.getKey(vote.voteId));
      await Promise.all([...votes.map(put), transaction.done]);
    },
    async removeVotes(voteIds) {
      const transaction = (await database()).transaction('votes', 'readwrite', { durability: 'strict' });
      const index = transaction.store.index('voteId');
      const remove = async (voteId: string) => {
        const order = await index.getKey(voteId);
        if (order !== undefined) await transaction.store.delete(order);
      };
      await Promise.all([...voteIds.map(remove), transaction.done]);
    },
    async putRankings(rankings) {
      const transaction = (await database()).transaction('rankings', 'readwrite', { durability: 'strict' });
      const index = transaction.store.index('rankingId');
      const put = async (ranking: Ranking) => transaction.store.put(ranking, await index.getKey(ranking.rankingId));
      await Promise.all([...rankings.map(put), transaction.done]);
    },
    async removeRankings(rankingIds) {
      const transaction = (await database()).transaction('rankings', 'readwrite', { durability: 'strict' });
      const index = transaction.store.index('rankingId');
      const remove = async (rankingId: string) => {
        const order = await index.getKey(rankingId);
        if (order !== undefined) await transaction.store.delete(order);
      };
      await Promise.all([...rankingIds.map(remove), transaction.done]);
    },
  };
}

type RunThings = Pick<LabStorage, 'putRun' | 'removeRun' | 'putPoints' | 'points' | 'putSnapshot' | 'snapshots' | 'removeSnapshot'>;
function runThings(database: () => Promise<Database>): RunThings {
  /** writes a record, if any, in place of the run of its kind; what belonged to another run goes with it */
  const replaceRun = async (kind: RunKind, record: RunRecord | null) => {
    const transaction = (await database()).transaction(['runs', 'points', 'snapshots'], 'readwrite');
    const work = async () => {
      const runs = transaction.objectStore('runs');
      const found = await runs.get(kind);
      if (found && found.runId !== record?.runId) {
        await transaction.objectStore('points').delete(ofRun(found.runId));
        await transaction.objectStore('snapshots').delete(ofRun(found.runId));
      }
      await (record ? runs.put(record) : runs.delete(kind));
    };
    await Promise.all([work(), transaction.done]);
  };
  return {
    putRun: (record) => replaceRun(record.kind, record),
    removeRun: (kind) => replaceRun(kind, null),
    async putPoints(runId, points) {
      const transaction = (await database()).transaction('points', 'readwrite');
      await Promise.all([...points.map((point) => transaction.store.put(point, [runId, point.step])), transaction.done]);
    },
    points: async (runId) => (await database()).getAll('points', ofRun(runId)),
    async putSnapshot(snapshot) {
      const transaction = (await database()).transaction('snapshots', 'readwrite', { durability: 'strict' });
      const work = async () => {
        await transaction.store.put(snapshot);
        const steps = await transaction.store.getAllKeys(ofRun(snapshot.runId));
        const newer = steps.filter(([, step]) => step > snapshot.step);
        const older = steps.filter(([, step]) => step <= snapshot.step).slice(0, -SNAPSHOTS_KEPT);
        await Promise.all([...newer, ...older].map((key) => transaction.store.delete(key)));
      };
      await Promise.all([work(), transaction.done]);
    },
    snapshots: async (runId) => (await (await database()).getAll('snapshots', ofRun(runId))).reverse(),
    async removeSnapshot(runId, step) {
      await (await database()).delete('snapshots', [runId, step]);
    },
  };
}

type Files = Pick<LabStorage, 'putCheckpoint' | 'checkpoint' | 'removeCheckpoint' | 'putText' | 'text'>;
function files(database: () => Promise<Database>): Files {
  return {
    async putCheckpoint(checkpoint) {
      await (await database()).put('checkpoints', checkpoint, checkpoint.info.checkpointId);
    },
    checkpoint: async (checkpointId) => (await (await database()).get('checkpoints', checkpointId)) ?? null,
    async removeCheckpoint(checkpointId) {
      await (await database()).delete('checkpoints', checkpointId);
    },
    async putText(textId, bytes) {
      const transaction = (await database()).transaction('texts', 'readwrite');
      await Promise.all([transaction.store.clear(), transaction.store.put(bytes, textId), transaction.done]);
    },
    text: async (textId) => (await (await database()).get('texts', textId)) ?? null,
  };
}
