/**
 * The lab's half: the page's own loops on the shipped Tiny, and for the other half the same model, rows in the order in
 * which they were learned from, prompts in the order in which they were drawn, and settings.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CheckpointFile } from '../../../src/contract/checkpoint';
import type { DpoConfig, OptimizerConfig, PpoConfig, RewardConfig } from '../../../src/contract/config';
import type { Vote } from '../../../src/contract/preferences';
import type { CausalNetwork } from '../../../src/core/model/causalNetwork';
import { openCheckpoint, saveCheckpoint } from '../../../src/core/model/checkpoint';
import { maskedMean } from '../../../src/core/tensor/masked';
import type { PreferencePair } from '../../../src/core/text/pairs';
import { pairsOf } from '../../../src/core/text/rankings';
import { tf } from '../../../src/core/tf';
import { batchOfStep } from '../../../src/core/train/batches';
import { dpo } from '../../../src/core/train/dpo';
import { DpoRun } from '../../../src/core/train/dpoRun';
import { exactKlPerToken } from '../../../src/core/train/measure';
import { ppo } from '../../../src/core/train/ppo';
import { drawPrompts } from '../../../src/core/train/ppoRelatives';
import { PpoRun } from '../../../src/core/train/ppoRun';
import { trainRewardModel } from '../../../src/core/train/rewardModel';
import { RewardRun } from '../../../src/core/train/rewardRun';
import { disposeTexts, encodeTexts } from '../../../src/core/train/texts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/formats/checkpoint';
import { SCRIPTS } from '../../../src/formats/cluster/scripts';
import { transformersFolder } from '../../../src/formats/transformers/folder';
import { HAPPY, type Lab, openLab, trainReward, votesOf } from '../../scenario/lab';
import { addTo, type Curves, type Method } from './curves';

const now = (): number => performance.now();
const TINY = 'public/checkpoints/tiny.safetensors';
const VOTES = 300;
/** steps between two looks at held-out pairs */
const LOOK_EVERY = 5;

/** AdamW as both have it: no decay, so that which tensors decay makes no difference */
const OPTIMIZER: OptimizerConfig = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 };
/** of the two that write: an update is a step, nothing is clipped by its norm, since losses differ by a factor */
const OPTIMIZER_ONLINE: OptimizerConfig = { ...OPTIMIZER, beta2: 0.999, maxGradNorm: 0 };

type Rows = readonly object[];
/** What the other half is given. */
export interface Job {
  method: Method;
  seed: number;
  steps: number;
  batchSize: number;
  learningRate: number;
  optimizer: OptimizerConfig;
  lookEvery: number;
  [more: string]: unknown;
}

function write(folder: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

const lines = (rows: Rows): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

function writeModel(folder: string, name: string, file: CheckpointFile): void {
  for (const [part, bytes] of transformersFolder(file)) write(folder, `models/${name}/${part}`, bytes);
}

/** words stand apart, and transformers joins texts as they are */
const rowOf = ({ prompt, chosen, rejected }: PreferencePair) => ({ prompt: `${prompt} `, chosen, rejected });

/** votes on texts that end by themselves: the lab leaves out the end of one that fills its room, TRL writes it */
async function endedVotes(lab: Lab): Promise<Vote[]> {
  const { tokenizer, completionLength } = lab.corpus;
  const ends = (text: string): boolean => tokenizer.encode(text).length < completionLength;
  return (await votesOf(lab, VOTES, 2)).filter(({ completions }) => completions.every(ends));
}

/** @returns pairs of all steps, one after the other */
const inOrder = <T>(list: readonly T[], steps: number, batch: number, run: { stream: DpoRun['stream'] }): T[] =>
  Array.from({ length: steps }, (_, step) => batchOfStep(list, step, batch, (purpose) => run.stream(purpose))).flat();

/** mean KL(π ‖ π_ref) over the tokens of the chosen sides, nats */
function klOn({ corpus, base }: Lab, policy: CausalNetwork, pairs: readonly PreferencePair[]): number {
  const texts = encodeTexts(
    corpus,
    pairs.map(({ prompt, chosen }) => ({ prompt, completion: chosen })),
  );
  const [mean] = tf
    .tidy(() => maskedMean<tf.Scalar>(exactKlPerToken(policy, base, texts, 1), texts.completionMask))
    .dataSync();
  disposeTexts(texts);
  return mean!;
}

type Half = { job: Job; curves: Curves };

async function dpoHalf(lab: Lab, folder: string): Promise<Half> {
  const config: DpoConfig = { ...lab.config.dpo, evalEvery: LOOK_EVERY, evalSamples: 4, optimizer: OPTIMIZER };
  const { seed, base, corpus } = lab;
  const opinions = await endedVotes(lab);
  const run = new DpoRun({ seed, config, base, corpus, opinions, rater: null, rewardModel: null });
  const { steps, batchSize, learningRate, beta } = config;
  write(folder, 'data/preferences.jsonl', lines(inOrder(run.curriculum, steps, batchSize, run).map(rowOf)));
  write(folder, 'data/held-out.jsonl', lines(run.heldOut.map(rowOf)));
  const curves: Curves = {};
  for await (const { step, metrics } of dpo(run, now)) {
    const looked = metrics['eval_rewards/accuracies'];
    addTo(curves, step, {
      loss: metrics['dpo/loss'],
      'reward margin': metrics['rewards/margins'],
      accuracy: metrics['rewards/accuracies'],
      'held-out accuracy': looked,
      'KL, nats a token': looked === undefined ? undefined : klOn(lab, run.policy, run.heldOut),
    });
  }
  run.dispose();
  const shared = { seed, steps, batchSize, learningRate, optimizer: OPTIMIZER, lookEvery: LOOK_EVERY };
  return { job: { method: 'dpo', ...shared, beta }, curves };
}

const REWARD_STEPS = 60;
/** between two looks of the lab's own */
const REVIEW_EVERY = 10;

async function rewardHalf(lab: Lab, folder: string): Promise<Half> {
  const { seed, base, corpus, config: all } = lab;
  const { learningRate, batchSize } = all.reward;
  const config: RewardConfig = {
    ...all.reward,
    steps: REWARD_STEPS,
    // TRL has one rate, and no warm-up of which the first step is more than 0
    ...{ headLearningRate: learningRate, warmupSteps: 0, normalizeSamples: 32 },
    optimizer: OPTIMIZER,
  };
  const run = await RewardRun.create({ seed, config, base, corpus, opinions: await endedVotes(lab), taste: null });
  const rows = inOrder(run.curriculum, REWARD_STEPS, batchSize, run).flatMap(pairsOf);
  write(folder, 'data/preferences.jsonl', lines(rows.map(rowOf)));
  write(folder, 'data/held-out.jsonl', lines(run.heldOutPairs.map(rowOf)));
  const curves: Curves = {};
  for await (const { step, metrics } of trainRewardModel(run, now))
    addTo(curves, step, {
      loss: metrics['reward/loss'],
      margin: metrics['reward/margin'],
      accuracy: metrics['reward/trainAccuracy'],
      'held-out accuracy': metrics['reward/accuracy'],
    });
  run.dispose();
  const shared = { seed, steps: REWARD_STEPS, batchSize, learningRate, optimizer: OPTIMIZER };
  return { job: { method: 'reward', ...shared, lookEvery: REVIEW_EVERY }, curves };
}

const ONLINE: Partial<PpoConfig> = {
  ...{ iterations: 40, rollouts: 64, temperature: 1, schedule: 'constant', missingEosPenalty: 0 },
  ...{ klCoef: 0.05, klEstimator: 'k1', klPlacement: 'reward', klControl: 'fixed', klCeiling: 0 },
};
const RLOO: Partial<PpoConfig> = {
  ...ONLINE,
  ...{ advantages: 'rloo', groupSize: 4, epochs: 1, minibatches: 1, whitenAdvantages: false },
};
const PPO: Partial<PpoConfig> = { ...ONLINE, advantages: 'gae', valueModel: 'separate', epochs: 4, minibatches: 1 };

/** what pays both: a reward model of this seed, as its file says it */
async function judgeOf(lab: Lab, folder: string): Promise<CausalNetwork> {
  const network = await trainReward(lab, await votesOf(lab, VOTES, 3), { optimizer: OPTIMIZER });
  writeModel(folder, 'reward', await fileOf(network));
  return network;
}

async function fileOf(network: CausalNetwork): Promise<CheckpointFile> {
  const { meta } = decodeCheckpoint(readFileSync(TINY));
  return decodeCheckpoint(
    encodeCheckpoint(await saveCheckpoint(network, { ...meta, kind: 'reward', pooling: 'last' })),
  );
}

/**
 * A critic begins as the reward model, and learns w and b of gain · (w·h + b) + shift: the file that transformers opens
 * has all of that in one weight, so here it gets w alone and the rest beside it.
 */
async function splitHead(network: CausalNetwork, folder: string) {
  const { meta, tensors } = await fileOf(network);
  const { gain, bias: shift } = meta.scoreScale;
  const own = tensors['score.bias']!;
  const bare = { ...tensors, 'score.bias': { shape: own.shape, data: Float32Array.of(0) } };
  writeModel(folder, 'reward', { meta: { ...meta, scoreScale: { gain: 1, bias: 0 } }, tensors: bare });
  return { bias: own.data[0]!, gain, shift };
}

async function onlineHalf(lab: Lab, folder: string, method: 'rloo' | 'ppo'): Promise<Half> {
  const { seed, base, corpus } = lab;
  const config: PpoConfig = {
    ...lab.config.ppo,
    ...(method === 'rloo' ? RLOO : PPO),
    optimizer: OPTIMIZER_ONLINE,
  };
  const rewardModel = await judgeOf(lab, folder);
  const head = method === 'ppo' ? await splitHead(rewardModel, folder) : null;
  const run = new PpoRun({ seed, config, base, rewardModel, pooling: 'last', corpus, rater: HAPPY });
  const asked: string[] = [];
  for (; run.iteration < run.totalSteps; run.iteration++) asked.push(...drawPrompts(run));
  run.iteration = 0;
  const apart = method === 'rloo' ? asked.filter((_, i) => i % config.groupSize === 0) : asked;
  write(folder, 'data/prompts.jsonl', lines(apart.map((prompt) => ({ prompt: `${prompt} ` }))));
  const curves: Curves = {};
  for await (const { phase, step, metrics } of ppo(run)) {
    if (phase !== null || !metrics) continue;
    addTo(curves, step, {
      score: metrics['objective/scores'],
      'KL, nats a text': metrics['objective/kl'],
      'entropy, nats a token': metrics['policy/entropy_avg'],
      loss: metrics['loss/policy_avg'],
      'value loss': metrics['loss/value_avg'],
    });
  }
  run.dispose();
  rewardModel.dispose();
  const { iterations: steps, rollouts: batchSize, ...rest } = config;
  const { optimizer: _, ...settings } = rest;
  const shared = { seed, steps, batchSize, optimizer: OPTIMIZER_ONLINE, lookEvery: LOOK_EVERY };
  const completionLength = Math.min(config.completionLength, corpus.completionLength);
  return { job: { method, ...shared, ...settings, completionLength, head }, curves };
}

const HALVES: Record<Method, (lab: Lab, folder: string) => Promise<Half>> = {
  dpo: dpoHalf,
  reward: rewardHalf,
  rloo: (lab, folder) => onlineHalf(lab, folder, 'rloo'),
  ppo: (lab, folder) => onlineHalf(lab, folder, 'ppo'),
};

/** Runs the lab's half of a seed and leaves in the folder all that the other half needs. */
export async function labHalf(method: Method, seed: number, folder: string): Promise<Curves> {
  const file = decodeCheckpoint(readFileSync(TINY));
  openCheckpoint(file);
  writeModel(folder, 'policy', file);
  write(folder, 'common.py', SCRIPTS['common.py']!);
  write(folder, 'settings.json', JSON.stringify({ ends: true }));
  const lab = openLab(seed);
  const { job, curves } = await HALVES[method](lab, folder);
  lab.base.dispose();
  write(folder, 'job.json', JSON.stringify(job));
  return curves;
}
