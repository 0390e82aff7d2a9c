import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Duel } from '../../contract/arena';
import type { RunKind, RunSpec } from '../../contract/domain';
import type { MetricPoint } from '../../contract/observations';
import type { Ranking, RulePair } from '../../contract/preferences';
import type { Filed } from './pieces';
import type { Lost, RunRecord, Settings, StorageEars, StoredCheckpoint, StoredSnapshot } from './storage';
import { type AnyDatabase, type Upgrading, upgrade } from './upgrade';

export interface LabDatabase extends DBSchema {
  settings: { key: string; value: Settings[keyof Settings] };
  /** in the order they were given */
  opinions: { key: number; value: Ranking; indexes: { rankingId: string } };
  /** of the arena, in the order they were given */
  duels: { key: number; value: Duel; indexes: { rankingId: string } };
  /** until version 3 with what they are made from */
  runs: { key: RunKind; value: Omit<RunRecord, 'spec' | 'labels'> & Partial<Pick<RunRecord, 'spec'>> };
  /** what a run is made from, by its id, and by `labelsKey` what a rule labelled for it: written once, for all votes are in it */
  specs: { key: string; value: RunSpec | readonly RulePair[] };
  points: { key: [string, number]; value: MetricPoint };
  /** until version 6 with their bytes, and so were the models */
  snapshots: { key: [string, number]; value: Omit<StoredSnapshot, 'bytes'> & Filed };
  checkpoints: { key: string; value: Omit<StoredCheckpoint, 'bytes'> & Filed };
  /** of files, by the file's number and their place in it */
  pieces: { key: [number, number]; value: Uint8Array };
  texts: { key: string; value: Uint8Array };
}
export type Database = IDBPDatabase<LabDatabase>;

const VERSION = 6;
export const STORES = [
  'settings',
  'opinions',
  'duels',
  'runs',
  'specs',
  'points',
  'snapshots',
  'checkpoints',
  'pieces',
  'texts',
] as const;

/**
 * A request that comes while the browser deletes a database may never be answered (Chromium 156): then another one is
 * made, after so many ms.
 */
const ANSWER_MS = 3000;
/**
 * on a connection that turns out to be closed, on a new one, and once more where the request for that one was lost too
 */
const TRIES = 3;
/** so long the browser is left to do what it closed the connection for, in ms */
const PAUSE_MS = 500;

/** What an operation rejects with when its connection went away; Safari calls it unknown. */
const LOST = ['InvalidStateError', 'AbortError', 'UnknownError'];
const isLost = (error: unknown): boolean => LOST.includes((error as Partial<Error> | null)?.name ?? '');

/** Chromium says when it had to delete a database that it found damaged. */
interface ChromiumVersionChange extends IDBVersionChangeEvent {
  dataLoss?: 'none' | 'total';
}

/**
 * The lab's connection to IndexedDB. Browsers close connections as they please: of a phone in the background, when a
 * disk fails, when the visitor deletes what pages store. Whoever finds it closed opens it again and repeats its work;
 * that doubles nothing, since every write replaces by key.
 */
export class Connection {
  private opened: Promise<Database> | null = null;
  /** a database that is missing later was deleted meanwhile */
  private existed = false;
  /** it had to be made, and whether in place of a damaged one */
  private isNew = false;
  private isRemade = false;
  /** since it was opened; one that is closed before is not opened again unasked */
  private served = false;
  ears: StorageEars = { blocked: () => undefined, opened: () => undefined, outdated: () => undefined };

  constructor(private readonly name: string) {}

  /** @throws the browser's own error, when the connection is lost again or cannot be opened again */
  async use<T>(work: (database: Database) => Promise<T>, tries = TRIES): Promise<T> {
    const opened = this.open();
    try {
      return await this.serve(opened, work);
    } catch (error) {
      if (!isLost(error) || tries === 1) throw error;
      this.drop(opened);
      return this.use(work, tries - 1);
    }
  }

  close(): void {
    this.opened?.then((database) => database.close()).catch(() => undefined);
    this.opened = null;
  }

  private async serve<T>(opened: Promise<Database>, work: (database: Database) => Promise<T>): Promise<T> {
    const result = await work(await opened);
    this.served = true;
    return result;
  }

  private open(): Promise<Database> {
    if (this.opened) return this.opened;
    const opening = this.connect(() => this.lost(opening));
    this.opened = opening;
    opening.catch(() => this.drop(opening));
    return opening;
  }

  private async connect(gone: () => void): Promise<Database> {
    let isBlocked = false;
    const opening = openDB<LabDatabase>(this.name, VERSION, {
      upgrade: (database, before, _after, transaction, event) => {
        this.isNew ||= before === 0;
        this.isRemade ||= (event as ChromiumVersionChange).dataLoss === 'total';
        upgrade(database as unknown as AnyDatabase, before, transaction as unknown as Upgrading).catch(() =>
          transaction.abort(),
        );
      },
      blocked: () => {
        isBlocked = true;
        this.ears.blocked();
      },
      blocking: (_current, blocked, event) => {
        (event.target as IDBDatabase).close();
        if (blocked === null) gone();
        else this.ears.outdated();
      },
      terminated: gone,
    });
    const database = await (this.existed ? answered(opening, () => isBlocked) : opening);
    const lost = this.whatIsLost();
    this.isNew = false;
    this.isRemade = false;
    this.existed = true;
    this.served = false;
    this.ears.opened(lost);
    return database;
  }

  private whatIsLost(): Lost {
    if (this.isNew && this.existed) return 'underThePage';
    return this.isRemade ? 'before' : 'nothing';
  }

  /** opened again unasked: what was deleted under the page is stored again before anyone relies on it */
  private lost(opened: Promise<Database>): void {
    this.drop(opened);
    if (this.served) setTimeout(() => this.open().catch(() => undefined), PAUSE_MS); // the next one to use it is told
  }

  private drop(opened: Promise<Database>): void {
    if (this.opened === opened) this.opened = null;
  }
}

/** @throws DOMException UnknownError when nothing was heard of a request in time, though no other tab is in its way */
async function answered(opening: Promise<Database>, isBlocked: () => boolean): Promise<Database> {
  let isGivenUp = false;
  const giveUp = new Promise<never>((_, reject) => {
    setTimeout(() => {
      if (isBlocked()) return;
      isGivenUp = true;
      reject(new DOMException('The request to open the storage was not answered.', 'UnknownError'));
    }, ANSWER_MS);
  });
  opening.then((database) => isGivenUp && database.close()).catch(() => undefined);
  return Promise.race([opening, giveUp]);
}
