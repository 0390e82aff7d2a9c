/** Pretraining, fine-tuning and the reward model, and the optimiser that all methods share. */
import { ENOUGH_CASES } from '../shares';
import { TEMPERATURE } from './lab';
import { LORA_GROUP, lora } from './lora';
import { between, choice, type Default, type Form, integer, number, RATE, ROWS, SHARE, STEPS } from './setting';

interface OptimizerDefaults {
  beta2: Default<number>;
  epsilon: number;
  weightDecay: Default<number>;
}

/**
 * AdamW of one method; decay acts on matrices only. Loshchilov & Hutter 2019.
 * @param prefix of its keys in the address
 */
export const optimizer = (
  prefix: string,
  { beta2 = 0.95, epsilon = 1e-8, weightDecay = 0.01 }: Partial<OptimizerDefaults> = {},
) => ({
  beta1: number({
    default: 0.9,
    ...SHARE,
    excludes: 'max',
    label: 'Momentum',
    symbol: 'β₁',
    address: `${prefix}beta1`,
  }),
  beta2: number({
    default: beta2,
    ...SHARE,
    excludes: 'max',
    label: 'Second moment',
    symbol: 'β₂',
    address: `${prefix}beta2`,
  }),
  epsilon: number({ default: epsilon, min: 0, max: 1, label: 'Epsilon', symbol: 'ε', address: `${prefix}epsilon` }),
  weightDecay: number({
    default: weightDecay,
    ...between(0, 10),
    label: 'Weight decay',
    hint: 'matrices only',
    address: `${prefix}weightDecay`,
  }),
  /** global norm above which gradients are scaled down */
  maxGradNorm: number({
    default: 1,
    ...between(0, 1e9),
    label: 'Gradient clipping',
    hint: 'global norm; 0 is off',
    address: `${prefix}maxGradNorm`,
  }),
});
/** Adam as in lm-human-preferences: ε 1e-5, no decay. */
export const adamOfPpo = (prefix: string) => optimizer(prefix, { beta2: 0.999, epsilon: 1e-5, weightDecay: 0 });

export const OPTIMIZER_FORM: Form<ReturnType<typeof optimizer>> = [
  { title: 'Optimiser (AdamW)', keys: ['maxGradNorm', 'weightDecay', 'beta1', 'beta2', 'epsilon'] },
];

const WARMUP = { min: 0, max: STEPS.max, label: 'Warm-up steps' } as const;

// Learning rates were measured for models of these sizes, not taken from a paper; fine-tuning and DPO on Tiny only, the
// others follow its ratio to their size.

/**
 * Tiny learns to copy names out of its prompt by taking more steps, smaller ones, on a longer memory of its gradients:
 * tests/scenario/README.md has what was tried.
 */
export const PRETRAIN = {
  steps: integer({ default: { tiny: 1000, small: 500, medium: 500 }, ...STEPS, label: 'Steps' }),
  /** rows of a batch: stories, or windows of the visitor's own text */
  batchSize: integer({
    default: { tiny: 32, small: 64, medium: 64 },
    ...ROWS,
    label: 'Batch',
    hint: 'texts each step',
    address: 'batch',
  }),
  learningRate: number({
    default: { tiny: 5e-3, small: 4e-3, medium: 2e-3 },
    ...RATE,
    label: 'Learning rate',
    address: 'lr',
  }),
  schedule: choice({
    default: 'cosine',
    options: { cosine: 'cosine', linear: 'linear to 0', constant: 'constant' },
    label: 'Schedule',
  }),
  warmupSteps: integer({ default: 50, ...WARMUP, hint: 'the learning rate climbs first', address: 'warmup' }),
  /** held-out loss, fixed-prompt sample and attention every so many steps */
  evalEvery: integer({
    default: { tiny: 50, small: 25, medium: 25 },
    ...STEPS,
    label: 'Look every',
    hint: 'steps between held-out loss, sample and attention',
  }),
  optimizer: optimizer('', { beta2: { tiny: 0.99, small: 0.95, medium: 0.95 } }),
};
/** The four that people turn first. */
export const PRETRAIN_MAIN: Form<typeof PRETRAIN> = [
  { title: 'Training', keys: ['steps', 'batchSize', 'learningRate', 'schedule'] },
];
export const PRETRAIN_MORE: Form<typeof PRETRAIN> = [{ title: 'Rhythm', keys: ['warmupSteps', 'evalEvery'] }];

/** Supervised fine-tuning; the rate follows a cosine to a tenth, as InstructGPT's did. */
export const FINETUNE = {
  /**
   * with 24 demonstrations 4 grant a wish in 7 % of texts and 8 in 54 %, 12 in 88 %; with 200, 4 are enough and the
   * best is kept
   */
  epochs: integer({
    default: 12,
    min: 1,
    max: 10_000,
    label: 'Epochs',
    hint: 'passes over all of them',
    address: 'tuneEpochs',
  }),
  batchSize: integer({
    default: 32,
    ...ROWS,
    label: 'Batch size',
    hint: 'demonstrations in a step',
    address: 'tuneBatch',
  }),
  learningRate: number({
    default: { tiny: 2e-3, small: 1e-3, medium: 5e-4 },
    ...RATE,
    label: 'Learning rate',
    symbol: 'η',
    hint: 'a cosine, to a tenth',
    live: { mark: 'rate' },
    address: 'tuneLr',
  }),
  warmupSteps: integer({ default: 5, ...WARMUP, address: 'tuneWarmup' }),
  heldOutShare: number({
    default: 0.1,
    ...SHARE,
    excludes: 'max',
    label: 'Held-out share',
    hint: 'split by prompt; 0 keeps none back',
    address: 'tuneHeldOut',
  }),
  /**
   * which epoch's model is kept: the least surprised by held-out demonstrations, the one the reward model likes best,
   * or the last
   */
  selectBy: choice({
    default: 'heldOutLoss',
    options: { heldOutLoss: 'with the least held-out loss', score: 'with the best score', last: 'of the last epoch' },
    label: 'Keep the model',
    hint: `of fewer than ${ENOUGH_CASES} held out no loss is chosen by`,
    address: 'tuneSelect',
  }),
  evalSamples: integer({
    default: 64,
    ...ROWS,
    label: 'Texts',
    hint: 'judged after every epoch',
    address: 'tuneSamples',
  }),
  temperature: number({
    ...TEMPERATURE,
    symbol: 'τ',
    hint: 'of those, and of the comparison',
    address: 'tuneTemperature',
  }),
  optimizer: optimizer('tune.'),
  ...lora('tune'),
};
/** The three that people turn first. */
export const FINETUNE_MAIN: Form<typeof FINETUNE> = [
  { title: 'Training', keys: ['epochs', 'learningRate', 'selectBy'] },
];
export const FINETUNE_MORE: Form<typeof FINETUNE> = [
  { title: 'Batches', keys: ['batchSize', 'warmupSteps', 'heldOutShare'] },
  { title: 'Fresh texts', keys: ['evalSamples', 'temperature'] },
  LORA_GROUP,
];

/** pairs labelled by the rule inferred from the visitor's votes */
export const RULE_LABELS = { min: 0, max: 20_000, label: 'Pairs by your rule' } as const;

export const REWARD = {
  /** from many hidden states to one number */
  pooling: choice({ default: 'last', options: ['last', 'sum', 'mean'], label: 'Pooling' }),
  steps: integer({
    default: 0,
    ...between(0, STEPS.max),
    label: 'Steps',
    hint: '0: chosen from the number of pairs',
    address: 'rewardSteps',
  }),
  /** comparisons in a batch; a ranking of 4 brings 6 at once */
  batchSize: integer({ default: 32, ...ROWS, label: 'Batch size', hint: 'pairs in a step', address: 'rewardBatch' }),
  learningRate: number({
    default: { tiny: 2e-3, small: 1e-3, medium: 1e-3 },
    ...RATE,
    label: 'Learning rate',
    symbol: 'η',
    hint: 'of the trunk; decays to 0',
    address: 'rewardLr',
  }),
  headLearningRate: number({
    default: 1e-2,
    ...RATE,
    label: 'Head learning rate',
    hint: 'the head starts at zero and may run',
    address: 'rewardHeadLr',
  }),
  warmupSteps: integer({ default: 5, ...WARMUP, address: 'rewardWarmup' }),
  heldOutShare: number({
    default: 0.2,
    ...SHARE,
    excludes: 'max',
    label: 'Held-out share',
    hint: 'split by prompt',
    address: 'rewardHeldOut',
  }),
  /** completions of the base model by which scores are set to mean 0, standard deviation 1 (lm-human-preferences) */
  normalizeSamples: integer({
    default: 256,
    ...between(0, 4096),
    label: 'Normalising texts',
    hint: 'scores get mean 0, deviation 1 over them',
  }),
  ruleLabels: integer({ default: 600, ...RULE_LABELS, hint: 'counted apart from your votes' }),
  /** acts only where a rater said how strongly */
  strengthMargin: number({
    default: 1,
    ...between(0, 100),
    label: 'Strength margin',
    hint: 'score by which “much better” should win; acts where a vote or ranking says how strongly',
    source: 'Llama 2, eq. 2',
    since: { date: '2026-11-21', before: 1 },
  }),
  optimizer: optimizer('reward.', { weightDecay: 0 }),
  ...lora('reward'),
};
/** All but the pooling, which stands on the stage itself. */
export const REWARD_FORM: Form<typeof REWARD> = [
  { title: 'Training', keys: ['steps', 'batchSize', 'learningRate', 'headLearningRate', 'warmupSteps'] },
  { title: 'Pairs', keys: ['ruleLabels', 'strengthMargin', 'heldOutShare', 'normalizeSamples'] },
  LORA_GROUP,
];
