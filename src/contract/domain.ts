import type { AdapterMeta, TrunkRef } from './adapters';
import type {
  BackendName,
  BestOfConfig,
  DpoConfig,
  ExecutorName,
  FineTuneConfig,
  KernelStyleName,
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
import type { Demonstration, DemonstrationSource, Ranking, Rater, VoteSource, Wish } from './preferences';

/** The four models of RLHF; heads may share a trunk. */
export type Role = 'policy' | 'reference' | 'rewardModel' | 'valueModel';

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
  /** own text: a piece of its held-out end, which is never trained on */
  heldOut?: boolean;
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
  /** these two are expectations: the stories of this model are written once someone trains on them */
  tokensExpected?: boolean;
  /** stories as plain text, in the tokens of a model that came from elsewhere without a text */
  starter?: boolean;
  /** of own text: tokens of a prompt and its continuation */
  contextLength?: number;
  /** exact entropy of the grammar; null for the visitor's own text */
  entropy: { natsPerToken: number; natsPerStory: number } | null;
  /** stories: how many; own text: characters */
  size: number;
  samples: TextSample[];
  /** the animals a rater may be named after */
  animals: string[];
}

/**
 * 'base' was pre-trained, 'finetuned' was shown demonstrations, 'policy' came out of PPO or DPO (see its parents),
 * 'reward' scores.
 */
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
  /**
   * checkpoints this one was trained from: its base first, then the reward model of a policy, then the policy that it
   * went on from
   */
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
  /** of what was learned beside a trunk, whose file then keeps it beside the merged model; absent where all is one */
  adapter?: AdapterMeta;
  /** whose weights its own file leaves out; it can be used while that one is on the shelf */
  trunk?: TrunkRef;
  /** last metrics of the run that made it, by metric id */
  metrics: MetricValues;
  shipped: boolean;
}

/** What is known of a model of another program before its weights are read. */
export interface ForeignLook {
  name: string;
  parameters: number;
  /** of its file here */
  bytes: number;
  /** at most, while it is opened */
  memoryBytes: number;
  /** tokens */
  contextLength: number;
  /** tokens of the texts that it begins with, where nobody says otherwise */
  window: number;
}

/** the settings that a sweep tries at three values */
export const SWEEP_NAMES = ['ppoBeta', 'dpoBeta', 'rewardTimes', 'epochs'] as const;
export type SweepName = (typeof SWEEP_NAMES)[number];

export const RUN_KINDS = ['pretrain', 'finetune', 'reward', 'ppo', 'dpo', 'bestOf'] as const;
export type RunKind = (typeof RUN_KINDS)[number];
/** what a run counts */
export const stepNoun = (kind: RunKind): 'step' | 'iteration' | 'prompt' =>
  kind === 'ppo' ? 'iteration' : kind === 'bestOf' ? 'prompt' : 'step';
export type RunStatus = 'idle' | 'running' | 'paused' | 'done' | 'stopped' | 'failed';
/** no further step will be done */
export const isOver = (status: RunStatus | null | undefined): boolean =>
  status === 'done' || status === 'stopped' || status === 'failed';
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
      /** votes and rankings, learned from together; the rule is inferred from them too */
      opinions: Ranking[];
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
      /** null where a rule alone pays */
      rewardId: string | null;
      rater: Rater;
      /** the policy of an earlier round, to go on from; the distance is still measured from `baseId` */
      startId?: string;
      /** absent in the first */
      round?: number;
      /** where a separate critic begins; the reward model unless this is given */
      valueId?: string;
    }
  /** `baseId` is the policy that is sampled: a base model, or one that was trained already */
  | { kind: 'bestOf'; seed: number; config: BestOfConfig; baseId: string; rewardId: string | null; rater: Rater }
  | {
      kind: 'dpo';
      seed: number;
      config: DpoConfig;
      /** the reference, and where the policy begins unless `startId` is given */
      baseId: string;
      opinions: Ranking[];
      /** as for 'reward'; absent where no rule labels pairs */
      vetoed?: string[];
      useRule?: boolean;
      /** scores fresh texts, for the axis that all methods share; DPO itself needs none */
      rewardId: string | null;
      /** gives fresh texts their gold score; never trained on */
      rater: Rater | null;
      /**
       * the policy of an earlier round, to go on from: then the loss does not begin at ln 2, for policy and reference
       * differ
       */
      startId?: string;
      /** absent in the first */
      round?: number;
    };

export interface EngineInfo {
  backend: BackendName;
  executor: ExecutorName;
  /** of the fused executor on WebAssembly; null elsewhere */
  threads: number | null;
  /** that have come up, of which `threads` play; null where `threads` is */
  threadsUp: number | null;
  /** whether models are made whose products round once; null where that cannot be had */
  fast: boolean | null;
  adapter: string | null;
  /** null when this is the fastest path, otherwise why not */
  reason: string | null;
  crossOriginIsolated: boolean;
}

/** how the kernels of a graphics card are best written, as was found there */
export interface CardTuning {
  adapter: string;
  style: KernelStyleName;
}

/** by the name of the adapter */
export type SwiftestKernels = Readonly<Record<string, KernelStyleName>>;

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
