/**
 * What the learning checks share: the shipped Tiny model, its corpus, simulated votes, and one way to judge a policy.
 */
import { readFileSync } from 'node:fs';
import {
  type LabConfig,
  type Pooling,
  type PpoConfig,
  presetConfig,
  type RewardConfig,
} from '../../src/contract/config';
import type { Rater, Vote } from '../../src/contract/preferences';
import { klPerCompletion } from '../../src/core/losses/kl';
import type { CausalNetwork } from '../../src/core/model/causalNetwork';
import { openCheckpoint } from '../../src/core/model/checkpoint';
import { Random } from '../../src/core/tensor/random';
import type { Corpus } from '../../src/core/text/corpus';
import type { PreferencePair } from '../../src/core/text/pairs';
import { comparisonsFrom, pairsOf } from '../../src/core/text/rankings';
import { createStoryCorpus } from '../../src/core/text/storyCorpus';
import { tf } from '../../src/core/tf';
import { ppo } from '../../src/core/train/ppo';
import { PpoRun } from '../../src/core/train/ppoRun';
import { trainRewardModel } from '../../src/core/train/rewardModel';
import { scorePairs, scoreTexts } from '../../src/core/train/rewardReview';
import { RewardRun } from '../../src/core/train/rewardRun';
import type { LabelRule } from '../../src/core/train/ruleLabels';
import {
  type Completion,
  complete,
  disposeBatch,
  disposeTexts,
  encodePrompts,
  encodeTexts,
  shareOf,
} from '../../src/core/train/texts';
import { decodeCheckpoint } from '../../src/formats/checkpoint';
import { simulateVotes } from '../../src/worker/pairing';
import { distinctShare } from './judge';

export const HAPPY: Rater = { name: 'happy' };
export const AS_IS = { temperature: 1, topK: 0, topP: 1 };
const EVALUATION_PROMPTS = 200;
const ROWS = 50;
const now = (): number => performance.now();
export const noWait = async (): Promise<void> => {};

/** The lab of one seed. The base model is the same for all. */
export interface Lab {
  seed: number;
  config: LabConfig;
  corpus: Corpus;
  base: CausalNetwork;
  /** whose taste is voted by and judged by */
  rater: Rater;
}

export function openLab(seed: number, rater: Rater = HAPPY): Lab {
  const config = presetConfig('tiny', seed);
  const { createNetwork } = openCheckpoint(
    decodeCheckpoint(new Uint8Array(readFileSync('public/checkpoints/tiny.safetensors'))),
  );
  return { seed, config, corpus: createStoryCorpus(config.stories, 1), base: createNetwork('base'), rater };
}

/**
 * Noise-free votes of the rater on pairs at temperature 1, ties dropped. `purpose` keeps training and held-out votes
 * apart.
 */
export function votesOf(
  { corpus, base, seed, rater }: Lab,
  count: number,
  purpose: number,
  writer: CausalNetwork = base,
): Promise<Vote[]> {
  const options = { rater, count, noise: 0, seed: 100 * seed + purpose, sampling: AS_IS };
  return simulateVotes({ policyId: writer.name, network: writer, corpus }, options, noWait);
}

/** 300 pairs that no reward model of this lab was trained on. */
export const heldOutPairs = async (lab: Lab): Promise<PreferencePair[]> =>
  comparisonsFrom(await votesOf(lab, 300, 99)).flatMap(pairsOf);

export async function accuracyOn(
  lab: Lab,
  network: CausalNetwork,
  pooling: Pooling,
  pairs: readonly PreferencePair[],
): Promise<number> {
  const { chosen, rejected } = await scorePairs(network, lab.corpus, pairs, pooling);
  return chosen.filter((score, i) => score > rejected[i]!).length / pairs.length;
}

/**
 * The page's own loop, on all the votes: the checks hold out pairs of their own. @returns a network owned by the caller
 */
export async function trainReward(
  lab: Lab,
  votes: Vote[],
  changes: Partial<RewardConfig>,
  taste: LabelRule | null = null,
): Promise<CausalNetwork> {
  const config = { ...lab.config.reward, heldOutShare: 0, ...changes };
  const run = await RewardRun.create({
    seed: lab.seed,
    config,
    base: lab.base,
    corpus: lab.corpus,
    opinions: votes,
    taste,
  });
  for await (const _ of trainRewardModel(run, now));
  const network = run.network.clone('rewardModel');
  run.dispose();
  return network;
}

export interface PolicyJudgement {
  texts: Completion[];
  /** mean of the reward model; NaN where there is none */
  score: number;
  gold: number;
  /** share of prompts on which the policy beats the base by gold, ties one half */
  win: number;
  /** nats per completion */
  kl: number;
  parse: number;
  coherent: number;
  distinct: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / Math.max(1, values.length);

/** Mean Σ_t (log π − log π_ref) over the policy's own texts. */
async function klOf(
  lab: Lab,
  policy: CausalNetwork,
  texts: readonly Completion[],
  temperature: number,
): Promise<number> {
  const perText: number[] = [];
  for (let from = 0; from < texts.length; from += ROWS) {
    const { batch, promptLength, completionMask } = encodeTexts(lab.corpus, texts.slice(from, from + ROWS));
    const kl = tf.tidy(() => {
      const [own, reference] = [policy, lab.base].map(
        (network) => network.logprobs(batch, promptLength, temperature).logprobs,
      );
      return klPerCompletion(tf.sub(own!, reference!), completionMask);
    });
    perText.push(...(await kl.data()));
    kl.dispose();
    disposeTexts({ batch, promptLength, completionMask });
  }
  return mean(perText);
}

async function writeFor(
  lab: Lab,
  network: CausalNetwork,
  prompts: readonly string[],
  temperature: number,
  random: Random,
): Promise<Completion[]> {
  const texts: Completion[] = [];
  for (let from = 0; from < prompts.length; from += ROWS)
    texts.push(
      ...(await complete(
        network,
        lab.corpus,
        prompts.slice(from, from + ROWS),
        { temperature, topK: 0, topP: 1 },
        random,
      )),
    );
  return texts;
}

/** 200 prompts, one text each by policy and base. */
export async function judgePolicy(
  lab: Lab,
  policy: CausalNetwork,
  rewardModel: CausalNetwork | null,
  pooling: Pooling,
  temperature: number,
): Promise<PolicyJudgement> {
  const random = Random.fromSeed(lab.seed).fork('judge');
  const prompts = lab.corpus.prompts(random.fork('prompts'), EVALUATION_PROMPTS);
  const texts = await writeFor(lab, policy, prompts, temperature, random.fork('policy'));
  const baseTexts = await writeFor(lab, lab.base, prompts, temperature, random.fork('base'));
  const goldOf = ({ prompt, completion, finished }: Completion): number =>
    lab.corpus.gold(lab.rater, prompt, completion, finished) ?? Number.NaN;
  const [gold, baseGold] = [texts.map(goldOf), baseTexts.map(goldOf)];
  return {
    texts,
    score: rewardModel ? mean(await scoreTexts(rewardModel, lab.corpus, texts, pooling)) : Number.NaN,
    gold: mean(gold),
    win: mean(gold.map((score, i) => (score > baseGold[i]! ? 1 : score === baseGold[i]! ? 0.5 : 0))),
    kl: await klOf(lab, policy, texts, temperature),
    parse: shareOf(texts, (a) => a.parses),
    coherent: shareOf(texts, (a) => a.coherent),
    distinct: distinctShare(texts),
  };
}

/** What happens on the way: judgements by iteration. */
export type Trajectory = Map<number, PolicyJudgement>;

export interface PpoPlan {
  /** null where a rule alone pays */
  rewardModel: CausalNetwork | null;
  pooling: Pooling;
  changes: Partial<PpoConfig>;
  /** iterations after which the policy is judged; 0 and the last always are */
  judgeAt?: number[];
  /** the policy of an earlier round, to go on from */
  start?: CausalNetwork;
  /** is shown the policy before it is disposed of */
  keep?: (policy: CausalNetwork) => void;
  /** drops β to 0 after this iteration, as a visitor would with the slider */
  releaseAt?: number;
}

/** The page's own loop, judged now and then. */
export async function runPpo(
  lab: Lab,
  { rewardModel, pooling, changes, judgeAt = [], releaseAt, start, keep }: PpoPlan,
): Promise<Trajectory> {
  const config = { ...lab.config.ppo, ...changes };
  const run = new PpoRun({
    seed: lab.seed,
    config,
    base: lab.base,
    start,
    rewardModel,
    pooling,
    corpus: lab.corpus,
    rater: lab.rater,
  });
  const judgeNow = () => judgePolicy(lab, run.policy, rewardModel, pooling, config.temperature);
  const trajectory: Trajectory = new Map([[0, await judgeNow()]]);
  for await (const { phase, step } of ppo(run)) {
    if (phase !== null) continue;
    if (step === releaseAt) run.adjust({ klCoef: 0 });
    if (judgeAt.includes(step) || step === config.iterations) trajectory.set(step, await judgeNow());
  }
  keep?.(run.policy);
  run.dispose();
  return trajectory;
}

/** Mean hidden state over a completion's tokens, one row per text. */
export async function meanHidden(
  lab: Lab,
  texts: readonly { prompt: string; completion: string }[],
): Promise<number[][]> {
  const rows: number[][] = [];
  for (let from = 0; from < texts.length; from += ROWS) {
    const encoded = encodeTexts(lab.corpus, texts.slice(from, from + ROWS));
    const pooled = tf.tidy(() => {
      const { batch, promptLength, completionMask } = encoded;
      const states = tf.slice(lab.base.hidden(batch), [0, promptLength, 0], [-1, -1, -1]); // [B,G,C]
      const weights = tf.div(completionMask, tf.sum(completionMask, 1, true));
      return tf.sum(tf.mul(states, tf.expandDims(weights, 2)), 1) as tf.Tensor2D; // [B,C]
    });
    rows.push(...((await pooled.array()) as number[][]));
    pooled.dispose();
    disposeTexts(encoded);
  }
  return rows;
}

/** Largest |log π − log π_ref| per token of fresh completions, and the mean ratio's distance from 1. */
export async function distanceFromReference(lab: Lab, policy: CausalNetwork): Promise<{ kl: number; ratio: number }> {
  const prompts = lab.corpus.prompts(Random.fromSeed(lab.seed).fork('distance'), 64);
  const encoded = encodePrompts(lab.corpus, prompts);
  const { eosId, padId } = lab.corpus.tokenizer;
  const sampling = { temperature: 0.7, topK: 0, topP: 1 };
  const rollout = policy.generate(
    encoded,
    { sampling, completionLength: lab.corpus.completionLength, eosId, padId },
    Random.fromSeed(5),
  );
  const numbers = tf.tidy(() => {
    const reference = lab.base.logprobs(rollout.batch, rollout.promptLength, 0.7).logprobs;
    const logRatio = tf.mul(tf.sub(rollout.logprobs, reference), rollout.completionMask);
    return tf.stack([tf.max(tf.abs(logRatio)), tf.max(tf.abs(tf.sub(tf.exp(logRatio), 1)))]);
  });
  const [kl, ratio] = (await numbers.data()) as unknown as [number, number];
  tf.dispose([numbers, rollout.logprobs]);
  disposeTexts(rollout);
  disposeBatch(encoded);
  return { kl, ratio };
}
