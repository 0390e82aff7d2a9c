import type { SamplingConfig } from '../config';
import type { RowToken } from '../observations';
import type { OwnTaste, TastedText } from '../ownTaste';
import type { Agreement, CandidateSet, Demonstration, Ranking, Rater, TasteResult, Vote, Wish } from '../preferences';
import type { LearnedTaste } from '../taste';

export interface OpinionCalls {
  /** sets of two; with `againstId` one completion is of either model */
  'compare/pairs': {
    params: { policyId: string; againstId?: string; count: number; seed: number; sampling: SamplingConfig };
    result: CandidateSet[];
  };
  /** pairs that tie for the rater are dropped and drawn again; `noise` is the share of flipped choices */
  'compare/simulate': {
    params: {
      policyId: string;
      againstId?: string;
      rater: Rater;
      count: number;
      noise: number;
      seed: number;
      sampling: SamplingConfig;
    };
    result: Vote[];
  };
  /** K different completions for each of `count` prompts, to be ranked */
  'compare/candidates': {
    params: { policyId: string; count: number; size: number; seed: number; sampling: SamplingConfig };
    result: CandidateSet[];
  };
  /**
   * rankings of K; equal texts tie, sets without a difference are drawn again; `noise`: share of neighbouring ranks
   * exchanged
   */
  'compare/rank': {
    params: {
      policyId: string;
      rater: Rater;
      count: number;
      size: number;
      noise: number;
      seed: number;
      sampling: SamplingConfig;
    };
    result: Ranking[];
  };
  'taste/infer': {
    /** `own`: on text without attributes the rule is fitted to what this rater looks at */
    params: { opinions: Ranking[]; vetoed: string[]; policyId: string; seed: number; own?: OwnTaste };
    result: TasteResult;
  };
  /** what the reward model pays for, beside what these votes ask for */
  'taste/learned': {
    params: { opinions: Ranking[]; rewardId: string; policyId: string; seed: number; own?: OwnTaste };
    result: LearnedTaste;
  };
  /**
   * how many of these choices a gold rater sides with; a ranking counts as the pairs it makes, those it cannot tell
   * apart not at all
   */
  /**
   * what an own rater makes of texts as this model would end them; `trouble` says why its regular expression cannot be
   * used, then nothing is scored
   */
  'taste/own': {
    params: { taste: OwnTaste; texts: { prompt: string; completion: string }[]; policyId: string };
    result: { tasted: TastedText[]; trouble: string | null };
  };
  'taste/agreement': { params: { opinions: Ranking[]; rater: Rater; policyId: string }; result: Agreement };

  /** different stories of the grammar that grant the wish; fewer than `count` when it is rare */
  'finetune/demonstrations': {
    params: { baseId: string; wish: Wish; count: number; seed: number };
    result: Demonstration[];
  };
  /**
   * a demonstration as the row that is trained on, padding included, with how likely the model finds what it is asked
   * for
   */
  'finetune/row': { params: { modelId: string; prompt: string; completion: string }; result: RowToken[] };
  /** for each text, in order, whether it is as wished; never on the visitor's own text */
  'finetune/granted': {
    params: { baseId: string; wish: Wish; texts: { prompt: string; completion: string }[] };
    result: boolean[];
  };
  /**
   * Whether this model can learn from texts that were typed or opened: for each, in order, null or half a sentence
   * about what is wrong (unknown words, too long a prompt, an empty or too long completion, two completions the same).
   */
  'texts/check': {
    /** compared: models wrote them, and somebody said which is better; absent for texts that show how to continue */
    params: { baseId: string; texts: { prompt: string; completions: string[] }[]; compared?: true };
    result: (string | null)[];
  };
}
