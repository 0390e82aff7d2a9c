import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { RunKind } from '../contract/domain';
import type { MetricPoint } from '../contract/observations';
import type { Ranking, Vote } from '../contract/preferences';
import type { RunRecord, Settings, StorageEars, StoredCheckpoint, StoredSnapshot } from './storage';

export interface LabDatabase extends DBSchema {
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
export type Database = IDBPDatabase<LabDatabase>;

const VERSION = 2;
export const STORES = ['settings', 'votes', 'rankings', 'runs', 'points', 'snapshots', 'checkpoints', 'texts'] as const;

/** What an operation rejects with when its connection went away; Safari calls it unknown. */
const LOST = ['InvalidStateError', 'AbortError', 'UnknownError'];
const isLost = (error: unknown): boolean => LOST.includes((error as Partial<Error> | null)?.name ?? '');

function upgrade(database: Database, before: number): void {
  if (before < 2) database.createObjectStore('rankings', { autoIncrement: true }).createIndex('rankingId', 'rankingId', { unique: true });
  if (before >= 1) return;
  database.createObjectStore('settings');
  database.createObjectStore('votes', { autoIncrement: true }).createIndex('voteId', 'voteId', { unique: true });
  database.createObjectStore('runs', { keyPath: 'kind' });
  database.createObjectStore('points');
  database.createObjectStore('snapshots', { keyPath: ['runId', 'step'] });
  database.createObjectStore('checkpoints');
  database.createObjectStore('texts');
}

/**
 * The lab's connection to IndexedDB. Browsers close connections as they please: of a phone in the background, when a disk fails, when
 * the visitor deletes what pages store. Whoever finds it closed opens it again, once, and repeats its work; that doubles nothing, since
 * every write replaces by key.
 */
export class Connection {
  private opened: Promise<Database> | null = null;
  /** a database that is missing later was deleted meanwhile */
  private existed = false;
  /** since it was opened; one that is closed before is not opened again unasked */
  private served = false;
  ears: StorageEars = { blocked: () => undefined, opened: () => undefined, outdated: () => undefined };

  constructor(private readonly name: string) {}

  /** @throws the browser's own error, when the connection is lost again or cannot be opened again */
  async use<T>(work: (database: Database) => Promise<T>): Promise<T> {
    const first = this.open();
    try {
      return await this.serve(first, work);
    } catch (error) {
      if (!isLost(error)) throw error;
      this.drop(first);
      return this.serve(this.open(), work);
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

  private async connect(lost: () => void): Promise<Database> {
    let isNew = false;
    const database = await openDB<LabDatabase>(this.name, VERSION, {
      upgrade(database, before) {
        isNew = before === 0;
        upgrade(database, before);
      },
      blocked: () => this.ears.blocked(),
      blocking: (_current, blocked, event) => {
        (event.target as IDBDatabase).close();
        if (blocked === null) lost();
        else this.ears.outdated();
      },
      terminated: lost,
    });
    const emptied = isNew && this.existed;
    this.existed = true;
    this.served = false;
    this.ears.opened(emptied);
    return database;
  }

  /** opened again at once: what was deleted under the page is stored again before anyone relies on it */
  private lost(opened: Promise<Database>): void {
    this.drop(opened);
    if (this.served && !this.opened) this.open().catch(() => undefined); // the next one to use it is told
  }

  private drop(opened: Promise<Database>): void {
    if (this.opened === opened) this.opened = null;
  }
}
