import type { Duel } from '../../contract/arena';
import type { LabErrorCode } from '../../contract/errors';
import type { Ranking } from '../../contract/preferences';
import { Backlog } from './backlog';
import { memoryStorage } from './memoryStorage';
import type { LabStorage, Lost } from './storage';

/** how long a storage that was lost is left alone before it is asked again, in ms */
const PATIENCE_MS = 5000;

const named = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
const isQuota = (error: unknown): boolean =>
  named(error, 'QuotaExceededError') || (error instanceof Error && /quota/i.test(error.message));

/** Who is told when a write goes wrong, and helps when writing is possible again. */
export interface Troubles {
  trouble(code: LabErrorCode, message: string): void;
  /** its cause is gone */
  over(code: LabErrorCode): void;
  /**
   * writes what is on the page and may not be on disk. @param mine where it was kept meanwhile; null: on the page and
   * in the thread
   */
  storeAgain(mine: LabStorage | null): Promise<void>;
  later(task: () => void, ms: number): void;
}

type WriteName = {
  [K in keyof LabStorage]: LabStorage[K] extends (...values: never[]) => Promise<void> ? K : never;
}[keyof LabStorage];

/** A list in storage of which nothing may be lost. */
export interface Kept<T> {
  /** they are safe, or known to be waiting for room, when this resolves */
  put(items: readonly T[]): Promise<void>;
  remove(rankingIds: readonly string[]): Promise<void>;
  /** what is on the page, in its order, whether or not it is on disk */
  putAgain(items: readonly T[]): Promise<void>;
  /** those that could not be removed when they were to be */
  removeAgain(): Promise<void>;
  forget(): void;
}

/**
 * The storage as the slices use it: no write ever throws. When the disk is full the lab goes on in memory and says so.
 * When the browser forbids storage altogether, a storage in memory takes its place for good; when it takes away one
 * that worked, until it comes back.
 */
export class Vault {
  private current: LabStorage;
  /** our own storage has answered before */
  private hasWorked = false;
  /** what is stored is another tab's, and so is what stands beside it */
  isElsewhere = false;
  /** memory is all there is, so it has to do */
  private isForbidden = false;
  /** it does not answer any more, and is asked again */
  private isLost = false;
  /** kinds of writes that found no room; each counts as saved again when one of its kind succeeds */
  private readonly homeless = new Set<WriteName>();
  /** one may begin before another has ended, when it is lost on the way */
  private repairs = 0;
  /** bytes of the own text, which nothing else has: for a storage that has no room for them, or loses them */
  private ownText: { textId: string; bytes: Uint8Array } | null = null;
  /** what writes, as it stands, what is stored of pages that come later */
  readonly others = new Set<() => Promise<void>>();
  readonly opinions = this.keeping<Ranking>('putOpinions', 'removeOpinions');
  readonly duels = this.keeping<Duel>('putDuels', 'removeDuels');

  constructor(
    private readonly own: LabStorage,
    private readonly troubles: Troubles,
  ) {
    this.current = own;
    own.listen({
      blocked: () =>
        troubles.trouble('storage/blocked', 'It has to let go of what is stored before this page can read it.'),
      opened: (lost) => this.opened(lost),
      outdated: () => this.forsake('storage/outdated'),
    });
  }

  get storage(): LabStorage {
    return this.current;
  }

  /** another tab owns the stored lab: what happens here stays in memory */
  detach(): void {
    this.isElsewhere = true;
    this.isLost = false;
    if (this.current === this.own) this.current = memoryStorage();
  }

  attach(): void {
    this.isElsewhere = false;
    this.current = this.own;
  }

  /** @returns what was read, or the fallback when nothing can be read in this window */
  async read<T>(read: (storage: LabStorage) => Promise<T>, fallback: T): Promise<T> {
    const asked = this.current;
    try {
      const found = await read(asked);
      this.hasWorked ||= asked === this.own;
      return found;
    } catch (error) {
      if (asked === this.own) this.fail(error);
      return fallback;
    }
  }

  /** @returns whether it is on disk */
  async write<K extends WriteName>(name: K, ...values: Parameters<LabStorage[K]>): Promise<boolean> {
    const asked = this.current;
    const put = (storage: LabStorage) =>
      (storage[name] as (...values: Parameters<LabStorage[K]>) => Promise<void>)(...values);
    try {
      await put(asked);
    } catch (error) {
      if (isQuota(error)) this.complain(name);
      else {
        this.fail(error);
        await put(this.current).catch((again) => this.fail(again)); // it may have come back, and gone again
      }
      return false;
    }
    this.hasWorked ||= asked === this.own;
    this.relieve(name);
    return asked.kind === 'persistent';
  }

  async putText(textId: string, bytes: Uint8Array): Promise<void> {
    this.ownText = { textId, bytes };
    await this.write('putText', textId, bytes);
  }

  /** @returns its bytes, where they are stored or were in this tab; else null */
  async text(textId: string): Promise<Uint8Array | null> {
    const stored = await this.read((storage) => storage.text(textId), null);
    if (stored) this.ownText = { textId, bytes: stored };
    return this.ownText?.textId === textId ? this.ownText.bytes : null;
  }

  /** writes the own text again where it is not stored */
  async putTextAgain(textId: string): Promise<void> {
    if (this.ownText?.textId !== textId) return;
    if ((await this.read((storage) => storage.text(textId), null)) === null)
      await this.write('putText', textId, this.ownText.bytes);
  }

  /** forgets everything, what waits for room too. @returns whether all of it is gone */
  async clear(): Promise<boolean> {
    this.ownText = null;
    for (const list of [this.opinions, this.duels]) list.forget();
    return (await this.write('clear')) || this.current.kind === 'memory';
  }

  private keeping<T extends Ranking>(
    put: 'putOpinions' | 'putDuels',
    remove: 'removeOpinions' | 'removeDuels',
  ): Kept<T> {
    const backlog = new Backlog<T>(({ rankingId }) => rankingId);
    const write = async () => {
      await this.regain();
      const waiting = backlog.waiting();
      if ((await this.write(put, waiting as unknown as Duel[])) || this.isForbidden) backlog.arePut(waiting);
    };
    const removeNow = async (rankingIds: readonly string[]) => {
      if (await this.write(remove, rankingIds)) backlog.areRemoved(rankingIds);
    };
    return {
      put(items) {
        backlog.put(items);
        return write();
      },
      remove(rankingIds) {
        backlog.remove(rankingIds);
        return removeNow(rankingIds);
      },
      async putAgain(items) {
        backlog.putAgain(items);
        if (backlog.waiting().length > 0) await write();
      },
      async removeAgain() {
        if (backlog.leaving().length > 0) await removeNow(backlog.leaving());
      },
      forget: () => backlog.forget(),
    };
  }

  private complain(name: WriteName): void {
    const known = this.homeless.size > 0;
    this.homeless.add(name);
    if (!known || this.repairs > 0)
      this.troubles.trouble(
        'storage/full',
        'The last change could not be written to disk. It is still here, in this tab.',
      );
  }

  private relieve(name: WriteName): void {
    if (this.repairs > 0 || !this.homeless.delete(name) || this.homeless.size > 0) return;
    this.troubles.over('storage/full');
    void this.repair(null); // other writes of the kind may have found no room either
  }

  private async repair(mine: LabStorage | null): Promise<void> {
    this.repairs++;
    await this.troubles.storeAgain(mine).finally(() => this.repairs--);
  }

  private fail(error: unknown): void {
    if (named(error, 'VersionError')) this.forsake('storage/outdated');
    else this.forsake(this.hasWorked ? 'storage/lost' : 'storage/unavailable');
  }

  private forsake(code: keyof typeof SAID): void {
    if (this.current !== this.own) return;
    this.current = memoryStorage();
    this.troubles.trouble(code, SAID[code]);
    this.isForbidden = code === 'storage/unavailable';
    this.isLost = code === 'storage/lost';
    if (this.isLost) this.waitFor();
  }

  private waitFor(): void {
    this.troubles.later(() => void this.regain().then(() => this.isLost && this.waitFor()), PATIENCE_MS);
  }

  /** asks a storage that was lost again; when it answers, everything that was kept in memory meanwhile goes into it */
  private async regain(): Promise<void> {
    if (!this.isLost) return;
    const answers = await this.own.checkpoint('').then(
      () => true,
      () => false,
    );
    if (!answers || !this.isLost) return;
    const mine = this.current;
    this.isLost = false;
    this.current = this.own;
    this.troubles.over('storage/lost');
    await this.repair(mine);
  }

  private opened(lost: Lost): void {
    this.troubles.over('storage/blocked');
    if (lost === 'before') this.troubles.trouble('storage/missing', 'It found its storage damaged and deleted it.');
    if (lost !== 'underThePage') return;
    this.troubles.trouble(
      'storage/emptied',
      'That happens when data of this site is cleared, or when the disk is almost full.',
    );
    if (!this.isLost) void this.repair(null);
  }
}

const SAID = {
  'storage/lost': 'It does not open again either, so the last change is in this tab alone.',
  'storage/outdated': 'It has changed what is stored into a form that this page does not know.',
  'storage/unavailable': 'The browser did not open its storage.',
} as const;
