/** The other two ways to a better policy: direct preference optimisation, and choosing the best of several. */
import { TEMPERATURE } from './lab';
import { LORA_GROUP, lora } from './lora';
import { between, choice, type Form, integer, number, RATE, ROWS, SHARE, STEPS } from './setting';
import { optimizer, RULE_LABELS } from './training';
import { whichReward } from './whichReward';

export const DPO = {
  /**
   * 'ipoMean' and 'sigmoidMean' take log-probabilities per token. With label smoothing, 'sigmoid' is conservative DPO,
   * and 'robust' the one that flipped labels do not bias.
   */
  loss: choice({
    default: 'sigmoid',
    options: ['sigmoid', 'sigmoidMean', 'robust', 'ipo', 'ipoMean', 'hinge'],
    label: 'Loss',
    address: 'dpoLoss',
  }),
  /** how dear it is to leave the reference; IPO aims at a log-ratio of 1/(2β) */
  beta: number({
    default: 0.5,
    ...between(0, 1000),
    excludes: 'min',
    label: 'Price of distance',
    symbol: 'β',
    words: 'β',
    slider: { min: 0.01, max: 10, step: 0.05, scale: 'log' },
  }),
  /** share of votes assumed to be cast the wrong way; 'sigmoid' and 'robust' only */
  labelSmoothing: number({
    default: 0,
    ...between(0, 0.5),
    excludes: 'max',
    label: 'Votes cast the wrong way',
    symbol: 'ε',
    hint: 'assumed share',
  }),
  /** weight of −mean log π(chosen token) beside the preference (RPO, Pang et al. 2024); 0 is off */
  rpoAlpha: number({
    default: 0,
    ...between(0, 1e6),
    label: 'Fine-tuning term',
    symbol: 'α',
    slider: { min: 0, max: 2, step: 0.1 },
  }),
  steps: integer({
    default: 60,
    ...STEPS,
    label: 'Steps',
    hint: '300 pairs are learned by heart in about 100',
    address: 'dpoSteps',
  }),
  batchSize: integer({ default: 32, ...ROWS, label: 'Pairs in a batch', address: 'dpoBatch' }),
  learningRate: number({
    default: { tiny: 3e-4, small: 2e-4, medium: 1e-4 },
    ...RATE,
    label: 'Learning rate',
    hint: 'a third of what PPO takes',
    address: 'dpoLr',
  }),
  schedule: choice({
    default: 'constant',
    options: { constant: 'constant', linear: 'linear to 0', cosine: 'cosine to a tenth' },
    label: 'Learning rate schedule',
    address: 'dpoSchedule',
  }),
  warmupSteps: integer({ default: 0, min: 0, max: STEPS.max, label: 'Warm-up steps', address: 'dpoWarmup' }),
  heldOutShare: number({
    default: 0.1,
    ...SHARE,
    excludes: 'max',
    label: 'Held-out share',
    hint: 'of the prompts, never trained on',
    address: 'dpoHeldOut',
  }),
  /**
   * the same that a reward model of this seed gets. Off: what is measured of DPO here, and every link, is of votes
   * alone
   */
  ruleLabels: integer({
    default: 0,
    ...RULE_LABELS,
    hint: 'counted apart from your votes; the same as a reward model gets',
    address: 'dpoRuleLabels',
    since: { date: '2026-11-29', before: 0 },
  }),
  /** held-out pairs and fresh texts every so many steps */
  evalEvery: integer({ default: 10, ...STEPS, label: 'Look every', hint: 'steps', address: 'dpoEvalEvery' }),
  evalSamples: integer({ default: 64, ...ROWS, label: 'Fresh texts at a look', address: 'dpoSamples' }),
  /** of the distance from the reference, too */
  temperature: number({
    ...TEMPERATURE,
    hint: 'of the fresh texts; the loss itself is taken at 1',
    address: 'dpoTemperature',
  }),
  optimizer: optimizer('dpo.', { weightDecay: 0 }),
  ...lora('dpo'),
};
/** All but method, β and the fine-tuning term, which stay in sight. */
export const DPO_FORM: Form<typeof DPO> = [
  { title: 'Update', keys: ['steps', 'batchSize', 'learningRate', 'schedule', 'warmupSteps'] },
  { title: 'Pairs', keys: ['ruleLabels'] },
  { title: 'Looking', keys: ['heldOutShare', 'evalEvery', 'evalSamples', 'temperature'] },
  LORA_GROUP,
];

export const BEST_OF = {
  /** completions of each prompt; every N up to it is read off them */
  samples: integer({
    default: 64,
    ...between(2, ROWS.max),
    label: 'Samples of each prompt',
    hint: 'the largest N',
    address: 'bestOfSamples',
  }),
  prompts: integer({
    default: 32,
    ...ROWS,
    label: 'Prompts',
    hint: 'more makes the curves surer',
    address: 'bestOfPrompts',
  }),
  temperature: number({ ...TEMPERATURE, address: 'bestOfTemperature' }),
  ...whichReward('bestOf'),
};
/** All but which reward, which stays in sight. */
export const BEST_OF_FORM: Form<typeof BEST_OF> = [{ title: 'Drawing', keys: ['samples', 'prompts', 'temperature'] }];
