import type { ErrorReport } from '../../contract/errors';
import type { CandidateSet, VoteChoice } from '../../contract/preferences';
import type { Arrangement } from './arrangement';

/**
 * What is asked of the visitor one by one: what models wrote ahead waits in a queue, so that the next is there at once.
 */
export interface Dealt {
  queue: CandidateSet[];
  /** asked of the thread so far */
  drawn: number;
  /** nothing to show yet, but something is being written */
  loading: boolean;
  error: ErrorReport | null;
}

/** A pair as it stands on the screen. `a` is left. */
export interface ShownPair {
  pair: CandidateSet;
  a: string;
  b: string;
  swapped: boolean;
  /** id of the earlier vote that this pair secretly repeats; never shown */
  repeatOf: string | null;
  /** milliseconds of the steady clock; votes within 300 ms of it are ignored */
  shownAt: number;
}

/** Where votes are cast. */
export interface PairsSlice extends Dealt {
  shown: ShownPair | null;
  /** pairs shown so far; decides sides and hidden repeats */
  turn: number;
  /** how strongly the next vote will be meant, one of `STRENGTHS`; 0 says nothing, and every vote sets it back */
  strength: number;
  /** fills the queue and shows a pair; called by the Compare panel when it opens */
  prepare(): Promise<void>;
  /** stores the vote, then shows the next pair; ignored in the first 300 ms of a pair */
  vote(choice: VoteChoice): Promise<void>;
  skip(): Promise<void>;
  /** takes the last human vote back and shows its pair again */
  undo(): Promise<void>;
  setStrength(strength: number): void;
}

/** A group of completions as it stands on the screen. */
export interface ShownGroup {
  set: CandidateSet;
  /** milliseconds of the steady clock; a ranking within 300 ms of it is ignored */
  shownAt: number;
}

/** Where groups are put in order. */
export interface GroupsSlice extends Dealt {
  /** null while nothing is there to be ranked */
  shown: ShownGroup | null;
  /** how the visitor has put what is shown so far; null while nothing is shown */
  arrangement: Arrangement | null;
  /** fills the queue and shows a group; called by the Compare panel when it opens */
  prepare(): Promise<void>;
  arrange(arrangement: Arrangement): void;
  /** stores the ranking, then shows the next group; nothing while all tie, nor in the first 300 ms of a group */
  rank(): Promise<void>;
  skip(): Promise<void>;
  /** takes the visitor's last ranking back and shows its group again, put as it was */
  undo(): Promise<void>;
}
