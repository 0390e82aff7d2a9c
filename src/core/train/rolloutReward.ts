/**
 * Step 3 of PPO: what each finished text of the rollouts is worth, before the price of straying.
 *   score = scale · (the reward model's, a rule's, or a mix)      then what a text that never ends pays
 */
import { asksRule } from '../../contract/settings/whichReward';
import { readNumbers } from '../kernels/readNumbers';
import type { Rollout } from '../model/causalNetwork';
import { tf } from '../tf';
import { scoresOf } from './measure';
import { readTexts } from './passes';
import { settleMissingEos } from './ppoRelatives';
import type { Knobs, PpoRun } from './ppoRun';
import { readRows, type TextBatch } from './texts';
import { rewardsOf } from './whichReward';

/** @returns [B] owned by the caller */
export function scoreRollout(
  run: PpoRun,
  prompts: readonly string[],
  rollout: Rollout,
  { ruleWeight }: Knobs,
): Promise<tf.Tensor1D> {
  return asksRule(run.inputs.config) ? payByRule(run, prompts, rollout, ruleWeight) : payByModel(run, rollout);
}

/** inside a tidy */
function settled(run: PpoRun, texts: TextBatch, scores: tf.Tensor1D): tf.Tensor1D {
  const { rewardScale } = run.inputs.config;
  return settleMissingEos(run, texts, rewardScale === 1 ? scores : tf.mul(scores, rewardScale));
}

/** All on the device. */
function payByModel(run: PpoRun, rollout: Rollout): Promise<tf.Tensor1D> {
  const { pooling, breathe } = run.inputs;
  const rewardModel = run.rewardModel!;
  const score = (texts: TextBatch) =>
    settled(run, texts, rewardModel.scores(texts.batch, texts.promptLength, texts.completionMask, pooling));
  return readTexts([rewardModel], rollout, score, breathe);
}

/** A rule reads words, so the texts are read back; so are the scores of the reward model where it has a say. */
async function payByRule(
  run: PpoRun,
  prompts: readonly string[],
  rollout: Rollout,
  ruleWeight: number,
): Promise<tf.Tensor1D> {
  const { corpus, rater, config, pooling, breathe } = run.inputs;
  const texts = await readRows(corpus, prompts, rollout);
  const scores = async () => readNumbers(await scoresOf({ network: run.rewardModel!, pooling }, rollout, breathe));
  const rewards = await rewardsOf({ corpus, rater, config: { ...config, ruleWeight } }, texts, scores);
  return tf.tidy(() => settled(run, rollout, tf.tensor1d(rewards)));
}
