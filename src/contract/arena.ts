/** The arena: duels between two models on one prompt, and what they say of how good the models are. */
import type { Vote, VoteChoice } from './preferences';

/** A vote between texts of two models, `policyId` the first and `againstId` the second of the pair. */
export interface Duel extends Vote {
  againstId: string;
}

/** models that can be rated beside each other */
export const MOST_MODELS = 40;

/** A duel as it is rated: models are named by their places in a list. */
export interface RatedDuel {
  first: number;
  second: number;
  /** 'a' the first, 'b' the second */
  choice: VoteChoice;
  /** words of the first one's and of the second one's text */
  lengths: readonly [number, number];
  /** duels with one number were voted on the same two texts, by many; absent: on texts of their own */
  pair?: number;
}

/** points: where a gaussian prior begins, and what it may be */
export const PRIOR = { first: 400, least: 50, most: 2000 } as const;

/** What is made of a tie: half a win each, or an outcome of its own with a chance of its own. */
export const TIE_RULES = ['half', 'davidson', 'raoKupper'] as const;
export type TieRule = (typeof TIE_RULES)[number];

export interface RatingOptions {
  ties: TieRule;
  /** two bad texts are as good as each other; otherwise they say nothing */
  bothBadTies: boolean;
  /** what a duel's texts differ in length is taken out of the ratings; ties are half a win each then */
  lengthHeldEqual: boolean;
  /**
   * standard deviation, in points, of a gaussian prior about the mean on every rating: whoever never lost gets a number
   * then; null for none
   */
  prior: number | null;
  /** points that a sure win against an equal is worth twice: Elo moves by K times the surprise */
  k: number;
  /** 0 takes the duels as they were voted; any other number is the seed of another order, for Elo alone */
  shuffle: number;
  /** of resamples and of orders */
  seed: number;
}

/**
 * How one model stands to those that are rated. 'unmet': no duel counts. 'unbeaten': it won against them and nobody of
 * them ever won or tied, so no number is high enough; 'winless' the other way round. 'apart': no chain of wins and ties
 * leads there, or back.
 */
export type Standing = 'rated' | 'unmet' | 'unbeaten' | 'winless' | 'apart';

export interface BoardRow {
  standing: Standing;
  /** models that any chain of duels connects have the same number */
  island: number;
  /** of those that are rated: 1000 + 400/ln 10 · log strength, mean 1000, with its 95 % interval */
  rating: number | null;
  low: number | null;
  high: number | null;
  /** places that the intervals leave open, 1 is the best; null where there is no rating */
  best: number | null;
  worst: number | null;
  elo: number;
  /** 95 % of all orders of the same duels end between them */
  eloLow: number;
  eloHigh: number;
  /** that count */
  duels: number;
  won: number;
  lost: number;
  tied: number;
}

/** Two neighbours that cannot be told apart, and the further duels between them that would do. */
export interface OpenPair {
  first: number;
  second: number;
  /** of their ratings */
  difference: number;
  votes: number;
}

export interface ArenaBoard {
  counted: number;
  ties: number;
  bothBad: number;
  /** in the order of the models that were asked about */
  rows: BoardRow[];
  /** [model][model] wins of the row against the column, a tie half a win */
  score: number[][];
  /** [model][model] duels that count */
  between: number[][];
  /** [model][model] share of wins that the ratings foretell, a tie half; null where one has no rating */
  predicted: (number | null)[][];
  /** the neighbours that the fewest further duels would tell apart; null where none are open */
  open: OpenPair | null;
  /** how much more often the longer text wins, all else equal; null unless it is held equal and has a number */
  length: { coefficient: number; standardError: number } | null;
  /** how ties were counted: half a win each where the rule that was asked for has no highest likelihood */
  tiesAs: TieRule;
  /** decided duels of different length, and in how many of them the longer text won */
  wonByLonger: { won: number; of: number };
  orders: number;
  resamples: number;
}
