/**
 * Files in storage, in pieces: a record is copied on the page's own thread when it is written and when it is read, and
 * one of half a gigabyte would hold the page for a second. What names a file is written last, so that one that is cut
 * short is none; its pieces go with the next file that comes or goes.
 */
import type { IDBPTransaction, StoreNames } from 'idb';
import type { Connection, LabDatabase } from './database';
import { type Filed, pieceCount, pieceOf } from './pieces';

type Store = StoreNames<LabDatabase>;
export type Transaction = IDBPTransaction<LabDatabase, Store[], 'readwrite'>;
type Reading = IDBPTransaction<LabDatabase, Store[], 'readonly'>;

/** stores whose records name files */
const HOLDERS = ['checkpoints', 'snapshots'] as const;
/** what a change takes that lets files go */
export const FILES: Store[] = [...HOLDERS, 'pieces'];

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
export function change<T>(
  connection: Connection,
  stores: Store[],
  body: (transaction: Transaction) => Promise<T>,
  durability: IDBTransactionDurability = 'strict',
): Promise<T> {
  return connection.use(async (database) => {
    const transaction: Transaction = database.transaction([...stores, ONE_AT_A_TIME], 'readwrite', { durability });
    const [result] = await Promise.all([body(transaction), transaction.done]).catch((error) => {
      throw transaction.error ?? error;
    });
    return result;
  });
}

const piecesOf = (file: number) => IDBKeyRange.bound([file, 0], [file, Number.POSITIVE_INFINITY]);

const putPiece = (transaction: Transaction, bytes: Uint8Array, file: number, i: number) =>
  transaction.objectStore('pieces').put(pieceOf(bytes, i), [file, i]);

async function nextFile(transaction: Transaction): Promise<number> {
  const newest = await transaction.objectStore('pieces').openKeyCursor(null, 'prev');
  return newest ? newest.key[0] + 1 : 1;
}

/** removes the pieces that no record names: no file is on its way meanwhile */
export async function dropUnnamed(transaction: Transaction): Promise<void> {
  const named = new Set<number>();
  for (const holder of HOLDERS) for (const { file } of await transaction.objectStore(holder).getAll()) named.add(file);
  const pieces = transaction.objectStore('pieces');
  for (const file of new Set((await pieces.getAllKeys()).map(([of]) => of)))
    if (!named.has(file)) await pieces.delete(piecesOf(file));
}

/** @returns the bytes; of a damaged file those before the damage, which whoever reads them finds */
export async function wholeFile(transaction: Reading, { file, size }: Filed): Promise<Uint8Array> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (let i = 0; at < size; i++) {
    const piece = await transaction.objectStore('pieces').get([file, i]);
    if (!piece || piece.length > size - at) return whole.slice(0, at);
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Writes in whose midst the storage was emptied begin again, so often. */
const TRIES = 3;

/** A file, and what is written with it. */
interface Write {
  bytes: Uint8Array;
  stores: Store[];
  /** what counts on the file, in the change of its last piece */
  name: (transaction: Transaction, filed: Filed) => Promise<unknown>;
  durability: IDBTransactionDurability;
}

/** all pieces but the last, a change each, so that votes find their way between them. @returns the file's number */
async function begin(connection: Connection, { bytes, durability }: Write): Promise<number> {
  const first = async (transaction: Transaction) => {
    await dropUnnamed(transaction); // there may be much of what was cut short
    const file = await nextFile(transaction);
    await putPiece(transaction, bytes, file, 0);
    return file;
  };
  const file = await change(connection, FILES, first, durability);
  for (let i = 1; i < pieceCount(bytes.length) - 1; i++)
    await change(connection, ['pieces'], (transaction) => putPiece(transaction, bytes, file, i), durability);
  return file;
}

/** @returns whether the pieces before the last one are all there */
async function end(connection: Connection, write: Write, begun: number | null): Promise<boolean> {
  const { bytes, stores, name, durability } = write;
  const last = pieceCount(bytes.length) - 1;
  const body = async (transaction: Transaction) => {
    const file = begun ?? (await nextFile(transaction));
    if ((await transaction.objectStore('pieces').count(piecesOf(file))) < last) return false;
    await putPiece(transaction, bytes, file, last);
    await name(transaction, { file, size: bytes.length });
    await dropUnnamed(transaction);
    return true;
  };
  return change(connection, [...new Set([...stores, ...FILES])], body, durability);
}

async function putLarge(connection: Connection, write: Write): Promise<void> {
  try {
    for (let tries = 0; tries < TRIES; tries++)
      if (await end(connection, write, await begin(connection, write))) return;
  } catch (error) {
    await change(connection, FILES, dropUnnamed).catch(() => undefined); // why it failed is what counts
    throw error;
  }
  throw new DOMException('The storage was emptied while a file was written.', 'AbortError');
}

/** What writes files: while a large one is on its way, what is asked of it waits, as it would for one change. */
export function fileWriter(connection: Connection) {
  let large: Promise<unknown> | null = null;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => (large ? large.then(work) : work());
  return {
    /** of what stands beside files, and comes in the order in which it is asked for */
    change: (stores: Store[], body: (transaction: Transaction) => Promise<unknown>, strict = false): Promise<void> =>
      inTurn(async () => void (await change(connection, stores, body, strict ? 'strict' : 'default'))),

    /** a file and what names it: all of it, or nothing */
    put(write: Write): Promise<void> {
      if (pieceCount(write.bytes.length) === 1) return inTurn(async () => void (await end(connection, write, null)));
      const written = inTurn(() => putLarge(connection, write));
      const turn: Promise<void> = written
        .catch(() => undefined)
        .then(() => {
          if (large === turn) large = null;
        });
      large = turn;
      return written;
    },
  };
}
