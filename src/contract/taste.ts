/** What a reward model pays for, beside what the votes asked for. */
import type { TasteResult } from './preferences';

/**
 * How much one standard deviation more of an attribute moves a score, the others held equal, with its 95 % interval.
 */
export interface LearnedWeight {
  attribute: string;
  /** in words, e.g. 'happy ending' */
  label: string;
  weight: number;
  low: number;
  high: number;
}

/** Two completions of one prompt that differ in one thing alone. */
export interface Contrast {
  /** of which the second has more */
  attribute: string;
  /** the same in words */
  label: string;
  prompt: string;
  before: string;
  after: string;
}

export interface ScoredContrast extends Contrast {
  scores: { before: number; after: number };
}

export interface LearnedTaste {
  /** the rule that fits the votes, measured on the same texts */
  voted: TasteResult;
  /** texts of the policy that were scored */
  texts: number;
  /** empty on own text whose visitor has said no taste: it has no attributes */
  weights: LearnedWeight[];
  /** five of every attribute, on own text as far as texts can be so changed; empty where no attribute is known */
  contrasts: ScoredContrast[];
}

/** How many of some pairs were called right. */
export interface Tally {
  right: number;
  count: number;
}
