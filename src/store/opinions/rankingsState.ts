import type { ErrorReport } from '../../contract/errors';
import type { CandidateSet } from '../../contract/preferences';
import type { Arrangement } from './arrangement';

/** A group of completions as it stands on the screen. */
export interface ShownGroup {
  set: CandidateSet;
  /** milliseconds of the steady clock; a ranking within 300 ms of it is ignored */
  shownAt: number;
}

/** Where rankings are made; they themselves are kept in `examples`. */
export interface RankingsSlice {
  /** null while nothing is there to be ranked */
  shown: ShownGroup | null;
  /** how the visitor has put what is shown so far; null while nothing is shown */
  arrangement: Arrangement | null;
  /** sampled ahead, so that the next group is there at once */
  queue: CandidateSet[];
  /** groups asked for so far */
  drawn: number;
  /** no group to show yet, but one is being written */
  loading: boolean;
  simulating: boolean;
  error: ErrorReport | null;
  /** fills the queue and shows a group; called by the Compare panel when it opens */
  prepare(): Promise<void>;
  arrange(arrangement: Arrangement): void;
  /** stores the ranking, then shows the next group; nothing while all tie, nor in the first 300 ms of a group */
  rank(): Promise<void>;
  skip(): Promise<void>;
  /** takes the visitor's last ranking back and shows its group again, put as it was */
  undo(): Promise<void>;
  /** asks the simulated rater of the votes for this many rankings of the configured size */
  simulate(count: number): Promise<void>;
  /** saves every ranking as JSON Lines */
  exportFile(): Promise<void>;
}
