import type {
  BackendName,
  BestOfConfig,
  DpoConfig,
  ExecutorName,
  FineTuneConfig,
  ModelConfig,
  Pooling,
  PpoConfig,
  PresetName,
  PretrainConfig,
  RewardConfig,
  StoryConfig,
  TextConfig,
} from './config';
import type { MetricValues } from './metrics';

/** The four models of RLHF; heads may share a trunk. */
export type Role = 'policy' | 'reference' | 'rewardModel' | 'valueModel';

export const RATERS = ['happy', 'short', 'polite', 'mixed', 'animal'] as const;
/** A simulated rater; 'animal' likes stories that mention one named animal. */
export type RaterName = (typeof RATERS)[number];
export interface Rater {
  name: RaterName;
  /** for 'animal' only, e.g. 'fox' */
  animal?: string;
}

/** What can be computed from a story's text alone. */
export interface StoryAttributes {
  /** 1–3 sentences the grammar could have written, an ending last, then end-of-text */
  parses: boolean;
  /** parses, and object, pronoun and number agree with the prompt */
  coherent: boolean;
  endingMood: -1 | 0 | 1;
  /** −2 … 2 */
  middleMood: number;
  politeWords: number;
  rudeWords: number;
  /** words of the completion */
  length: number;
  repeatedBigrams: number;
  /** animal → times it is named in the completion */
  mentions: Record<string, number>;
}

export interface TextSample {
  prompt: string;
  completion: string;
  /** null for the visitor's own text */
  attributes: StoryAttributes | null;
}

export interface TokenView {
  id: number;
  text: string;
}

export interface CorpusSummary {
  kind: 'stories' | 'text';
  config: StoryConfig | TextConfig;
  vocabSize: number;
  trainTokens: number;
  heldOutTokens: number;
  /** exact entropy of the grammar; null for the visitor's own text */
  entropy: { natsPerToken: number; natsPerStory: number } | null;
  /** stories: how many; own text: characters */
  size: number;
  samples: TextSample[];
  /** the animals a rater may be named after */
  animals: string[];
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
 * K = 2 … 9 completions of one prompt and the place of each: up to K(K−1)/2 comparisons that are learned from together.
 * A vote for one side is the case K = 2 of it, and is read as such wherever something is learned.
 */
export interface Ranking {
  rankingId: string;
  prompt: string;
  /** all different, as they stood on the screen */
  completions: string[];
  /** of each completion: 1 is best, equal numbers tie, no place is left out: 1, 3, 2, 2 */
  ranks: number[];
  /** how much better each place is than the next, one number ≥ 0 less than there are places; null when nobody asked */
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

/** One column of a training row. Only tokens of the completion are asked for; the others are read, or fill the row. */
export interface RowToken {
  text: string;
  part: 'padding' | 'prompt' | 'completion';
  /** log-probability at temperature 1 of a token that counts in the loss; null where none is asked for */
  logprob: number | null;
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

/** 'base' was pre-trained, 'finetuned' was shown demonstrations, 'policy' came out of PPO or DPO (see its parents), 'reward' scores. */
export const CHECKPOINT_KINDS = ['base', 'finetuned', 'policy', 'reward'] as const;
export type CheckpointKind = (typeof CHECKPOINT_KINDS)[number];
/** Something a run was set to. */
export type Setting = string | number | boolean | null | { [name: string]: Setting };
/** What a run was made from, as its model remembers it: of every list of texts only how many there were. */
export interface Recipe {
  kind: RunKind;
  [name: string]: Setting;
}
/** Texts that a model learned from, counted by who chose or wrote them. */
export type SourceCounts = Partial<Record<VoteSource | DemonstrationSource, number>>;
/** How a model was made. */
export interface Lineage {
  recipe: Recipe;
  sources: SourceCounts;
}
/** A forebear as it was called when the descendant was made; it need not be on the shelf any more. */
export interface Ancestor {
  checkpointId: string;
  name: string;
  kind: CheckpointKind;
  parents: string[];
}

export interface CheckpointInfo {
  checkpointId: string;
  name: string;
  kind: CheckpointKind;
  model: ModelConfig;
  pooling: Pooling | null;
  /** checkpoints this one was trained from: its base first, then the reward model of a policy, then the policy that it went on from */
  parents: string[];
  /** parents, their parents and so on, so that a family holds together where one of them is missing */
  ancestors: Ancestor[];
  /** null for a model that ships with the page, and for files from before this was recorded */
  lineage: Lineage | null;
  /** when it was made, or else came onto a shelf; milliseconds since 1970 */
  madeAt: number | null;
  /** the file it was opened from; null when it was trained here */
  importedFrom: string | null;
  /** models with the same key read the same tokens */
  tokenizerKey: string;
  step: number;
  parameters: number;
  bytes: number;
  /** last metrics of the run that made it, by metric id */
  metrics: MetricValues;
  shipped: boolean;
}

export const RUN_KINDS = ['pretrain', 'finetune', 'reward', 'ppo', 'dpo', 'bestOf'] as const;
export type RunKind = (typeof RUN_KINDS)[number];
export type RunStatus = 'idle' | 'running' | 'paused' | 'done' | 'stopped' | 'failed';
export type PpoPhase = 'rollout' | 'evaluation' | 'optimisation';

/** Everything a run is made from; together with the seed it decides every number. */
export type RunSpec =
  | { kind: 'pretrain'; seed: number; config: PretrainConfig; model: ModelConfig; fixedPrompt: string }
  | {
      kind: 'finetune';
      seed: number;
      config: FineTuneConfig;
      baseId: string;
      demonstrations: Demonstration[];
      /** what they were wished to be: its share among fresh texts is counted */
      wish: Wish | null;
      /** scores fresh texts; null for none, unless epochs are selected by it */
      rewardId: string | null;
      /** gives fresh texts their gold score; never trained on */
      rater: Rater | null;
    }
  | {
      kind: 'reward';
      seed: number;
      config: RewardConfig;
      baseId: string;
      votes: Vote[];
      /** learned from together with the votes; the rule is inferred from both */
      rankings: Ranking[];
      vetoed: string[];
      useRule: boolean;
      /** the newest round of its votes; absent in the first */
      round?: number;
      /** with whose gold order its own is compared, round by round; never trained on */
      rater?: Rater | null;
    }
  | {
      kind: 'ppo';
      seed: number;
      config: PpoConfig;
      /** the reference, and where the policy begins unless `startId` is given */
      baseId: string;
      rewardId: string;
      rater: Rater;
      /** the policy of an earlier round, to go on from; the distance is still measured from `baseId` */
      startId?: string;
      /** absent in the first */
      round?: number;
      /** where a separate critic begins; the reward model unless this is given */
      valueId?: string;
    }
  /** `baseId` is the policy that is sampled: a base model, or one that was trained already */
  | { kind: 'bestOf'; seed: number; config: BestOfConfig; baseId: string; rewardId: string; rater: Rater }
  | {
      kind: 'dpo';
      seed: number;
      config: DpoConfig;
      /** the reference, and where the policy begins unless `startId` is given */
      baseId: string;
      votes: Vote[];
      rankings: Ranking[];
      /** scores fresh texts, for the axis that all methods share; DPO itself needs none */
      rewardId: string | null;
      /** gives fresh texts their gold score; never trained on */
      rater: Rater | null;
      /** the policy of an earlier round, to go on from: then the loss does not begin at ln 2, for policy and reference differ */
      startId?: string;
      /** absent in the first */
      round?: number;
    };

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
  margins: number[];
  heldOutMargins: number[];
  accuracy: number;
  /** 95 % Wilson interval of the held-out accuracy */
  low: number;
  high: number;
  heldOutPairs: number;
  pairs: { human: number; simulated: number; imported: number; rule: number };
  disagreements: Disagreement[];
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
  /** the model ended it itself; draws stored before this was kept lack it */
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
  /** share that the model ended itself; null when that was not kept */
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
  /** share that the model ended itself */
  finished: number;
  /** mean tokens, <eos> included */
  length: number;
}

/**
 * Where a policy stands on the axis that all methods share, from texts it wrote afresh. Measurements compare when prompts, number
 * of texts, temperature, reference and judges were the same.
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

export interface EngineInfo {
  backend: BackendName;
  executor: ExecutorName;
  adapter: string | null;
  /** null when this is the fastest path, otherwise why not */
  reason: string | null;
  crossOriginIsolated: boolean;
}

export interface ProbeResult {
  stepMs: number;
  tokensPerSecond: number;
  suggested: PresetName;
}

export interface ModelEstimate {
  parameters: number;
  trainingBytes: number;
  /** null before a probe */
  secondsPerStep: number | null;
}
