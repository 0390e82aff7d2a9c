import * as v from 'valibot';
import {
  ADVANTAGES,
  BACKENDS,
  COMPARE_TASKS,
  DPO_LOSSES,
  EXECUTORS,
  KL_ESTIMATORS,
  MODEL_SELECTIONS,
  PRESETS,
} from '../../contract/config';
import { RANKING_SIZES } from '../../contract/preferences';

/** Where a key of the address lives in the configuration, and which values it may take. */
export interface UrlKey {
  /** dotted path in LabConfig */
  path: string;
  schema: v.GenericSchema<string, unknown>;
}

const NUMBER = v.pipe(v.string(), v.maxLength(32), v.regex(/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i), v.transform(Number), v.finite());
const between = (min: number, max: number) => v.pipe(NUMBER, v.minValue(min), v.maxValue(max));
const whole = (min: number, max: number) => v.pipe(NUMBER, v.integer(), v.minValue(min), v.maxValue(max));
const share = between(0, 1);
const rate = between(0, 1);
const oneOf = <const T extends readonly string[]>(options: T) => v.pipe(v.string(), v.picklist(options));
const flag = v.pipe(
  v.string(),
  v.picklist(['true', 'false', '1', '0']),
  v.transform((value) => value === 'true' || value === '1'),
);

const optimizerKeys = (prefix: string, section: string): Record<string, UrlKey> => ({
  [`${prefix}beta1`]: { path: `${section}.optimizer.beta1`, schema: between(0, 0.99999) },
  [`${prefix}beta2`]: { path: `${section}.optimizer.beta2`, schema: between(0, 0.999999) },
  [`${prefix}epsilon`]: { path: `${section}.optimizer.epsilon`, schema: between(1e-12, 1) },
  [`${prefix}weightDecay`]: { path: `${section}.optimizer.weightDecay`, schema: between(0, 10) },
  [`${prefix}maxGradNorm`]: { path: `${section}.optimizer.maxGradNorm`, schema: between(0, 1e6) },
});

/**
 * Every key of the address, flat and readable. What is not here is ignored. The bounds are what a page survives, not what is wise:
 * a learning rate of 1 diverges, and seeing that is a lesson.
 */
export const URL_KEYS: Readonly<Record<string, UrlKey>> = {
  preset: { path: 'preset', schema: oneOf(PRESETS) },
  seed: { path: 'seed', schema: whole(0, 2 ** 31 - 1) },
  backend: { path: 'backend', schema: oneOf(['auto', ...BACKENDS]) },
  executor: { path: 'executor', schema: oneOf(['auto', ...EXECUTORS]) },

  layers: { path: 'model.layers', schema: whole(1, 12) },
  width: { path: 'model.width', schema: whole(4, 512) },
  heads: { path: 'model.heads', schema: whole(1, 16) },
  context: { path: 'model.contextLength', schema: whole(8, 512) },
  positions: { path: 'model.positions', schema: oneOf(['learned', 'sinusoidal']) },
  norm: { path: 'model.norm', schema: oneOf(['pre', 'post']) },
  activation: { path: 'model.activation', schema: oneOf(['gelu', 'relu']) },
  tiedHead: { path: 'model.tiedHead', schema: flag },

  happyShare: { path: 'stories.happyShare', schema: share },
  sadShare: { path: 'stories.sadShare', schema: share },
  meanMiddle: { path: 'stories.meanMiddle', schema: between(0, 2) },
  politeShare: { path: 'stories.politeShare', schema: share },
  rudeShare: { path: 'stories.rudeShare', schema: share },
  moodAgreement: { path: 'stories.moodAgreement', schema: share },
  stories: { path: 'stories.stories', schema: whole(100, 200_000) },

  tokenizer: { path: 'text.tokenizer', schema: oneOf(['char', 'word', 'bpe']) },
  vocab: { path: 'text.vocabSize', schema: whole(16, 8192) },
  textHeldOut: { path: 'text.heldOutShare', schema: between(0.01, 0.5) },

  steps: { path: 'pretrain.steps', schema: whole(1, 100_000) },
  batch: { path: 'pretrain.batchSize', schema: whole(1, 512) },
  lr: { path: 'pretrain.learningRate', schema: rate },
  schedule: { path: 'pretrain.schedule', schema: oneOf(['constant', 'linear', 'cosine']) },
  warmup: { path: 'pretrain.warmupSteps', schema: whole(0, 100_000) },
  evalEvery: { path: 'pretrain.evalEvery', schema: whole(1, 10_000) },
  ...optimizerKeys('', 'pretrain'),

  tuneEpochs: { path: 'finetune.epochs', schema: whole(1, 1000) },
  tuneBatch: { path: 'finetune.batchSize', schema: whole(1, 512) },
  tuneLr: { path: 'finetune.learningRate', schema: rate },
  tuneWarmup: { path: 'finetune.warmupSteps', schema: whole(0, 100_000) },
  tuneHeldOut: { path: 'finetune.heldOutShare', schema: between(0, 0.9) },
  tuneSelect: { path: 'finetune.selectBy', schema: oneOf(MODEL_SELECTIONS) },
  tuneSamples: { path: 'finetune.evalSamples', schema: whole(1, 512) },
  tuneTemperature: { path: 'finetune.temperature', schema: between(0.05, 5) },
  ...optimizerKeys('tune.', 'finetune'),

  compare: { path: 'compare.task', schema: oneOf(COMPARE_TASKS) },
  rankingSize: { path: 'compare.rankingSize', schema: whole(RANKING_SIZES.least, RANKING_SIZES.most) },

  pooling: { path: 'reward.pooling', schema: oneOf(['last', 'sum', 'mean']) },
  rewardSteps: { path: 'reward.steps', schema: whole(0, 100_000) },
  rewardBatch: { path: 'reward.batchSize', schema: whole(1, 512) },
  rewardLr: { path: 'reward.learningRate', schema: rate },
  rewardHeadLr: { path: 'reward.headLearningRate', schema: rate },
  rewardWarmup: { path: 'reward.warmupSteps', schema: whole(0, 100_000) },
  rewardHeldOut: { path: 'reward.heldOutShare', schema: between(0, 0.9) },
  normalizeSamples: { path: 'reward.normalizeSamples', schema: whole(2, 4096) },
  ruleLabels: { path: 'reward.ruleLabels', schema: whole(0, 10_000) },
  strengthMargin: { path: 'reward.strengthMargin', schema: between(0, 100) },
  ...optimizerKeys('reward.', 'reward'),

  iterations: { path: 'ppo.iterations', schema: whole(1, 10_000) },
  rollouts: { path: 'ppo.rollouts', schema: whole(2, 1024) },
  completionLength: { path: 'ppo.completionLength', schema: whole(1, 512) },
  temperature: { path: 'ppo.temperature', schema: between(0.05, 5) },
  epochs: { path: 'ppo.epochs', schema: whole(1, 32) },
  minibatches: { path: 'ppo.minibatches', schema: whole(1, 64) },
  ppoLr: { path: 'ppo.learningRate', schema: rate },
  ppoSchedule: { path: 'ppo.schedule', schema: oneOf(['constant', 'linear']) },
  klCoef: { path: 'ppo.klCoef', schema: between(0, 100) },
  klEstimator: { path: 'ppo.klEstimator', schema: oneOf(KL_ESTIMATORS) },
  klPlacement: { path: 'ppo.klPlacement', schema: oneOf(['reward', 'loss']) },
  klControl: { path: 'ppo.klControl', schema: oneOf(['fixed', 'adaptive']) },
  klTarget: { path: 'ppo.klTarget', schema: between(0.001, 1000) },
  klHorizon: { path: 'ppo.klHorizon', schema: between(1, 1e9) },
  advantages: { path: 'ppo.advantages', schema: oneOf(ADVANTAGES) },
  groupSize: { path: 'ppo.groupSize', schema: whole(2, 512) },
  gamma: { path: 'ppo.gamma', schema: share },
  lam: { path: 'ppo.lam', schema: share },
  whitenAdvantages: { path: 'ppo.whitenAdvantages', schema: flag },
  clipRange: { path: 'ppo.clipRange', schema: between(0, 10) },
  clipRangeValue: { path: 'ppo.clipRangeValue', schema: between(0, 1000) },
  valueCoef: { path: 'ppo.valueCoef', schema: between(0, 100) },
  whitenRewards: { path: 'ppo.whitenRewards', schema: flag },
  missingEosPenalty: { path: 'ppo.missingEosPenalty', schema: between(0, 1000) },
  missingEos: { path: 'ppo.missingEos', schema: oneOf(['subtract', 'replace']) },
  entropyCoef: { path: 'ppo.entropyCoef', schema: between(0, 100) },
  ptxCoef: { path: 'ppo.ptxCoef', schema: between(0, 1000) },
  ptxRows: { path: 'ppo.ptxRows', schema: whole(1, 512) },
  valueModel: { path: 'ppo.valueModel', schema: oneOf(['separate', 'shared']) },
  maxRatio: { path: 'ppo.maxRatio', schema: between(1, 1e6) },
  earlyStopKl: { path: 'ppo.earlyStopKl', schema: between(0, 1e6) },
  klCeiling: { path: 'ppo.klCeiling', schema: between(0, 1e6) },
  ...optimizerKeys('ppo.', 'ppo'),

  dpoLoss: { path: 'dpo.loss', schema: oneOf(DPO_LOSSES) },
  beta: { path: 'dpo.beta', schema: between(0.001, 100) },
  labelSmoothing: { path: 'dpo.labelSmoothing', schema: between(0, 0.49) },
  rpoAlpha: { path: 'dpo.rpoAlpha', schema: between(0, 100) },
  dpoSteps: { path: 'dpo.steps', schema: whole(1, 100_000) },
  dpoBatch: { path: 'dpo.batchSize', schema: whole(1, 512) },
  dpoLr: { path: 'dpo.learningRate', schema: rate },
  dpoSchedule: { path: 'dpo.schedule', schema: oneOf(['constant', 'linear', 'cosine']) },
  dpoWarmup: { path: 'dpo.warmupSteps', schema: whole(0, 100_000) },
  dpoHeldOut: { path: 'dpo.heldOutShare', schema: between(0, 0.9) },
  dpoRuleLabels: { path: 'dpo.ruleLabels', schema: whole(0, 10_000) },
  dpoEvalEvery: { path: 'dpo.evalEvery', schema: whole(1, 10_000) },
  dpoSamples: { path: 'dpo.evalSamples', schema: whole(1, 512) },
  dpoTemperature: { path: 'dpo.temperature', schema: between(0.05, 5) },
  ...optimizerKeys('dpo.', 'dpo'),

  bestOfSamples: { path: 'bestOf.samples', schema: whole(2, 256) },
  bestOfPrompts: { path: 'bestOf.prompts', schema: whole(1, 256) },
  bestOfTemperature: { path: 'bestOf.temperature', schema: between(0.05, 5) },

  samplingTemperature: { path: 'sampling.temperature', schema: between(0, 5) },
  topK: { path: 'sampling.topK', schema: whole(0, 10_000) },
  topP: { path: 'sampling.topP', schema: between(0.001, 1) },
};
