/**
 * PPO on language: the policy writes, the reward model pays, the critic says what was to be expected, and tokens that
 * did better become likelier. Ziegler et al. 2019; Ouyang et al. 2022. Every iteration has three phases:
 *
 *   rollout        1. the policy completes fresh prompts
 *   evaluation     2. the reference reads the same tokens  3. the texts are scored  4. the critic values states
 *                  5. rewards = −β·kl per token, score at the end    6. advantages (GAE), whitened
 *   optimisation   7. a few clipped steps of policy and critic on that batch    8. adaptive β, where asked for
 *
 * Below, each number is the line that does it. Its relatives (PPO-ptx, RLOO and GRPO without a critic, A2C, 2019) are
 * settings of the same loop: contract/ppoVariants.ts names them, ppoRelatives.ts has what they do otherwise. What is
 * merely looked at is in ppoReport.ts.
 */
import { append } from '../../contract/many';
import type { MetricId, MetricValues } from '../../contract/metrics';
import { type NamedScalars, nameScalars } from '../kernels/namedScalars';
import { gae } from '../losses/gae';
import { orOff, policyLoss, policyStatistics, valueLoss, valueStatistics } from '../losses/ppoLoss';
import { payScores } from '../losses/rewards';
import { whiten } from '../losses/whiten';
import type { CausalNetwork, NetworkOptimizer, Objective, Rollout } from '../model/causalNetwork';
import { maskedMean } from '../tensor/masked';
import { tf } from '../tf';
import {
  allOrNone,
  disposeExperience,
  disposeRollout,
  type Experience,
  inMinibatches,
  type Minibatch,
  whenWritten,
} from './experience';
import { assertBelowCeiling, assertFinite } from './guards';
import { readValues, rest, STEP } from './passes';
import {
  type Advantages,
  adaptKlCoef,
  advantagesInGroups,
  criticOf,
  drawPrompts,
  gateOf,
  klInLoss,
  klPerToken,
  ptxLoss,
  readReference,
} from './ppoRelatives';
import { lookAtExperience, lookAtPolicy, type PpoReport } from './ppoReport';
import type { Knobs, PpoRun } from './ppoRun';
import { scoreRollout } from './rolloutReward';
import { rollOutPrompts } from './texts';
import { UpdateNumbers } from './updateNumbers';

/**
 * Runs until `config.iterations`, one report per phase and one per iteration. The run stays the caller's and can be
 * saved while it `isWhole`. The knobs hold from the first look at an iteration's rollouts to its end.
 * @throws LabError('run/klCeiling') when the policy strays too far, LabError('run/nonFinite') at the first number that
 * is not one
 */
export async function* ppo(run: PpoRun): AsyncGenerator<PpoReport> {
  const { klCeiling } = run.inputs.config;
  while (run.iteration < run.totalSteps) {
    const prompts = drawPrompts(run);
    const rollout = await rollOut(run, prompts); // 1.
    const knobs = run.currentKnobs;
    let experience: Experience | null = null;
    let metrics: MetricValues;
    try {
      yield { phase: 'rollout', step: run.iteration };

      experience = await evaluate(run, prompts, rollout, knobs); // 2. to 6.
      const seen = await lookAtExperience(run, prompts, experience, knobs);
      assertFinite(seen.metrics, run.iteration + 1);
      assertBelowCeiling(seen.metrics['objective/kl']!, klCeiling, run.iteration + 1);
      yield { phase: 'evaluation', step: run.iteration, rollouts: seen.rollouts };

      run.isWhole = false;
      const learned = await optimise(run, experience, knobs); // 7.
      metrics = { ...seen.metrics, ...learned, 'train/lr': knobs.learningRate };
      assertFinite(metrics, run.iteration + 1);
      adaptKlCoef(run, knobs, metrics['objective/kl']!, prompts.length); // 8.
    } finally {
      run.record.drop();
      if (experience) disposeExperience(experience);
      disposeRollout(rollout);
    }
    run.iteration++;
    yield { phase: 'optimisation', step: run.iteration };

    const { metrics: standing, beforeAfter } = await lookAtPolicy(run);
    run.isWhole = true;
    yield { phase: null, step: run.iteration, metrics: { ...metrics, ...standing }, beforeAfter };
  }
}

/**
 * 1. Completions of the prompts, with the log-probabilities at the temperature that sampled them, once the device has
 * written them.
 */
export async function rollOut(run: PpoRun, prompts: readonly string[]): Promise<Rollout> {
  const { corpus, config, breathe } = run.inputs;
  // the recorded log-probabilities are of the whole distribution: with a filter they are not of what was drawn from
  const sampling = { temperature: config.temperature, topK: config.rolloutTopK, topP: 1 };
  const completionLength = Math.min(config.completionLength, corpus.completionLength);
  const shorter = { ...corpus, completionLength };
  return whenWritten(await rollOutPrompts(run.policy, shorter, prompts, sampling, run.stream('samples'), breathe));
}

/**
 * 2. to 6. What every token of the rollouts was paid, and how much better that was than expected.
 * @param knobs as they stood when the iteration began
 * @returns tensors owned by the caller; the rollout stays the caller's, its tensors are referred to
 */
export const evaluate = (
  run: PpoRun,
  prompts: readonly string[],
  rollout: Rollout,
  knobs: Knobs,
): Promise<Experience> =>
  allOrNone(async (keep) => {
    const { config, breathe } = run.inputs;
    const { completionMask } = rollout;
    // 2. how likely the reference finds the same tokens, at the same temperature and under the same mask
    const { refLogprobs, refLogits } = await readReference(run, rollout, keep);
    const kl = keep(await klPerToken(run, rollout, { refLogprobs, refLogits }));
    // 3. one score per completion [B], of the reward model, a rule or both; a text that never ends pays
    const scores = keep(await scoreRollout(run, prompts, rollout, knobs));
    // 4. what the critic expected before each token; 0 where there is none
    const values = keep(await readValues(criticOf(run), rollout, breathe));
    const learnedFrom = tf.tidy(() => {
      // 5. rewards: the price of straying at every token, unless the loss asks for it, and the score at the last
      const klCoef = config.klPlacement === 'reward' ? knobs.klCoef : 0;
      const { rewards: paid } = payScores({ scores, kl, completionMask, klCoef });
      const rewards = config.whitenRewards ? whiten(paid, completionMask, { shiftMean: false }) : paid;
      // 6. advantages, whitened over the batch where asked for; returns keep their scale
      const found: Advantages =
        config.advantages === 'gae'
          ? gae(values, rewards, completionMask, config.gamma, config.lam)
          : advantagesInGroups(config, config.advantages, rewards, completionMask);
      const rawAdvantages = found.advantages;
      const advantages = config.whitenAdvantages ? whiten(rawAdvantages, completionMask) : tf.clone(rawAdvantages);
      return { ...found, rewards, rawAdvantages, advantages };
    });
    return { ...rollout, refLogprobs, refLogits, kl, scores, values, ...learnedFrom };
  });

/** What one update looks at and how far it goes. */
interface Update {
  run: PpoRun;
  part: Minibatch;
  knobs: Knobs;
  /** which update of the iteration, for the texts of the corpus it mixes in */
  name: string;
}

/**
 * 7. `epochs` passes over the experience, `minibatches` clipped steps each. The numbers stay on the device until the
 * end, unless an early stop has to look at them after each epoch.
 * @returns means over epochs and minibatches, and how many minibatches were skipped
 */
export async function optimise(run: PpoRun, experience: Experience, knobs: Knobs): Promise<MetricValues> {
  const { epochs, minibatches, earlyStopKl } = run.inputs.config;
  const updates = new UpdateNumbers();
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      let i = 0;
      for (const part of inMinibatches(experience, minibatches, run.stream(`epoch ${epoch}, iteration`)))
        updates.add(await takeStep({ run, part, knobs, name: `${epoch}.${i++}, iteration` }));
      if (earlyStopKl > 0 && (await updates.arrive()).policyKl! > earlyStopKl) break;
    }
    const { policyKl: _, skipped: __, ...reported } = await updates.means();
    run.record.finish(updates.rows);
    return { ...reported, 'val/skipped': updates.rows.filter(({ skipped }) => skipped! > 0).length };
  } finally {
    updates.dispose();
  }
}

/** One step of the policy, then one of a critic that is a network of its own; it rests when the policy does. */
async function takeStep(update: Update): Promise<NamedScalars<string>> {
  const { run, part, knobs } = update;
  const made: tf.Tensor[] = [];
  const step = async (network: CausalNetwork, optimizer: NetworkOptimizer, objective: () => Objective) => {
    const { loss, gradNorm, shown } = optimizer.minimize(objective, knobs.learningRate);
    append(made, [loss, gradNorm, ...Object.values(shown)]);
    await rest(run.inputs.breathe, part.batch, [network], STEP);
    return { gradNorm, shown };
  };
  try {
    const { gradNorm, shown } = await step(run.policy, run.policyOptimizer, () => policyObjective(update));
    const ofCritic = () => criticObjective(update, shown.skipped!);
    const critic = run.valueModel && (await step(run.valueModel, run.valueOptimizer!, ofCritic));
    return nameScalars({ ...shown, ...critic?.shown, 'train/gradNorm': gradNorm });
  } finally {
    tf.dispose(made);
  }
}

/**
 * L = clipped policy loss                    Schulman et al. 2017, eq. 7; with one epoch and no clip it is A2C's
 *   − entropyCoef · entropy                  Mnih et al. 2016
 *   + klCoef · k(π, π_ref)                   where the distance is paid in the loss
 *   + valueCoef · value loss                 where the critic shares the policy's trunk
 *   + ptxCoef · loss on the corpus           another matter than the rollouts, so the gate does not hold it back
 */
function policyObjective(update: Update) {
  const { run, part, knobs, name } = update;
  const { clipRange, temperature, valueCoef } = run.inputs.config;
  const { batch, promptLength, completionMask, logprobs, advantages } = part;
  const shared = run.policy.heads.scalar ? run.policy.logprobsAndValues(batch, promptLength, temperature) : null;
  const { logprobs: newLogprobs, entropy } = shared ?? run.policy.logprobs(batch, promptLength, temperature);

  run.record.see(part, newLogprobs);

  const inputs = { newLogprobs, logprobs, advantages, completionMask, clipRange: orOff(clipRange) };
  const clipped = policyLoss(inputs);
  const { clipFraction, approxKl, policyKl, meanRatio } = policyStatistics(inputs);
  const meanEntropy = maskedMean<tf.Scalar>(entropy, completionMask);
  const kl = klInLoss(run, part, newLogprobs);
  const value = shared && valueObjective(update, shared.values);
  const ptx = ptxLoss(run, knobs, name);

  let loss = knobs.entropyCoef === 0 ? clipped : tf.sub<tf.Scalar>(clipped, tf.mul(meanEntropy, knobs.entropyCoef));
  if (kl) loss = tf.add(loss, tf.mul(kl, knobs.klCoef));
  if (value) loss = tf.add(loss, tf.mul(value.loss, valueCoef));
  const gate = gateOf(run, meanRatio);
  loss = tf.mul(loss, gate);
  if (ptx) loss = tf.add(loss, tf.mul(ptx, knobs.ptxCoef));
  const shown = {
    'loss/policy_avg': clipped,
    'policy/approxkl_avg': approxKl,
    'policy/clipfrac_avg': clipFraction,
    'policy/entropy_avg': meanEntropy,
    'val/ratio': meanRatio,
    policyKl,
    ...(kl && { 'loss/kl_avg': kl }),
    ...value?.shown,
    ...(ptx && { 'loss/ptx_avg': ptx }),
    skipped: tf.sub<tf.Scalar>(1, gate),
  } satisfies Partial<Record<MetricId | 'policyKl' | 'skipped', tf.Scalar>>;
  return { loss, shown };
}

/** L = ½ mean max((V−R)², (clip(V)−R)²), of whichever network is the critic. */
function valueObjective({ run, part }: Update, newValues: tf.Tensor2D) {
  const { values, returns, completionMask } = part;
  const clipRangeValue = orOff(run.inputs.config.clipRangeValue);
  const inputs = { newValues, values, returns, completionMask, clipRangeValue };
  const loss = valueLoss(inputs);
  const { clipFraction, explainedVariance } = valueStatistics(inputs);
  const shown = { 'loss/value_avg': loss, 'val/clipfrac_avg': clipFraction, 'val/explained_var': explainedVariance };
  return { loss, shown };
}

function criticObjective(update: Update, skipped: tf.Scalar) {
  const { run, part } = update;
  const { loss, shown } = valueObjective(update, run.valueModel!.values(part.batch, part.promptLength));
  return { loss: tf.mul<tf.Scalar>(tf.mul(loss, run.inputs.config.valueCoef), tf.sub(1, skipped)), shown };
}
