/** What the visitor, and raters that stand in for them, said of texts, and what is read from it. */
import type { ErrorReport } from '../../contract/errors';
import type {
  Agreement,
  CandidatePair,
  Demonstration,
  Ranking,
  Rater,
  TasteResult,
  Vote,
  VoteChoice,
  Wish,
} from '../../contract/preferences';
import type { Share } from '../../contract/shares';
import type { BadLine } from '../../formats/lines';

/** A pair as it stands on the screen. `a` is left. */
export interface ShownPair {
  pair: CandidatePair;
  a: string;
  b: string;
  swapped: boolean;
  /** id of the earlier vote that this pair secretly repeats; never shown */
  repeatOf: string | null;
  /** milliseconds of the steady clock; votes within 300 ms of it are ignored */
  shownAt: number;
}
/** Human votes, simulated ones and imported ones are never added up without saying so. */
export interface VoteCounts {
  human: number;
  simulated: number;
  imported: number;
  /** human and imported, decided for A or B, hidden repeats not counted */
  usable: number;
}
/** Votes and rankings. A ranking gives up to K(K−1)/2 comparisons, which count as usable beside votes. */
export interface OpinionCounts extends VoteCounts {
  /** by who ranked */
  ranked: Record<Vote['source'], { rankings: number; comparisons: number }>;
}
export interface VotesSlice {
  /** oldest first */
  votes: Vote[];
  shown: ShownPair | null;
  /** sampled ahead, so that the next pair is there at once */
  queue: CandidatePair[];
  /** pairs shown so far; decides sides and hidden repeats */
  turn: number;
  /** pairs asked for so far */
  drawn: number;
  /** no pair to show yet, but one is being written */
  loading: boolean;
  simulating: boolean;
  /** taste of the simulated votes, and of the gold rater that PPO is measured with */
  rater: Rater;
  /** share of simulated choices that are flipped, 0–0.5 */
  noise: number;
  /** a file with bad lines, waiting for the visitor's decision */
  pendingImport: { name: string; votes: Vote[]; rankings: Ranking[]; badLines: BadLine[] } | null;
  /** how strongly the next vote will be meant, one of `STRENGTHS`; 0 says nothing, and every vote sets it back */
  strength: number;
  error: ErrorReport | null;
  /** fills the queue and shows a pair; called by the Compare panel when it opens */
  prepare(): Promise<void>;
  /** stores the vote, then shows the next pair; ignored in the first 300 ms of a pair */
  vote(choice: VoteChoice): Promise<void>;
  skip(): Promise<void>;
  /** takes the last human vote back and shows its pair again */
  undo(): Promise<void>;
  setRater(rater: Rater): void;
  setNoise(noise: number): void;
  setStrength(strength: number): void;
  simulate(count: number): Promise<void>;
  exportFile(): Promise<void>;
  /** lines may be votes, preferences or rankings; good files are added at once, otherwise `pendingImport` waits for keepGoodLines or cancelImport */
  importFile(bytes: Uint8Array, name: string): Promise<void>;
  keepGoodLines(): Promise<void>;
  cancelImport(): void;
  /** removes votes and rankings of one source, or all */
  clear(source?: Vote['source']): Promise<void>;
}

/** What models are shown beside votes. Checked against the model by 'texts/check' before it is put here. */
export interface ExamplesSlice {
  demonstrations: Demonstration[];
  /** what demonstrations from the stories should be like; its share is counted while fine-tuning */
  wish: Wish;
  /** oldest first; learned from together with the votes */
  rankings: Ranking[];
  setDemonstrations(demonstrations: Demonstration[]): void;
  setWish(wish: Partial<Wish>): void;
  /** puts them on disk, then on the page */
  addRankings(rankings: readonly Ranking[]): Promise<void>;
  removeRankings(rankingIds: readonly string[]): Promise<void>;
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
  /** the votes changed since `result` was fitted */
  outdated: boolean;
  vetoed: string[];
  /** false: the reward model learns from the votes alone, because nothing is clear yet or the visitor vetoed the whole idea */
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
