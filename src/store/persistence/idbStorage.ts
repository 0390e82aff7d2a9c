import type { IDBPObjectStore, IDBPTransaction, StoreNames } from 'idb';
import type { RunKind, RunSpec } from '../../contract/domain';
import type { RulePair } from '../../contract/preferences';
import { Connection, type LabDatabase, STORES } from './database';
import {
  type EndOfRun,
  type LabStorage,
  type RunRecord,
  type Settings,
  SNAPSHOTS_KEPT,
  type StoredCheckpoint,
} from './storage';

/** beside what the run is made from, which has the run's id */
const labelsKey = (runId: string): string => `${runId}/labels`;

/** every step of one run, as a range of compound keys */
const ofRun = (runId: string) =>
  IDBKeyRange.bound([runId, Number.NEGATIVE_INFINITY], [runId, Number.POSITIVE_INFINITY]);

/**
 * @returns the lab's storage in IndexedDB; it is opened by the first call, which rejects where the browser forbids it
 */
export function idbStorage(name = 'rlhf-lab'): LabStorage {
  const connection = new Connection(name);
  return {
    kind: 'persistent',
    listen(ears) {
      connection.ears = ears;
    },
    ...smallThings(connection),
    ...lists(connection),
    ...runThings(connection),
    ...files(connection),
    clear: () =>
      change(connection, [...STORES], (transaction) =>
        all(STORES.map((store) => transaction.objectStore(store).clear())),
      ),
    close: () => connection.close(),
  };
}

type Store = StoreNames<LabDatabase>;
type Transaction = IDBPTransaction<LabDatabase, Store[], 'readwrite'>;

const all = (work: Promise<unknown>[]): Promise<unknown> => Promise.all(work);

/** requests that wait at a time: a hundred thousand asked in one go would hold the page for seconds */
const WAITING = 500;
async function each<T>(items: readonly T[], ask: (item: T) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < items.length; from += WAITING) await all(items.slice(from, from + WAITING).map(ask));
}

/**
 * A store that every change takes besides its own, so that the browser makes one change at a time. Chromium (seen in
 * 156) deletes all that an origin has stored when it is killed in the middle of two: each has written down the locks
 * that its undoing needs, the one on the database among them, and the next start wants all of them for itself alone and
 * calls the second "Invalid locks on disk".
 */
const ONE_AT_A_TIME: Store = 'settings';

/**
 * One change, whole or not at all.
 * @param durability strict: it is on the disk when this resolves, not in a buffer of the operating system
 * @throws what it was undone for; a full disk is told by the transaction, not by each of its requests
 */
function change(
  connection: Connection,
  stores: Store[],
  body: (transaction: Transaction) => Promise<unknown>,
  durability: IDBTransactionDurability = 'strict',
): Promise<void> {
  return connection.use(async (database) => {
    const transaction: Transaction = database.transaction([...stores, ONE_AT_A_TIME], 'readwrite', { durability });
    await Promise.all([body(transaction), transaction.done]).catch((error) => {
      throw transaction.error ?? error;
    });
  });
}

function smallThings(connection: Connection): Pick<LabStorage, 'load' | 'putSetting'> {
  return {
    load: () =>
      connection.use(async (database) => {
        const transaction = database.transaction(['settings', 'opinions', 'duels', 'runs', 'specs', 'checkpoints']);
        const settings = transaction.objectStore('settings');
        const specs = transaction.objectStore('specs');
        const [keys, values, given, duels, records, specIds, specValues, checkpointIds] = await Promise.all([
          settings.getAllKeys(),
          settings.getAll(),
          transaction.objectStore('opinions').getAll(),
          transaction.objectStore('duels').getAll(),
          transaction.objectStore('runs').getAll(),
          specs.getAllKeys(),
          specs.getAll(),
          transaction.objectStore('checkpoints').getAllKeys(),
        ]);
        const stored: Partial<Settings> = Object.fromEntries(keys.map((key, i) => [key, values[i]]));
        const specOf = new Map(specIds.map((runId, i) => [runId, specValues[i]]));
        const runs = records.map((record) => ({
          ...record,
          spec: (specOf.get(record.runId) as RunSpec | undefined) ?? record.spec ?? null,
          labels: (specOf.get(labelsKey(record.runId)) as RulePair[] | undefined) ?? [],
        }));
        return { settings: stored, opinions: given, duels, runs, checkpointIds };
      }),
    putSetting: (key, value) =>
      change(connection, ['settings'], (transaction) => transaction.objectStore('settings').put(value, key), 'default'),
  };
}

/** stores of what is kept in the order it was given */
type ListName = 'opinions' | 'duels';
type ListStore = IDBPObjectStore<LabDatabase, Store[], ListName, 'readwrite'>;
const keyOf = (store: ListStore, rankingId: string) => store.index('rankingId').getKey(rankingId);

/**
 * Writes a list in the order it is handed over in: those that are there are replaced in their place, and from the first
 * one that is missing on, or stands before its forerunner, all go to the end.
 */
async function putInOrder<N extends ListName>(
  store: IDBPObjectStore<LabDatabase, Store[], N, 'readwrite'>,
  list: readonly LabDatabase[N]['value'][],
): Promise<void> {
  const keys: (number | undefined)[] = [];
  await each(
    list.map(({ rankingId }, i) => ({ rankingId, i })),
    async ({ rankingId, i }) => {
      keys[i] = await keyOf(store as unknown as ListStore, rankingId);
    },
  );
  const strayed = keys.findIndex((key, i) => key === undefined || key <= (keys[i - 1] ?? 0));
  const inPlace = strayed < 0 ? list.length : strayed;
  await each(keys.slice(inPlace), async (key) => key !== undefined && store.delete(key));
  await each(
    list.map((value, i) => ({ value, key: i < inPlace ? keys[i] : undefined })),
    ({ value, key }) => store.put(value, key),
  );
}

const removeFrom = (connection: Connection, name: ListName, rankingIds: readonly string[]): Promise<void> =>
  change(connection, [name], (transaction) => {
    const store = transaction.objectStore(name) as unknown as ListStore;
    return each(rankingIds, async (rankingId) => {
      const key = await keyOf(store, rankingId);
      if (key !== undefined) await store.delete(key);
    });
  });

type Lists = Pick<LabStorage, 'putOpinions' | 'removeOpinions' | 'putDuels' | 'removeDuels'>;
const lists = (connection: Connection): Lists => ({
  putOpinions: (given) =>
    change(connection, ['opinions'], (transaction) => putInOrder(transaction.objectStore('opinions'), given)),
  removeOpinions: (rankingIds) => removeFrom(connection, 'opinions', rankingIds),
  putDuels: (given) =>
    change(connection, ['duels'], (transaction) => putInOrder(transaction.objectStore('duels'), given)),
  removeDuels: (rankingIds) => removeFrom(connection, 'duels', rankingIds),
});

type RunThings = Pick<
  LabStorage,
  'putRun' | 'putEnd' | 'removeRun' | 'putPoints' | 'points' | 'putSnapshot' | 'snapshots' | 'removeSnapshot'
>;
const OF_RUNS: Store[] = ['runs', 'specs', 'points', 'snapshots'];

/**
 * writes a record, if any, in place of the run of its kind; what belonged to another run goes with it, and what a run
 * is made from stays
 */
async function replaceRun(transaction: Transaction, kind: RunKind, record: RunRecord | null): Promise<unknown> {
  const [runs, specs] = [transaction.objectStore('runs'), transaction.objectStore('specs')];
  const found = await runs.get(kind);
  if (found && found.runId !== record?.runId) {
    for (const key of [found.runId, labelsKey(found.runId)]) await specs.delete(key);
    await transaction.objectStore('points').delete(ofRun(found.runId));
    await transaction.objectStore('snapshots').delete(ofRun(found.runId));
  }
  if (!record) return runs.delete(kind);
  const { spec, labels, ...rest } = record;
  const once = async (key: string, value: RunSpec | readonly RulePair[]) =>
    (await specs.getKey(key)) ?? specs.put(value, key);
  if (spec) await once(rest.runId, spec);
  if (labels.length > 0) await once(labelsKey(rest.runId), labels);
  return runs.put(rest);
}

const putFile = (transaction: Transaction, file: StoredCheckpoint) =>
  transaction.objectStore('checkpoints').put(file, file.info.checkpointId);

function putEnd(transaction: Transaction, { record, checkpoint, settings }: EndOfRun): Promise<unknown> {
  const small = Object.entries(settings) as [keyof Settings, Settings[keyof Settings]][];
  const roles = small.map(([key, value]) => transaction.objectStore('settings').put(value, key));
  return all([replaceRun(transaction, record.kind, record), putFile(transaction, checkpoint), ...roles]);
}

function runThings(connection: Connection): RunThings {
  return {
    putRun: (record) =>
      change(connection, OF_RUNS, (transaction) => replaceRun(transaction, record.kind, record), 'default'),
    putEnd: (end) => change(connection, [...OF_RUNS, 'checkpoints'], (transaction) => putEnd(transaction, end)),
    removeRun: (kind) => change(connection, OF_RUNS, (transaction) => replaceRun(transaction, kind, null), 'default'),
    putPoints: (runId, points) =>
      change(
        connection,
        ['points'],
        (transaction) => all(points.map((point) => transaction.objectStore('points').put(point, [runId, point.step]))),
        'default',
      ),
    points: (runId) => connection.use((database) => database.getAll('points', ofRun(runId))),
    putSnapshot: (snapshot) =>
      change(connection, ['snapshots'], async (transaction) => {
        const store = transaction.objectStore('snapshots');
        await store.put(snapshot);
        const steps = await store.getAllKeys(ofRun(snapshot.runId));
        const newer = steps.filter(([, step]) => step > snapshot.step);
        const older = steps.filter(([, step]) => step <= snapshot.step).slice(0, -SNAPSHOTS_KEPT);
        await all([...newer, ...older].map((key) => store.delete(key)));
      }),
    snapshots: async (runId) =>
      (await connection.use((database) => database.getAll('snapshots', ofRun(runId)))).reverse(),
    removeSnapshot: (runId, step) => connection.use((database) => database.delete('snapshots', [runId, step])),
  };
}

type Files = Pick<LabStorage, 'putCheckpoint' | 'checkpoint' | 'removeCheckpoint' | 'putText' | 'text'>;
function files(connection: Connection): Files {
  return {
    putCheckpoint: (checkpoint) =>
      change(connection, ['checkpoints'], (transaction) => putFile(transaction, checkpoint), 'default'),
    checkpoint: async (checkpointId) =>
      (await connection.use((database) => database.get('checkpoints', checkpointId))) ?? null,
    removeCheckpoint: (checkpointId) => connection.use((database) => database.delete('checkpoints', checkpointId)),
    putText: (textId, bytes) =>
      change(connection, ['texts'], (transaction) => {
        const store = transaction.objectStore('texts');
        return all([store.clear(), store.put(bytes, textId)]);
      }),
    text: async (textId) => (await connection.use((database) => database.get('texts', textId))) ?? null,
  };
}
