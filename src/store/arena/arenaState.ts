import type { Duel } from '../../contract/arena';

/** What is kept of the arena; what goes on there comes with its page. */
export interface ArenaSlice {
  /** oldest first */
  duels: Duel[];
  /** models by their ids as they were called when they last met another: one may be gone since */
  names: Record<string, string>;
  /** ids of models that sit out; all others that can write stand in the ring */
  out: string[];
  /** what is said is on disk, or known to be waiting for room, when it resolves */
  add(duels: readonly Duel[], names: Record<string, string>): Promise<void>;
  remove(rankingIds: readonly string[]): Promise<void>;
  setOut(checkpointId: string, isOut: boolean): void;
}
