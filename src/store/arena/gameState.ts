import type { ArenaBoard, Duel, RatingOptions } from '../../contract/arena';
import type { CandidateSet, VoteChoice } from '../../contract/preferences';
import type { DuelFile } from './many';
import type { Pairing } from './ring';

/** A pair of a duel, on the screen. */
export interface ShownDuel {
  pair: CandidateSet & { againstId: string };
  left: string;
  right: string;
  /** the left one is the second of the pair */
  swapped: boolean;
  /** by the page's clock */
  shownAt: number;
}

/** The board, and whose rows it has. */
export interface Ratings {
  models: string[];
  board: ArenaBoard;
}

export interface ArenaGame {
  /** null while a pair is written, or where none can be */
  shown: ShownDuel | null;
  /** a pair is being written */
  loading: boolean;
  /** why there is no pair, in words */
  error: string | null;
  /** the vote that was just given, whose writers may be told; or that it was taken back */
  last: { duel: Duel; takenBack: boolean } | null;
  /** the pair that was asked for, by hand; null deals whoever met least */
  wanted: Pairing | null;
  ratings: Ratings | null;
  /** why there are no ratings, in words */
  trouble: string | null;
  options: RatingOptions;
  /** how far a simulated rater is; null while none votes */
  simulating: { done: number; of: number } | null;
  /** a file with bad lines, until it is decided what becomes of the good ones */
  pending: DuelFile | null;
  /** what came of the last rater or file, in words */
  outcome: string | null;

  /** deals a pair, unless one of the ring's is shown or being written */
  open(): Promise<void>;
  /** rates what is here; the last board stays until the new one is done */
  rate(): Promise<void>;
  vote(choice: VoteChoice): Promise<void>;
  skip(): Promise<void>;
  /** the visitor's last duel, as if it had not been; who wrote it is known, so it is not asked again */
  undo(): Promise<void>;
  /** from the next pair on; null lets chance decide again */
  askFor(pairing: Pairing | null): Promise<void>;
  set(options: Partial<RatingOptions>): Promise<void>;
  /** so many votes of Compare's rater, spread over all pairs of the ring */
  simulate(count: number): Promise<void>;
  cancelSimulating(): void;
  save(): void;
  openFile(bytes: Uint8Array, name: string): Promise<void>;
  /** takes the good lines of the file, or none */
  decide(keep: boolean): Promise<void>;
  /** all duels, whoever voted them */
  clear(): Promise<void>;
}

/** where the parts of the page write what they know */
export type Patch = (fields: Partial<ArenaGame>) => void;
