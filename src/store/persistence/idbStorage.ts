import { type IDBPObjectStore, type StoreNames, unwrap } from 'idb';
import type { CheckpointInfo, RunKind, RunSpec } from '../../contract/domain';
import type { RulePair } from '../../contract/preferences';
import { Connection, type LabDatabase, STORES } from './database';
import { change, dropUnnamed, FILES, fileWriter, type Transaction, wholeFile } from './files';
import type { Filed } from './pieces';
import {
  type EndOfRun,
  type LabStorage,
  type RunRecord,
  type Settings,
  SNAPSHOTS_KEPT,
  type StoredSnapshot,
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
  const writer = fileWriter(connection);
  return {
    kind: 'persistent',
    listen(ears) {
      connection.ears = ears;
    },
    ...smallThings(connection, writer),
    ...lists(connection),
    ...runThings(connection, writer),
    ...files(connection, writer),
    clear: () =>
      writer.change(
        [...STORES],
        (transaction) => all(STORES.map((store) => transaction.objectStore(store).clear())),
        true,
      ),
    close: () => connection.close(),
  };
}

type Store = StoreNames<LabDatabase>;
type Writer = ReturnType<typeof fileWriter>;
const all = (work: Promise<unknown>[]): Promise<unknown> => Promise.all(work);

/** requests that are asked at a time: a hundred thousand asked in one go would hold the page for seconds */
const ASKED = 250;

const answered = (request: IDBRequest): Promise<void> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });

/**
 * Asks for many things in order. They are answered in order too, so the last of some is waited for alone: a promise
 * for each of a hundred thousand takes longer than what it waits for. Some are asked while those before are answered.
 */
async function each<T, R>(items: readonly T[], ask: (item: T) => IDBRequest<R>): Promise<R[]> {
  const results: R[] = [];
  const take = async (requests: readonly IDBRequest<R>[]): Promise<void> => {
    if (requests.length > 0) await answered(requests.at(-1) as IDBRequest<R>);
    for (const { result } of requests) results.push(result);
  };
  let before = take([]);
  for (let from = 0; from < items.length; from += ASKED) {
    const next = take(items.slice(from, from + ASKED).map(ask));
    next.catch(() => {}); // what fails first is thrown, and takes what comes after it along
    await before;
    before = next;
  }
  await before;
  return results;
}

function smallThings(connection: Connection, writer: Writer): Pick<LabStorage, 'load' | 'putSetting'> {
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
      writer.change(['settings'], (transaction) => transaction.objectStore('settings').put(value, key)),
  };
}

/** stores of what is kept in the order it was given */
type ListName = 'opinions' | 'duels';
type ListStore = IDBPObjectStore<LabDatabase, Store[], ListName, 'readwrite'>;
type Key = number | undefined;

/** @returns the keys of those that are there; nothing is asked of a store that is empty */
async function keysOf(store: ListStore, rankingIds: readonly string[]): Promise<Key[]> {
  if ((await store.count()) === 0) return rankingIds.map(() => undefined);
  const index = unwrap(store).index('rankingId');
  return each(rankingIds, (rankingId) => index.getKey(rankingId) as IDBRequest<Key>);
}

const isKey = (key: Key): key is number => key !== undefined;

/**
 * Writes a list in the order it is handed over in: those that are there are replaced in their place, and from the first
 * one that is missing on, or stands before its forerunner, all go to the end.
 */
async function putInOrder<N extends ListName>(
  store: IDBPObjectStore<LabDatabase, Store[], N, 'readwrite'>,
  list: readonly LabDatabase[N]['value'][],
): Promise<void> {
  const plain = unwrap(store);
  const keys = await keysOf(
    store as unknown as ListStore,
    list.map(({ rankingId }) => rankingId),
  );
  const strayed = keys.findIndex((key, i) => key === undefined || key <= (keys[i - 1] ?? 0));
  const inPlace = strayed < 0 ? list.length : strayed;
  await each(keys.slice(inPlace).filter(isKey), (key) => plain.delete(key));
  await each(
    list.map((value, i) => ({ value, key: i < inPlace ? keys[i] : undefined })),
    ({ value, key }) => plain.put(value, key),
  );
}

const removeFrom = (connection: Connection, name: ListName, rankingIds: readonly string[]): Promise<void> =>
  change(connection, [name], async (transaction) => {
    const store = transaction.objectStore(name) as unknown as ListStore;
    const keys = await keysOf(store, rankingIds);
    await each(keys.filter(isKey), (key) => unwrap(store).delete(key));
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
const OF_RUNS: Store[] = ['runs', 'specs', 'points', ...FILES];

/**
 * writes a record, if any, in place of the run of its kind; what belonged to another run goes with it, and what a run
 * is made from stays
 */
async function replaceRun(transaction: Transaction, kind: RunKind, record: RunRecord | null): Promise<void> {
  const [runs, specs] = [transaction.objectStore('runs'), transaction.objectStore('specs')];
  const found = await runs.get(kind);
  if (found && found.runId !== record?.runId) {
    for (const key of [found.runId, labelsKey(found.runId)]) await specs.delete(key);
    await transaction.objectStore('points').delete(ofRun(found.runId));
    await transaction.objectStore('snapshots').delete(ofRun(found.runId));
    await dropUnnamed(transaction);
  }
  if (!record) return runs.delete(kind);
  const { spec, labels, ...rest } = record;
  const once = async (key: string, value: RunSpec | readonly RulePair[]) =>
    (await specs.getKey(key)) ?? specs.put(value, key);
  if (spec) await once(rest.runId, spec);
  if (labels.length > 0) await once(labelsKey(rest.runId), labels);
  await runs.put(rest);
}

const nameCheckpoint = (transaction: Transaction, info: CheckpointInfo, { file, size }: Filed) =>
  transaction.objectStore('checkpoints').put({ info, file, size }, info.checkpointId);

/** keeps the newest two of a run */
async function nameSnapshot(transaction: Transaction, snapshot: Omit<StoredSnapshot, 'bytes'>, filed: Filed) {
  const store = transaction.objectStore('snapshots');
  await store.put({ ...snapshot, ...filed });
  const steps = await store.getAllKeys(ofRun(snapshot.runId));
  const newer = steps.filter(([, step]) => step > snapshot.step);
  const older = steps.filter(([, step]) => step <= snapshot.step).slice(0, -SNAPSHOTS_KEPT);
  await all([...newer, ...older].map((key) => store.delete(key)));
}

async function nameEnd(transaction: Transaction, { record, checkpoint, settings }: EndOfRun, filed: Filed) {
  const small = Object.entries(settings) as [keyof Settings, Settings[keyof Settings]][];
  for (const [key, value] of small) await transaction.objectStore('settings').put(value, key);
  await nameCheckpoint(transaction, checkpoint.info, filed);
  await replaceRun(transaction, record.kind, record);
}

function runThings(connection: Connection, writer: Writer): RunThings {
  return {
    putRun: (record) => writer.change(OF_RUNS, (transaction) => replaceRun(transaction, record.kind, record)),
    putEnd: (end) =>
      writer.put({
        bytes: end.checkpoint.bytes,
        stores: OF_RUNS,
        name: (transaction, filed) => nameEnd(transaction, end, filed),
        durability: 'strict',
      }),
    removeRun: (kind) => writer.change(OF_RUNS, (transaction) => replaceRun(transaction, kind, null)),
    putPoints: (runId, points) =>
      writer.change(['points'], (transaction) =>
        all(points.map((point) => transaction.objectStore('points').put(point, [runId, point.step]))),
      ),
    points: (runId) => connection.use((database) => database.getAll('points', ofRun(runId))),
    putSnapshot: ({ bytes, ...snapshot }) =>
      writer.put({
        bytes,
        stores: ['snapshots'],
        name: (transaction, filed) => nameSnapshot(transaction, snapshot, filed),
        durability: 'strict',
      }),
    snapshots: (runId) =>
      connection.use(async (database) => {
        const transaction = database.transaction(['snapshots', 'pieces']);
        const found: StoredSnapshot[] = [];
        for (const { file, size, ...snapshot } of await transaction.objectStore('snapshots').getAll(ofRun(runId)))
          found.unshift({ ...snapshot, bytes: await wholeFile(transaction, { file, size }) });
        return found;
      }),
    removeSnapshot: (runId, step) =>
      writer.change(FILES, (transaction) => drop(transaction, 'snapshots', [runId, step])),
  };
}

/** what names a file, and the file */
async function drop(
  transaction: Transaction,
  ...[holder, key]: ['snapshots', [string, number]] | ['checkpoints', string]
) {
  await transaction.objectStore(holder).delete(key);
  await dropUnnamed(transaction);
}

type Files = Pick<
  LabStorage,
  'putCheckpoint' | 'relabel' | 'models' | 'checkpoint' | 'removeCheckpoint' | 'putText' | 'text'
>;
function files(connection: Connection, writer: Writer): Files {
  return {
    putCheckpoint: ({ info, bytes }) =>
      writer.put({
        bytes,
        stores: ['checkpoints'],
        name: (transaction, filed) => nameCheckpoint(transaction, info, filed),
        durability: 'default',
      }),
    relabel: (info) =>
      writer.change(['checkpoints'], async (transaction) => {
        const found = await transaction.objectStore('checkpoints').get(info.checkpointId);
        if (found) await nameCheckpoint(transaction, info, found);
      }),
    models: async () =>
      (await connection.use((database) => database.getAll('checkpoints'))).map(({ info, size }) => ({ info, size })),
    checkpoint: (checkpointId) =>
      connection.use(async (database) => {
        const transaction = database.transaction(['checkpoints', 'pieces']);
        const found = await transaction.objectStore('checkpoints').get(checkpointId);
        return found ? { info: found.info, bytes: await wholeFile(transaction, found) } : null;
      }),
    removeCheckpoint: (checkpointId) =>
      writer.change(FILES, (transaction) => drop(transaction, 'checkpoints', checkpointId)),
    putText: (textId, bytes) =>
      writer.change(
        ['texts'],
        (transaction) => {
          const store = transaction.objectStore('texts');
          return all([store.clear(), store.put(bytes, textId)]);
        },
        true,
      ),
    text: async (textId) => (await connection.use((database) => database.get('texts', textId))) ?? null,
  };
}
