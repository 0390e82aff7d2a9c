/**
 * Every hyperparameter of the lab, spelled once. Pages, threads, links and saved runs all use these shapes.
 * A default that comes from a paper says so; "tiny" marks one that was measured on models of this size.
 */

export const BACKENDS = ['webgpu', 'wasm', 'webgl', 'cpu'] as const;
export type BackendName = (typeof BACKENDS)[number];

export const EXECUTORS = ['fused', 'portable'] as const;
export type ExecutorName = (typeof EXECUTORS)[number];

export const PRESETS = ['tiny', 'small', 'medium'] as const;
/** those that ship with the page as trained models */
export const SHIPPED: readonly PresetName[] = ['tiny', 'small'];
export type PresetName = (typeof PRESETS)[number];

/** GPT-2 by default; each switch brings back one choice of Vaswani et al. 2017. */
export interface ModelConfig {
  vocabSize: number;
  /** longest sequence the model can read, in tokens */
  contextLength: number;
  layers: number;
  heads: number;
  /** C, a multiple of `heads` */
  width: number;
  positions: 'learned' | 'sinusoidal';
  norm: 'pre' | 'post';
  activation: 'gelu' | 'relu';
  /** true: the output layer is the token embedding, transposed (GPT-2) */
  tiedHead: boolean;
}

export type ScheduleConfig =
  | { type: 'constant'; warmupSteps: number }
  | { type: 'linear'; warmupSteps: number; totalSteps: number }
  | { type: 'cosine'; warmupSteps: number; totalSteps: number; minLearningRate: number };

/** Loshchilov & Hutter 2019; decay acts on matrices only. */
export interface OptimizerConfig {
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** global norm above which gradients are scaled down; 0 turns clipping off */
  maxGradNorm: number;
}

/**
 * Below this temperature sampling is greedy: the likeliest token is taken, of equals the one of lowest id. Here a token whose logit is
 * 0.02 lower is already e⁻²⁰ times as likely, and not far below it logits divided by the temperature leave single precision.
 */
export const GREEDY_BELOW = 1e-3;

/** in single precision, as a graphics card decides it */
export const isGreedy = (temperature: number): boolean => !(Math.fround(temperature) >= Math.fround(GREEDY_BELOW));

export interface SamplingConfig {
  /** below GREEDY_BELOW it is greedy */
  temperature: number;
  /** 0 is off */
  topK: number;
  /** 1 is off */
  topP: number;
}

/** What the grammar of micro-stories is asked for. Shares are probabilities. */
export interface StoryConfig {
  happyShare: number;
  sadShare: number;
  /** expected number of middle sentences, 0–2 */
  meanMiddle: number;
  politeShare: number;
  rudeShare: number;
  /** how strongly the middle of a story agrees with its ending: 0 not at all, 1 as shipped */
  moodAgreement: number;
  stories: number;
}

export interface TextConfig {
  tokenizer: 'char' | 'word' | 'bpe';
  /** for word and bpe: most tokens the vocabulary may hold */
  vocabSize: number;
  heldOutShare: number;
}

export interface PretrainConfig {
  steps: number;
  /** rows of a batch: stories, or windows of the visitor's own text */
  batchSize: number;
  learningRate: number;
  schedule: 'constant' | 'linear' | 'cosine';
  warmupSteps: number;
  /** held-out loss, fixed-prompt sample and attention every so many steps */
  evalEvery: number;
  optimizer: OptimizerConfig;
}

export type Pooling = 'last' | 'sum' | 'mean';

export interface RewardConfig {
  pooling: Pooling;
  steps: number;
  /** comparisons in a batch; a ranking of 4 brings 6 at once */
  batchSize: number;
  /** 0: chosen from the number of pairs, as measured for tiny models */
  learningRate: number;
  headLearningRate: number;
  warmupSteps: number;
  heldOutShare: number;
  /** completions of the base model by which scores are set to mean 0, standard deviation 1 (lm-human-preferences) */
  normalizeSamples: number;
  /** pairs labelled by the rule inferred from the visitor's votes */
  ruleLabels: number;
  /** score by which one unit of strength should win (Llama 2, eq. 2); acts only where a rater said how strongly */
  strengthMargin: number;
  optimizer: OptimizerConfig;
}

/** Which epoch's model is kept: the least surprised by held-out demonstrations, the one the reward model likes best, or the last. */
export const MODEL_SELECTIONS = ['heldOutLoss', 'score', 'last'] as const;
export type ModelSelection = (typeof MODEL_SELECTIONS)[number];

/** Supervised fine-tuning; the rate follows a cosine to a tenth, as InstructGPT's did. */
export interface FineTuneConfig {
  epochs: number;
  /** demonstrations in a batch */
  batchSize: number;
  learningRate: number;
  warmupSteps: number;
  /** share of the prompts whose demonstrations are never trained on */
  heldOutShare: number;
  selectBy: ModelSelection;
  /** fresh texts judged after every epoch */
  evalSamples: number;
  /** of those texts, and of the distributions that the distance from the base is measured between */
  temperature: number;
  optimizer: OptimizerConfig;
}

/** 'ipoMean' is IPO on log-probabilities per token. With label smoothing, 'sigmoid' is conservative DPO. */
export const DPO_LOSSES = ['sigmoid', 'ipo', 'ipoMean'] as const;
export type DpoLossName = (typeof DPO_LOSSES)[number];

export interface DpoConfig {
  loss: DpoLossName;
  /** how dear it is to leave the reference; IPO aims at a log-ratio of 1/(2β) */
  beta: number;
  /** share of votes assumed to be cast the wrong way, below 0.5; 'sigmoid' only */
  labelSmoothing: number;
  /** weight of −mean log π(chosen token) beside the preference (RPO, Pang et al. 2024); 0 is off */
  rpoAlpha: number;
  steps: number;
  /** pairs in a batch */
  batchSize: number;
  learningRate: number;
  schedule: 'constant' | 'linear' | 'cosine';
  warmupSteps: number;
  heldOutShare: number;
  /** pairs labelled by the rule inferred from the visitor's votes, the same that a reward model of this seed gets; 0 is off */
  ruleLabels: number;
  /** held-out pairs and fresh texts every so many steps */
  evalEvery: number;
  evalSamples: number;
  /** of the fresh texts and of the distance from the reference; the loss itself is always taken at 1 */
  temperature: number;
  optimizer: OptimizerConfig;
}

/** from the sampled token alone (Schulman 2020) */
export const SAMPLED_KL_ESTIMATORS = ['k1', 'k2', 'k3'] as const;
export type SampledKlEstimator = (typeof SAMPLED_KL_ESTIMATORS)[number];
/** 'exact' sums over the vocabulary at every state (TRL 0.7's `full`) */
export const KL_ESTIMATORS = [...SAMPLED_KL_ESTIMATORS, 'exact'] as const;
export type KlEstimator = (typeof KL_ESTIMATORS)[number];

/** 'gae' needs a critic; 'rloo' and 'grpo' compare several completions of one prompt instead */
export const ADVANTAGES = ['gae', 'rloo', 'grpo'] as const;
export type AdvantageEstimator = (typeof ADVANTAGES)[number];

/** β under adaptive control: below, a score of order 1 no longer notices it; above, it drowns every score */
export const KL_COEF = { least: 1e-6, most: 1000 } as const;
/** so much of a deviation from the target distance counts (Ziegler et al. 2019) */
export const KL_ERROR_CLIP = 0.2;

export interface PpoConfig {
  iterations: number;
  rollouts: number;
  completionLength: number;
  temperature: number;
  epochs: number;
  minibatches: number;
  learningRate: number;
  schedule: 'constant' | 'linear';
  klCoef: number;
  klEstimator: KlEstimator;
  /** where the distance is paid: per token in the reward (Ziegler et al. 2019), or as a term of the loss (GRPO); there k2 or k3 only */
  klPlacement: 'reward' | 'loss';
  klControl: 'fixed' | 'adaptive';
  /** nats per completion, for adaptive control */
  klTarget: number;
  klHorizon: number;
  advantages: AdvantageEstimator;
  /** K completions of each prompt, for 'rloo' and 'grpo'; divides `rollouts` */
  groupSize: number;
  gamma: number;
  lam: number;
  /** mean 0 and variance 1 over the batch, before the update */
  whitenAdvantages: boolean;
  /** 0 is off */
  clipRange: number;
  /** 0 is off */
  clipRangeValue: number;
  valueCoef: number;
  whitenRewards: boolean;
  missingEosPenalty: number;
  /** an unfinished text's score is lowered by the penalty (TRL), or replaced by its negative (Ziegler et al. 2019) */
  missingEos: 'subtract' | 'replace';
  /** weight of the entropy bonus (Mnih et al. 2016); 0 is off, as in the RLHF papers */
  entropyCoef: number;
  /** weight of the language-model loss on the corpus, in the same step (PPO-ptx, Ouyang et al. 2022); 0 is off */
  ptxCoef: number;
  /** rows of the corpus in each of those batches */
  ptxRows: number;
  /** 'separate' starts from the reward model, 'shared' puts a zero head on the policy's trunk */
  valueModel: 'separate' | 'shared';
  /** a minibatch whose mean ratio is above this is skipped (TRL 0.7) */
  maxRatio: number;
  /** epochs stop early when the policy moved further than this within one iteration, nats; 0 is off */
  earlyStopKl: number;
  /** the run stops above this KL from the reference, nats per completion; 0 is off */
  klCeiling: number;
  optimizer: OptimizerConfig;
}

export interface BestOfConfig {
  /** completions of each prompt; every N up to it is read off them */
  samples: number;
  prompts: number;
  temperature: number;
}

/** A whole experiment. The same value, seed included, gives the same run on the portable executor. */
export const COMPARE_TASKS = ['pairs', 'rankings'] as const;
/** What a visitor is asked on Compare. */
export interface CompareConfig {
  /** which of two is better, or an order of several */
  task: (typeof COMPARE_TASKS)[number];
  /** K, completions of one prompt that are ranked together; InstructGPT's raters saw 4 to 9 */
  rankingSize: number;
}

export interface LabConfig {
  preset: PresetName;
  seed: number;
  backend: BackendName | 'auto';
  executor: ExecutorName | 'auto';
  model: Omit<ModelConfig, 'vocabSize'>;
  stories: StoryConfig;
  text: TextConfig;
  pretrain: PretrainConfig;
  finetune: FineTuneConfig;
  compare: CompareConfig;
  reward: RewardConfig;
  ppo: PpoConfig;
  dpo: DpoConfig;
  bestOf: BestOfConfig;
  sampling: SamplingConfig;
}

/** The knobs that act while PPO runs, from the next iteration on. Everything else takes effect with the next run. */
export const LIVE_KNOBS = ['klCoef', 'learningRate', 'klTarget', 'entropyCoef', 'ptxCoef'] as const satisfies readonly (keyof PpoConfig)[];
export type LiveKnobs = Partial<Pick<PpoConfig, (typeof LIVE_KNOBS)[number]>>;

const ADAMW: OptimizerConfig = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.01, maxGradNorm: 1 };
/** Adam as in lm-human-preferences: ε 1e-5, no decay. */
const PPO_ADAM: OptimizerConfig = { beta1: 0.9, beta2: 0.999, epsilon: 1e-5, weightDecay: 0, maxGradNorm: 1 };

const SHAPES: Record<PresetName, Pick<ModelConfig, 'layers' | 'width' | 'heads'>> = {
  tiny: { layers: 2, width: 64, heads: 2 },
  small: { layers: 3, width: 96, heads: 3 },
  medium: { layers: 4, width: 128, heads: 4 },
};
/** Measured for models of these sizes, not from a paper; fine-tuning and DPO on Tiny only, the others follow its ratio to their size. */
const RATES: Record<PresetName, { pretrain: number; finetune: number; reward: number; ppo: number; dpo: number }> = {
  tiny: { pretrain: 5e-3, finetune: 2e-3, reward: 2e-3, ppo: 1e-3, dpo: 3e-4 },
  small: { pretrain: 4e-3, finetune: 1e-3, reward: 1e-3, ppo: 7e-4, dpo: 2e-4 },
  medium: { pretrain: 2e-3, finetune: 5e-4, reward: 1e-3, ppo: 2.5e-4, dpo: 1e-4 },
};

/** @returns the recommended experiment of a preset, a fresh object */
export function presetConfig(preset: PresetName, seed = 1): LabConfig {
  const rates = RATES[preset];
  return {
    preset,
    seed,
    backend: 'auto',
    executor: 'auto',
    model: { ...SHAPES[preset], contextLength: 48, positions: 'learned', norm: 'pre', activation: 'gelu', tiedHead: true },
    stories: { happyShare: 0.35, sadShare: 0.35, meanMiddle: 0.95, politeShare: 0.14, rudeShare: 0.06, moodAgreement: 1, stories: 20_000 },
    text: { tokenizer: 'char', vocabSize: 512, heldOutShare: 0.1 },
    pretrain: {
      steps: 500,
      batchSize: 64,
      learningRate: rates.pretrain,
      schedule: 'cosine',
      warmupSteps: 50,
      evalEvery: 25,
      optimizer: { ...ADAMW },
    },
    finetune: {
      epochs: 12, // with 24 demonstrations 4 grant a wish in 7 % of texts and 8 in 54 %, 12 in 88 %; with 200, 4 are enough and the best is kept
      batchSize: 32,
      learningRate: rates.finetune,
      warmupSteps: 5,
      heldOutShare: 0.1,
      selectBy: 'heldOutLoss',
      evalSamples: 64,
      temperature: 0.7,
      optimizer: { ...ADAMW },
    },
    compare: { task: 'pairs', rankingSize: 4 },
    reward: {
      pooling: 'last',
      steps: 0,
      batchSize: 32,
      learningRate: rates.reward,
      headLearningRate: 1e-2,
      warmupSteps: 5,
      heldOutShare: 0.2,
      normalizeSamples: 256,
      ruleLabels: 600,
      strengthMargin: 1,
      optimizer: { ...ADAMW, weightDecay: 0 },
    },
    ppo: {
      iterations: 40,
      rollouts: preset === 'medium' ? 64 : 32,
      completionLength: 24,
      temperature: 0.7,
      epochs: 4,
      minibatches: 1,
      learningRate: rates.ppo,
      schedule: 'linear',
      klCoef: 0.1,
      klEstimator: 'k1',
      klPlacement: 'reward',
      klControl: 'fixed',
      klTarget: 6,
      klHorizon: 1000,
      advantages: 'gae',
      groupSize: 4,
      gamma: 1,
      lam: 0.95,
      whitenAdvantages: true,
      clipRange: 0.2,
      clipRangeValue: 0.2,
      valueCoef: 0.1,
      whitenRewards: false,
      missingEosPenalty: 1,
      missingEos: 'subtract',
      entropyCoef: 0,
      ptxCoef: 0,
      ptxRows: 32,
      valueModel: 'separate',
      maxRatio: 10,
      earlyStopKl: 0,
      klCeiling: 150,
      optimizer: { ...PPO_ADAM },
    },
    dpo: {
      loss: 'sigmoid',
      beta: 0.5,
      labelSmoothing: 0,
      rpoAlpha: 0,
      steps: 60,
      batchSize: 32,
      learningRate: rates.dpo,
      schedule: 'constant',
      warmupSteps: 0,
      heldOutShare: 0.1,
      ruleLabels: 0, // off: what is measured of DPO here, and every link, is of votes alone
      evalEvery: 10,
      evalSamples: 64,
      temperature: 0.7,
      optimizer: { ...ADAMW, weightDecay: 0 },
    },
    bestOf: { samples: 64, prompts: 32, temperature: 0.7 },
    sampling: { temperature: 0.7, topK: 0, topP: 1 },
  };
}
