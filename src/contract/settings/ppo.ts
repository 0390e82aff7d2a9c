/** PPO and its family: one loop, whose members are settings of it (contract/ppoVariants.ts). */
import { TEMPERATURE } from './lab';
import { LORA_GROUP, lora } from './lora';
import { between, choice, type Form, integer, number, RATE, ROWS, type Section, SHARE, STEPS, toggle } from './setting';
import { adamOfPpo } from './training';
import { whichReward } from './whichReward';

/** β under adaptive control: below, a score of order 1 no longer notices it; above, it drowns every score */
export const KL_COEF = { least: 1e-6, most: 1000 } as const;

/** wide: a weight that drowns everything else is a lesson too */
const WEIGHT = between(0, 1e6);
/** 0 is off */
const LIMIT = between(0, 1e9);

const withCritic = ({ advantages }: Section) => advantages === 'gae';
const inGroups = ({ advantages }: Section) => advantages !== 'gae';
const underControl = ({ klControl }: Section) => klControl === 'adaptive';
const withCorpus = ({ ptxCoef }: Section) => Number(ptxCoef) > 0;

const REWARD_ROWS = whichReward('ppo');

export const PPO = {
  iterations: integer({ default: 40, ...STEPS, label: 'Iterations', hint: 'rounds of write, judge, learn' }),
  rollouts: integer({
    default: { tiny: 32, small: 32, medium: 64 },
    ...ROWS,
    label: 'Rollouts each iteration',
    hint: 'more is steadier and slower',
  }),
  completionLength: integer({ default: 24, ...ROWS, label: 'Longest completion', hint: 'tokens' }),
  temperature: number({ ...TEMPERATURE, hint: 'the same in sampling and in every log-probability' }),
  /**
   * a trap on purpose: ratio, divergence and entropy stay those of the whole distribution, from which nothing was drawn
   */
  rolloutTopK: integer({
    default: 0,
    ...between(0, 65_536),
    label: 'Rollouts from the top',
    symbol: 'k',
    words: 'rollouts from the top k',
    hint: 'likeliest tokens, in the rollouts alone: a known mistake to try; 0 draws from all',
    since: { date: '2026-11-30', before: 0 },
  }),
  epochs: integer({ default: 4, min: 1, max: 100, label: 'Epochs', hint: 'passes over each batch of rollouts' }),
  minibatches: integer({ default: 1, ...ROWS, label: 'Minibatches', hint: 'updates per epoch' }),
  learningRate: number({
    default: { tiny: 1e-3, small: 7e-4, medium: 2.5e-4 },
    ...RATE,
    label: 'Learning rate',
    slider: { min: 1e-5, max: 1e-2, step: 0.05, scale: 'log' },
    live: { mark: 'rate' },
    address: 'ppoLr',
  }),
  schedule: choice({
    default: 'linear',
    options: { linear: 'linear to 0', constant: 'constant' },
    label: 'Learning rate schedule',
    hint: 'constant suits experiments with the leash',
    address: 'ppoSchedule',
  }),
  klCoef: number({
    default: 0.1,
    ...between(0, KL_COEF.most),
    label: 'KL coefficient',
    symbol: 'β',
    words: 'β',
    slider: { min: 0, max: 0.5, step: 0.01 },
    live: { mark: 'β' },
  }),
  /**
   * from the sampled token alone (Schulman 2020); 'exact' sums over the vocabulary at every state (TRL 0.7's `full`)
   */
  klEstimator: choice({
    default: 'k1',
    options: {
      k1: 'k1: log-ratio',
      k2: 'k2: squared, halved',
      k3: 'k3: never negative',
      exact: 'exact: over the vocabulary',
    },
    label: 'KL estimator',
    words: 'KL estimator',
    hint: 'how the distance of a token is told',
    source: 'Schulman 2020; TRL',
  }),
  /** per token in the reward (Ziegler et al. 2019), or as a term of the loss (GRPO); there k2 or k3 only */
  klPlacement: choice({
    default: 'reward',
    options: { reward: 'in the reward', loss: 'in the loss, k2 or k3' },
    label: 'Where distance is paid',
    words: 'KL in the',
    source: 'Ziegler et al. 2019; GRPO: Shao et al. 2024',
    since: { date: '2026-11-21', before: 'reward' },
  }),
  klControl: choice({
    default: 'fixed',
    options: { fixed: 'fixed coefficient', adaptive: 'adaptive towards a target' },
    label: 'KL control',
    words: 'KL control',
    source: 'Ziegler et al. 2019, section 2.2',
  }),
  klTarget: number({
    default: 6,
    ...between(1e-6, 1e6),
    label: 'KL target',
    words: 'KL target',
    hint: 'nats per completion, adaptive only',
    live: { mark: 'KL target', since: '2026-11-21' },
    actsWhen: underControl,
  }),
  klHorizon: number({
    default: 1000,
    ...between(1e-6, 1e12),
    label: 'KL horizon',
    words: 'KL horizon',
    hint: 'completions, adaptive only',
    actsWhen: underControl,
  }),
  /** 'gae' needs a critic; 'rloo' and 'grpo' compare several completions of one prompt instead */
  advantages: choice({
    default: 'gae',
    options: { gae: 'GAE, from a critic', rloo: 'RLOO, against the others', grpo: 'GRPO, in units of the group' },
    label: 'Advantages',
    source: 'Schulman et al. 2016; Ahmadian et al. 2024; Shao et al. 2024',
    since: { date: '2026-11-21', before: 'gae' },
  }),
  groupSize: integer({
    default: 4,
    ...between(2, ROWS.max),
    label: 'Completions of each prompt',
    symbol: 'K',
    words: 'completions per prompt',
    hint: 'RLOO and GRPO only; divides the rollouts',
    since: { date: '2026-11-21', before: 4 },
    actsWhen: inGroups,
  }),
  gamma: number({
    default: 1,
    ...SHARE,
    label: 'Discount',
    symbol: 'γ',
    words: 'γ',
    hint: '1: a text is judged as a whole',
    actsWhen: withCritic,
  }),
  lam: number({
    default: 0.95,
    ...SHARE,
    label: 'GAE',
    symbol: 'λ',
    words: 'λ',
    hint: '1 trusts outcomes, 0 trusts the critic',
    actsWhen: withCritic,
  }),
  /** mean 0 and variance 1 over the batch, before the update */
  whitenAdvantages: toggle({ default: true, label: 'Whiten advantages', since: { date: '2026-11-21', before: true } }),
  clipRange: number({
    default: 0.2,
    ...between(0, 100),
    label: 'Clip range',
    symbol: 'ε',
    words: 'clip ε',
    hint: 'how far a token may move in one iteration; 0 is off',
    source: 'Schulman et al. 2017',
  }),
  clipRangeValue: number({
    default: 0.2,
    ...WEIGHT,
    label: 'Value clip range',
    hint: '0 is off',
    actsWhen: withCritic,
  }),
  valueCoef: number({
    default: 0.1,
    ...WEIGHT,
    label: 'Value loss weight',
    hint: '0.1 in lm-human-preferences',
    actsWhen: withCritic,
  }),
  whitenRewards: toggle({ default: false, label: 'Whiten rewards' }),
  missingEosPenalty: number({
    default: 1,
    ...between(-1e6, 1e6),
    label: 'Unfinished text costs',
    words: 'penalty for unfinished texts',
    hint: 'when <eos> is missing',
  }),
  /** its score is lowered by the penalty (TRL), or replaced by its negative (Ziegler et al. 2019) */
  missingEos: choice({
    default: 'subtract',
    options: { subtract: 'subtracted from the score', replace: 'instead of the score' },
    label: 'How it costs',
    words: 'unfinished texts',
    source: 'TRL; Ziegler et al. 2019',
    since: { date: '2026-11-21', before: 'subtract' },
  }),
  /** off, as in the RLHF papers */
  entropyCoef: number({
    default: 0,
    ...WEIGHT,
    label: 'Entropy bonus',
    words: 'entropy bonus',
    hint: 'pays for staying undecided; 0 is off',
    source: 'Mnih et al. 2016',
    live: { mark: 'entropy bonus', since: '2026-11-21' },
    since: { date: '2026-11-21', before: 0 },
  }),
  /** weight of the language-model loss on the corpus, in the same step */
  ptxCoef: number({
    default: 0,
    ...WEIGHT,
    label: 'Corpus mixed in',
    symbol: 'γ',
    words: 'corpus mixed in',
    hint: 'weight of the loss on the corpus, PPO-ptx; 0 is off',
    source: 'Ouyang et al. 2022, eq. 2',
    live: { mark: 'corpus', since: '2026-11-21' },
    since: { date: '2026-11-21', before: 0 },
  }),
  ptxRows: integer({
    default: 32,
    ...ROWS,
    label: 'Corpus rows a step',
    words: 'corpus rows',
    hint: 'PPO-ptx only',
    since: { date: '2026-11-21', before: 32 },
    actsWhen: withCorpus,
  }),
  /** 'separate' starts from the reward model, 'shared' puts a zero head on the policy's trunk */
  valueModel: choice({
    default: 'separate',
    options: { separate: 'its own, from the reward model', shared: 'a head on the policy' },
    label: 'Value model',
    actsWhen: withCritic,
  }),
  /** a minibatch whose mean ratio is above this is skipped */
  maxRatio: number({ default: 10, ...LIMIT, label: 'Skip a minibatch above ratio', hint: 'the valve of TRL 0.7' }),
  /** epochs stop early when the policy moved further than this within one iteration */
  earlyStopKl: number({
    default: 0,
    ...LIMIT,
    label: 'End epochs above step',
    hint: 'nats in one iteration; 0 is off',
  }),
  /** the run stops above this KL from the reference */
  klCeiling: number({
    default: 150,
    ...LIMIT,
    label: 'Stop above KL',
    words: 'KL ceiling',
    hint: 'nats per completion; 0 is off',
  }),
  ...REWARD_ROWS,
  ruleWeight: { ...REWARD_ROWS.ruleWeight, live: { mark: 'weight of the rule', since: '2026-11-30' } },
  /** scores of a reward model have mean 0 and deviation 1 over texts of the base; this undoes it */
  rewardScale: number({
    default: 1,
    ...WEIGHT,
    label: 'Reward times',
    words: 'reward times',
    hint: 'of whichever reward; 1 leaves it as it is',
    since: { date: '2026-11-30', before: 1 },
  }),
  optimizer: adamOfPpo('ppo.'),
  ...lora('ppo'),
};
/** All but the two live knobs in sight, and which reward. */
export const PPO_FORM: Form<typeof PPO> = [
  {
    title: 'Rollouts',
    keys: [
      'iterations',
      'rollouts',
      'completionLength',
      'temperature',
      'rolloutTopK',
      'missingEosPenalty',
      'missingEos',
    ],
  },
  {
    title: 'Policy update',
    keys: [
      'epochs',
      'minibatches',
      'clipRange',
      'schedule',
      'entropyCoef',
      'ptxCoef',
      'ptxRows',
      'maxRatio',
      'earlyStopKl',
    ],
  },
  { title: 'Leash', keys: ['klEstimator', 'klPlacement', 'klControl', 'klTarget', 'klHorizon', 'klCeiling'] },
  {
    title: 'Critic and advantages',
    keys: [
      ...(['advantages', 'groupSize', 'valueModel', 'valueCoef', 'clipRangeValue'] as const),
      ...(['gamma', 'lam', 'rewardScale', 'whitenRewards', 'whitenAdvantages'] as const),
    ],
  },
  LORA_GROUP,
];
