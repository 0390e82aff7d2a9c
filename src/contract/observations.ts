/** What a run shows of itself while it learns: histories, attention, rollouts, reviews and measurements. */
import type { MetricValues } from './metrics';
import type { Tally } from './taste';

/** One column of a training row. Only tokens of the completion are asked for; the others are read, or fill the row. */
export interface RowToken {
  text: string;
  part: 'padding' | 'prompt' | 'completion';
  /** log-probability at temperature 1 of a token that counts in the loss; null where none is asked for */
  logprob: number | null;
}

/** One row of the history. `values` holds metric ids of `metrics.ts`. */
export interface MetricPoint {
  step: number;
  /** milliseconds of running time, pauses not counted */
  elapsedMs: number;
  values: MetricValues;
}

/** [layers][heads] of row-major length×length weights; row looks, column is looked at. */
export interface AttentionMaps {
  tokens: string[];
  layers: number;
  heads: number;
  /** [L,H,T,T] flattened */
  weights: Float32Array;
  /** words of the text that the model does not know and so did not read; absent where there are none */
  unknownWords?: string[];
  /** of the run whose model it is, where somebody looks into one that learns */
  step?: number;
}

export interface NextToken {
  id: number;
  text: string;
  /** probability at temperature 1, no filter */
  probability: number;
  /** after temperature, top-k and top-p; 0 when cut */
  filtered: number;
}

export interface RolloutToken {
  text: string;
  logRatio: number;
  /** of the critic; 0 where there is none (RLOO, GRPO) */
  value: number;
  advantage: number;
  reward: number;
}
export interface RolloutRow {
  prompt: string;
  tokens: RolloutToken[];
  score: number;
  /** null when the corpus has no gold rater */
  gold: number | null;
  /** nats, summed over the completion */
  kl: number;
}

export interface FixedSample {
  prompt: string;
  completion: string;
}

export interface Disagreement {
  prompt: string;
  chosen: string;
  rejected: string;
  margin: number;
  heldOut: boolean;
}
/** How a reward model stands with one round of votes. */
export interface RewardRound {
  round: number;
  pairs: number;
  heldOutPairs: number;
  /** share of its held-out pairs in which the model sides with the voter; null without any */
  accuracy: number | null;
  /** 95 % Wilson interval of it */
  low: number;
  high: number;
  /** held-out pairs that the gold rater can tell apart; 0 without a rater */
  goldPairs: number;
  /** share of those in which the model sides with the gold rater; null without any */
  gold: number | null;
}

/** How the reward model stands against the votes. */
export interface RewardReview {
  /** of pairs that it learns from; while it trains, of some of them */
  margins: number[];
  heldOutMargins: number[];
  accuracy: number;
  /** 95 % Wilson interval of the held-out accuracy */
  low: number;
  high: number;
  heldOutPairs: number;
  pairs: { human: number; simulated: number; imported: number; rule: number };
  disagreements: Disagreement[];
  /** of the held-out pairs whose sides are within one word of each other, in how many the model sides with the voter */
  sameLength?: Tally;
  /** of the held-out pairs whose sides differ in length, in how many the voter chose the longer one */
  longer?: Tally;
  /** round by round, the first one first; rule labels belong to none. Absent before a second round */
  byRound?: RewardRound[];
  /** share of score variance that length explains, 0–1 */
  lengthShare: number;
  /** the last batch's first pair, for the formula filled with numbers */
  example: { chosenScore: number; rejectedScore: number; loss: number } | null;
}

export interface ScoredText {
  score: number;
  /** each token with what it adds: the score with it minus the score without it */
  tokens: { text: string; contribution: number }[];
  unknownWords: string[];
}

export interface BeforeAfter {
  prompt: string;
  before: string;
  after: string;
}

/** A mean and its standard error. */
export interface Average {
  value: number;
  error: number;
}

/** One completion as judge and rater see it. */
export interface BestOfSample {
  completion: string;
  /** of the reward model */
  score: number;
  /** null where the grammar cannot compute it */
  gold: number | null;
  /** null for the visitor's own text */
  grammatical: boolean | null;
  /** tokens, <eos> included */
  length: number;
  /** the model ended it itself; absent where no text has an end, and in draws stored before this was kept */
  finished?: boolean;
}
export interface BestOfPrompt {
  prompt: string;
  /** in the order drawn: the best of N is the highest score among the first N, the others lost */
  samples: BestOfSample[];
}
/** What the best of n is like on average: exact over all sets of n of the samples, then averaged over the prompts. */
export interface BestOfPoint {
  n: number;
  /** ln n − (n−1)/n nats from the policy that was sampled, an upper bound */
  kl: number;
  score: Average;
  gold: Average | null;
  /** by gold against another sample of the same prompt, ties one half */
  winRate: Average | null;
  grammatical: number | null;
  length: number;
  /** share that the model ended itself; null where no text has an end or that was not kept */
  finished: number | null;
  /** different texts ÷ texts among the winners of the first n */
  distinct: number;
  /** different word pairs ÷ word pairs of those winners */
  distinct2: number;
  /** share of those winners that another one equals */
  duplicates: number;
}
export interface BestOfResult {
  /** n = 1 … samples */
  points: BestOfPoint[];
  /** those done so far */
  prompts: BestOfPrompt[];
}

/** What can be told of texts without a judge: readable, ended, and not all the same? */
export interface TextHealth {
  /** different completions ÷ completions */
  distinct: number;
  /** distinct-1, -2 and -3: different n-grams ÷ n-grams of all texts (Li et al. 2016) */
  distinctNgrams: [number, number, number];
  /** share of completions that another one equals */
  duplicates: number;
  /** share that parses; null for the visitor's own text */
  grammatical: number | null;
  /** share that also agrees with its prompt; null for the visitor's own text */
  coherent: number | null;
  /** share that the model ended itself; null where no text has an end */
  finished: number | null;
  /** mean tokens, <eos> included */
  length: number;
}

/**
 * Where a policy stands on the axis that all methods share, from texts it wrote afresh. Measurements compare when
 * prompts, number of texts, temperature, reference and judges were the same.
 */
export interface PolicyMeasurement extends TextHealth {
  /** how many texts it wrote */
  texts: number;
  /** exact divergence from the reference over the whole vocabulary, nats per completion */
  kl: Average;
  /** of the reward model, without penalties; null without one */
  score: Average | null;
  /** of the rater; null where the grammar cannot compute it */
  gold: Average | null;
}

/**
 * what is timed: in the page, and in the computing thread; on a graphics card a plan is only told, and computed later
 */
export type SpanKind = 'page' | 'phase' | 'observation' | 'plan' | 'kernel';

/** A measured interval: milliseconds of a steady clock. */
export interface TimeSpan {
  kind: SpanKind;
  name: string;
  startMs: number;
  endMs: number;
}

export interface TimeShare {
  name: string;
  ms: number;
  calls: number;
}

/** Where the last seconds went; the most first. */
export interface TimeReading {
  windowMs: number;
  /**
   * phases of PPO, steps of other runs and what was prepared for them, without what is merely looked at, which is
   * `observation`, and without `saving`
   */
  phases: TimeShare[];
  /** kernels of WebAssembly, by kind; none are timed until somebody looks */
  kernels: TimeShare[];
}
