import type { LabErrorCode } from '../contract/errors';
import type { Ranking, Vote } from '../contract/preferences';
import { memoryStorage } from './memoryStorage';
import type { LabStorage } from './storage';

const isQuota = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'QuotaExceededError' || /quota/i.test(error.message));

/** Who is told when a write goes wrong. */
export interface Troubles {
  trouble(code: LabErrorCode, message: string): void;
  /** a write went well again after the disk was full */
  recovered(): void;
}

type WriteName = {
  [K in keyof LabStorage]: LabStorage[K] extends (...values: never[]) => Promise<void> ? K : never;
}[keyof LabStorage];

/**
 * The storage as the slices use it: no write ever throws. When the disk is full the lab goes on in memory and says so; when the browser
 * forbids storage altogether, a storage in memory takes its place.
 */
export class Vault {
  private current: LabStorage;
  /** kinds of writes that found no room; each counts as saved again when one of its kind succeeds */
  private readonly homeless = new Set<WriteName>();
  /** votes and rankings that found no room; they go with the next ones of their kind */
  private readonly unsavedVotes = new Map<string, Vote>();
  private readonly unsavedRankings = new Map<string, Ranking>();

  constructor(
    private readonly own: LabStorage,
    private readonly troubles: Troubles,
  ) {
    this.current = own;
  }

  get storage(): LabStorage {
    return this.current;
  }

  /** another tab owns the stored lab: what happens here stays in memory */
  detach(): void {
    if (this.current === this.own) this.current = memoryStorage();
  }

  attach(): void {
    this.current = this.own;
  }

  /** @returns what was read, or the fallback when nothing can be read in this window */
  async read<T>(read: (storage: LabStorage) => Promise<T>, fallback: T): Promise<T> {
    try {
      return await read(this.current);
    } catch {
      if (this.current.kind === 'memory') return fallback;
      this.forsake();
      return fallback;
    }
  }

  /** @returns whether it is on disk */
  async write<K extends WriteName>(name: K, ...values: Parameters<LabStorage[K]>): Promise<boolean> {
    const put = (storage: LabStorage) => (storage[name] as (...values: Parameters<LabStorage[K]>) => Promise<void>)(...values);
    try {
      await put(this.current);
      this.relieve(name);
      return this.current.kind === 'persistent';
    } catch (error) {
      if (isQuota(error)) this.complain(name);
      else {
        this.forsake();
        await put(this.current);
      }
      return false;
    }
  }

  /** a vote is safe, or known to be waiting for room, when this resolves */
  async putVotes(votes: readonly Vote[]): Promise<void> {
    for (const vote of votes) this.unsavedVotes.set(vote.voteId, vote);
    const waiting = [...this.unsavedVotes.values()];
    const saved = await this.write('putVotes', waiting);
    if (saved || this.current.kind === 'memory') for (const { voteId } of waiting) this.unsavedVotes.delete(voteId);
  }

  async removeVotes(voteIds: readonly string[]): Promise<void> {
    for (const voteId of voteIds) this.unsavedVotes.delete(voteId);
    await this.write('removeVotes', voteIds);
  }

  /** as votes are */
  async putRankings(rankings: readonly Ranking[]): Promise<void> {
    for (const ranking of rankings) this.unsavedRankings.set(ranking.rankingId, ranking);
    const waiting = [...this.unsavedRankings.values()];
    const saved = await this.write('putRankings', waiting);
    if (saved || this.current.kind === 'memory') for (const { rankingId } of waiting) this.unsavedRankings.delete(rankingId);
  }

  async removeRankings(rankingIds: readonly string[]): Promise<void> {
    for (const rankingId of rankingIds) this.unsavedRankings.delete(rankingId);
    await this.write('removeRankings', rankingIds);
  }

  private complain(name: WriteName): void {
    const known = this.homeless.size > 0;
    this.homeless.add(name);
    if (!known) this.troubles.trouble('storage/full', 'The last change could not be written to disk. It is still here, in this tab.');
  }

  private relieve(name: WriteName): void {
    if (this.homeless.delete(name) && this.homeless.size === 0) this.troubles.recovered();
  }

  private forsake(): void {
    this.current = memoryStorage();
    this.troubles.trouble('storage/unavailable', 'The browser did not open its storage.');
  }
}
