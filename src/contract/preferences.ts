/** What people, and raters that stand in for them, say of texts: votes, rankings, demonstrations, and the taste that is read from them. */

export const RATERS = ['happy', 'sad', 'short', 'polite', 'mixed', 'animal'] as const;
/** A simulated rater; 'animal' likes stories that mention one named animal. */
export type RaterName = (typeof RATERS)[number];
export interface Rater {
  name: RaterName;
  /** for 'animal' only, e.g. 'fox' */
  animal?: string;
}

/** Of somebody's choices between texts that a rater tells apart, how many it would have made the same way. */
export interface Agreement {
  agree: number;
  of: number;
}

export type VoteChoice = 'a' | 'b' | 'tie' | 'bothBad';
export type VoteSource = 'human' | 'simulated' | 'imported';

/** Two completions of one prompt, before anyone chose. `first` and `second` are as sampled; sides are drawn when shown. */
export interface CandidatePair {
  pairId: string;
  prompt: string;
  first: string;
  second: string;
  /** checkpoint that wrote both, or only `first` when there is an `againstId` */
  policyId: string;
  /** checkpoint that wrote `second`: old against new, in a further round of votes */
  againstId?: string;
  /** the round it is voted on in; absent in the first */
  round?: number;
}

/** Votes, models made from them and runs are counted by rounds, from 1; what was made before rounds were counted is of the first. */
export const roundOf = ({ round }: { round?: number | undefined }): number => round ?? 1;

/** One choice. `a` is what stood on the left. */
export interface Vote {
  voteId: string;
  pairId: string;
  prompt: string;
  a: string;
  b: string;
  choice: VoteChoice;
  source: VoteSource;
  rater: Rater | null;
  /** true when `a` is the pair's `second` completion */
  swapped: boolean;
  /** hidden repeat of this earlier vote */
  repeatOf: string | null;
  /** as in the pair */
  policyId: string;
  againstId?: string;
  round?: number;
  /** seconds from shown to chosen; 0 when simulated */
  seconds: number;
  /** milliseconds since 1970 */
  at: number;
  /** how strongly, in units of `RewardConfig.strengthMargin`; absent when nobody asked */
  strength?: number;
}

/** completions of one prompt that can be ranked at once */
export const RANKING_SIZES = { least: 2, most: 9 } as const;

/** K = 2 … 9 different completions of one prompt, before anyone ranked them, as sampled. */
export interface CandidateSet {
  setId: string;
  prompt: string;
  completions: string[];
  /** checkpoint that wrote them */
  policyId: string;
  /** as of a pair */
  round?: number;
}

/**
 * K = 2 … 9 completions of one prompt and the rank of each: up to K(K−1)/2 comparisons that are learned from together.
 * A vote for one side is the case K = 2 of it, and is read as such wherever something is learned.
 */
export interface Ranking {
  rankingId: string;
  prompt: string;
  /** all different, as they stood on the screen */
  completions: string[];
  /** of each completion: 1 is best, equal numbers tie, no rank is left out: 1, 3, 2, 2 */
  ranks: number[];
  /** how much better each rank is than the next, one number ≥ 0 less than there are ranks; null when nobody asked */
  strengths: number[] | null;
  source: VoteSource;
  rater: Rater | null;
  policyId: string;
  /** as of a vote */
  round?: number;
  /** seconds from shown to ranked; 0 when simulated */
  seconds: number;
  /** milliseconds since 1970 */
  at: number;
}

export const isVote = (opinion: Vote | Ranking): opinion is Vote => 'choice' in opinion;

/** What demonstrations should be like; everything that is set has to hold. On stories only. */
export interface Wish {
  /** a happy ending */
  happy: boolean;
  /** "please" or "thank you", nothing rude */
  polite: boolean;
  /** at most twelve words: shorter than most */
  short: boolean;
  /** the completion names this animal; null for any */
  animal: string | null;
}

/** fewer teach nothing but themselves */
export const DEMONSTRATIONS_NEEDED = 4;

export type DemonstrationSource = 'grammar' | 'human' | 'imported';
/** How a prompt should be continued: what fine-tuning learns from. */
export interface Demonstration {
  demonstrationId: string;
  prompt: string;
  completion: string;
  source: DemonstrationSource;
}

export interface TasteWeight {
  attribute: string;
  /** in words, e.g. 'happy ending' */
  label: string;
  /** ridge-logistic weight per standard deviation, with its 95 % interval */
  weight: number;
  low: number;
  high: number;
  vetoed: boolean;
}

/** What the visitor seems to like, fitted to the votes. */
export interface TasteRule {
  usableVotes: number;
  weights: TasteWeight[];
  /** share of the votes that the rule would have cast the same way */
  agreement: number;
  /** pairs the rule would label, the preferred completion first */
  examples: { prompt: string; chosen: string; rejected: string; difference: number }[];
}
export type TasteResult = { kind: 'rule'; rule: TasteRule } | { kind: 'missing'; usableVotes: number; needed: number; sentence: string };
