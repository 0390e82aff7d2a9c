/** What the visitor, and raters that stand in for them, said of texts, and what is read from it. */
import type { ErrorReport } from '../../contract/errors';
import type { OwnTaste } from '../../contract/ownTaste';
import type { Agreement, Ranking, Rater, TasteResult, VoteSource } from '../../contract/preferences';
import type { Share } from '../../contract/shares';
import type { BadLine } from '../../formats/lines';

/** Human votes, simulated ones and imported ones are never added up without saying so. */
export interface VoteCounts {
  human: number;
  simulated: number;
  imported: number;
  /** human and imported, decided for A or B, hidden repeats not counted */
  usable: number;
}
/** Votes and groups in order. A group gives up to K(K−1)/2 comparisons, which count as usable beside votes. */
export interface OpinionCounts extends VoteCounts {
  /** by who ranked */
  ranked: Record<VoteSource, { rankings: number; comparisons: number }>;
}

/** What came of reading a file. */
export interface ReadOpinions {
  opinions: Ranking[];
  badLines: BadLine[];
}

/**
 * Every vote and every other ranking, and how many come and go at a time; `pairs` and `groups` ask for them one by one.
 */
export interface OpinionsSlice {
  /** oldest first, votes among them */
  all: Ranking[];
  /** taste of the simulated votes and rankings, and of the gold rater that PPO is measured with: see `raterInUse` */
  rater: Rater;
  /** what the visitor's own rater likes; it is kept while another is chosen */
  own: OwnTaste;
  /** share of simulated choices that are flipped, 0–0.5 */
  noise: number;
  simulating: boolean;
  /** a file with bad lines, waiting for the visitor's decision */
  pendingImport: ({ name: string } & ReadOpinions) | null;
  error: ErrorReport | null;
  /** puts them on disk, then on the page */
  add(opinions: readonly Ranking[]): Promise<void>;
  remove(rankingIds: readonly string[]): Promise<void>;
  setRater(rater: Rater): void;
  /** on the visitor's own text it is in use as soon as it says something */
  setOwn(taste: OwnTaste): void;
  setNoise(noise: number): void;
  /** asks the simulated rater for this many votes, or rankings of the configured size */
  simulate(count: number, kind?: 'votes' | 'rankings'): Promise<void>;
  /** saves all of a kind as JSON Lines */
  exportFile(kind?: 'votes' | 'rankings'): Promise<void>;
  /**
   * lines may be votes, preferences or rankings; good files are added at once, otherwise `pendingImport` waits for
   * keepGoodLines or cancelImport
   */
  importFile(bytes: Uint8Array, name: string): Promise<void>;
  keepGoodLines(): Promise<void>;
  cancelImport(): void;
  /** removes those of one source, or all */
  clear(source?: VoteSource): Promise<void>;
}

/** How the visitor votes; null until there are ten human votes. */
export interface Habits {
  left: Share;
  longer: Share;
  secondsPerVote: number;
  /** hidden repeats answered the same way; null before the first repeat */
  consistency: Share | null;
}

/** How many of the visitor's choices the raters side with that gold is computed by. */
export interface GoldSlice {
  /** by rater (`raterKey`); `key` is of the choices that it was counted on */
  counted: Record<string, Agreement & { key: string }>;
  /** counts it, and again while votes come; without effect where it is known */
  weigh(rater: Rater): Promise<void>;
}

export interface TasteSlice {
  result: TasteResult | null;
  /** `opinionsKey` of what `result` was fitted to; null before a fit */
  fittedTo: string | null;
  vetoed: string[];
  /**
   * false: the reward model learns from the votes alone, because nothing is clear yet or the visitor vetoed the whole
   * idea
   */
  useRule: boolean;
  /** the visitor switched the rule on or off; until then every fit does, by whether anything about it is clear */
  answered: boolean;
  busy: boolean;
  error: ErrorReport | null;
  infer(): Promise<void>;
  /** vetoes one attribute, or takes the veto back, and fits again */
  toggleVeto(attribute: string): Promise<void>;
  setUseRule(useRule: boolean): void;
}
