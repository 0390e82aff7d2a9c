/**
 * What people, and raters that stand in for them, say of texts: votes, rankings, demonstrations, and the taste that is
 * read from them.
 */
import type { OwnTaste } from './ownTaste';

/** what the grammar of the stories can compute */
export const RATERS = ['happy', 'sad', 'short', 'polite', 'mixed', 'animal'] as const;
export type StoryRaterName = (typeof RATERS)[number];
/** A simulated rater; 'animal' likes stories that mention one named animal, 'own' any text by the visitor's words. */
export type RaterName = StoryRaterName | 'own';
export interface Rater {
  name: RaterName;
  /** for 'animal' only, e.g. 'fox' */
  animal?: string;
  /** for 'own' only: what it likes; its votes leave that out */
  taste?: OwnTaste;
  /** of votes by an own rater: which taste it had (`tasteKey`) */
  key?: string;
}

/** Of somebody's choices between texts that a rater tells apart, how many it would have made the same way. */
export interface Agreement {
  agree: number;
  of: number;
}

export type VoteChoice = 'a' | 'b' | 'tie' | 'bothBad';
/** A pair that a rule labelled beside the votes; nobody chose it. */
export interface RulePair {
  prompt: string;
  chosen: string;
  rejected: string;
  source: 'rule';
}

export type VoteSource = 'human' | 'simulated' | 'imported';

/**
 * Votes, models made from them and runs are counted by rounds, from 1; what was made before rounds were counted is of
 * the first.
 */
export const roundOf = ({ round }: { round?: number | undefined }): number => round ?? 1;

/** completions of one prompt that can be ranked at once */
export const RANKING_SIZES = { least: 2, most: 9 } as const;

/**
 * K = 2 … 9 different completions of one prompt, as sampled, before anyone judged them. A pair is a set of two; its
 * sides are drawn when it is shown.
 */
export interface CandidateSet {
  setId: string;
  prompt: string;
  completions: string[];
  /** checkpoint that wrote them, or only the first of two when there is an `againstId` */
  policyId: string;
  /** checkpoint that wrote the second of two: old against new, in a further round of votes */
  againstId?: string;
  /** the round it is judged in; absent in the first */
  round?: number;
}

/**
 * What somebody said of K = 2 … 9 completions of one prompt: the rank of each. That is up to K(K−1)/2 comparisons,
 * which are learned from together.
 */
export interface Ranking {
  rankingId: string;
  prompt: string;
  /** all different, as they stood on the screen */
  completions: string[];
  /** of each completion: 1 is best, equal numbers tie, no rank is left out: 1, 3, 2, 2 */
  ranks: number[];
  /**
   * how much better each rank is than the next, in units of `RewardConfig.strengthMargin`, one number ≥ 0 less than
   * there are ranks; null when nobody asked
   */
  strengths: number[] | null;
  source: VoteSource;
  rater: Rater | null;
  /** checkpoint that wrote the completions; '' where nobody knows */
  policyId: string;
  /** absent in the first */
  round?: number;
  /** seconds from shown to decided; 0 when simulated */
  seconds: number;
  /** milliseconds since 1970 */
  at: number;
}

/** A vote is a ranking of two, the left one first, with how its pair was put before the voter. */
export interface Vote extends Ranking {
  completions: [string, string];
  ranks: [number, number];
  /** of the set of two that it chose from */
  pairId: string;
  /** true when the left one is the second of that set */
  swapped: boolean;
  /** hidden repeat of this earlier vote */
  repeatOf: string | null;
  /** as in the set */
  againstId?: string;
  /** a tie because neither is good */
  bothBad?: true;
}

export const isVote = (one: Ranking): one is Vote => 'pairId' in one;
export const votesIn = (opinions: readonly Ranking[]): Vote[] => opinions.filter(isVote);
/** rankings that are no votes: groups that somebody put in order, of two or more */
export const groupsIn = (opinions: readonly Ranking[]): Ranking[] => opinions.filter((one) => !isVote(one));

const RANKS_OF_CHOICE: Record<VoteChoice, [number, number]> = { a: [1, 2], b: [2, 1], tie: [1, 1], bothBad: [1, 1] };

/** @returns what a press between a left and a right text says about them */
export const ranksOfChoice = (choice: VoteChoice): Pick<Vote, 'ranks' | 'bothBad'> => ({
  ranks: [...RANKS_OF_CHOICE[choice]],
  ...(choice === 'bothBad' && { bothBad: true }),
});

/** @returns what was pressed */
export function choiceOf({ ranks: [left, right], bothBad }: Pick<Vote, 'ranks' | 'bothBad'>): VoteChoice {
  if (left === right) return bothBad ? 'bothBad' : 'tie';
  return left < right ? 'a' : 'b';
}

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
export type TasteResult =
  | { kind: 'rule'; rule: TasteRule }
  | { kind: 'missing'; usableVotes: number; needed: number; sentence: string };
