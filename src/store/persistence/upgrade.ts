/**
 * How a database of an earlier version becomes one of today, in the transaction in which it is opened: whole, or not at
 * all.
 *
 *   2  rankings have a store
 *   3  what a run is made from is written once, in a store of its own
 *   4  votes and rankings are opinions, in one store; until then a vote had a form of its own
 *   5  duels of the arena have a store
 *   6  files of models and states of runs lie in pieces, in a store of their own
 */
import type { IDBPDatabase, IDBPTransaction } from 'idb';
import { opinionsOfEarlier, specOfEarlier } from '../../formats/earlier';
import { pieceCount, pieceOf } from './pieces';

/** of any version, so nothing is known of what its stores hold */
export type AnyDatabase = IDBPDatabase<unknown>;
export type Upgrading = IDBPTransaction<unknown, string[], 'versionchange'>;

/** what is kept in the order it was given, each with an id of its own */
const makeList = (database: AnyDatabase, name: string): unknown =>
  database.createObjectStore(name, { autoIncrement: true }).createIndex('rankingId', 'rankingId', { unique: true });

function makeStores(database: AnyDatabase, before: number): void {
  if (before < 3) database.createObjectStore('specs');
  if (before < 4) makeList(database, 'opinions');
  if (before < 5) makeList(database, 'duels');
  if (before < 6) database.createObjectStore('pieces');
  if (before >= 1) return;
  database.createObjectStore('settings');
  database.createObjectStore('runs', { keyPath: 'kind' });
  database.createObjectStore('points');
  database.createObjectStore('snapshots', { keyPath: ['runId', 'step'] });
  database.createObjectStore('checkpoints');
  database.createObjectStore('texts');
}

/** takes a store out. @returns what was in it */
async function taken(database: AnyDatabase, transaction: Upgrading, name: string): Promise<unknown[]> {
  if (!database.objectStoreNames.contains(name)) return [];
  const values = await transaction.objectStore(name).getAll();
  database.deleteObjectStore(name);
  return values;
}

async function joinOpinions(database: AnyDatabase, transaction: Upgrading): Promise<void> {
  const votes = await taken(database, transaction, 'votes');
  const rankings = await taken(database, transaction, 'rankings');
  const opinions = transaction.objectStore('opinions');
  await Promise.all(opinionsOfEarlier(votes, rankings).map((one) => opinions.put(one)));
}

/** until version 3 what a run is made from stood in its record */
async function joinOpinionsOfRuns(transaction: Upgrading): Promise<void> {
  const [runs, specs] = [transaction.objectStore('runs'), transaction.objectStore('specs')];
  for (const record of await runs.getAll())
    if ('spec' in record) await runs.put({ ...record, spec: specOfEarlier(record.spec) });
  for (const runId of await specs.getAllKeys()) await specs.put(specOfEarlier(await specs.get(runId)), runId);
}

/** until version 6 a file stood whole in the record that names it */
async function cutFiles(transaction: Upgrading): Promise<void> {
  const pieces = transaction.objectStore('pieces');
  let file = 0;
  for (const holder of ['checkpoints', 'snapshots'])
    for (let at = await transaction.objectStore(holder).openCursor(); at; at = await at.continue()) {
      const { bytes: found, ...rest } = at.value as { bytes?: unknown };
      const bytes = found instanceof Uint8Array ? found : new Uint8Array(); // what was damaged costs itself alone
      file++;
      for (let i = 0; i < pieceCount(bytes.length); i++) await pieces.put(pieceOf(bytes, i), [file, i]);
      await at.update({ ...rest, file, size: bytes.length });
    }
}

/** @param before version that is there; 0 for none */
export async function upgrade(database: AnyDatabase, before: number, transaction: Upgrading): Promise<void> {
  makeStores(database, before);
  if (before === 0) return;
  await joinOpinions(database, transaction);
  await joinOpinionsOfRuns(transaction);
  if (before < 6) await cutFiles(transaction);
}
