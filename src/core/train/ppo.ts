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
import { meansOf, type NamedScalars, nameScalars, readManyNamed } from '../kernels/namedScalars';
import { readNumbers } from '../kernels/readNumbers';
import { nextKlCoef } from '../losses/adaptiveKl';
import { gae } from '../losses/gae';
import { orOff, policyLoss, policyStatistics, valueLoss, valueStatistics } from '../losses/ppoLoss';
import { payScores } from '../losses/rewards';
import { whiten } from '../losses/whiten';
import type { Rollout, Shown } from '../model/causalNetwork';
import { maskedMean } from '../tensor/masked';
import { tf } from '../tf';
import { disposeExperience, disposeRollout, type Experience, inMinibatches, type Minibatch } from './experience';
import { assertBelowCeiling, assertFinite } from './guards';
import { readTexts, rest, STEP } from './passes';
import {
  type Advantages,
  advantagesInGroups,
  criticOf,
  drawPrompts,
  gateOf,
  klInLoss,
  klPerToken,
  ptxLoss,
} from './ppoRelatives';
import { lookAtExperience, lookAtPolicy, type PpoReport } from './ppoReport';
import type { Knobs, PpoRun } from './ppoRun';
import { scoreRollout } from './rolloutReward';
import { rollOutPrompts, type TextBatch } from './texts';

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
  // a filter would make the recorded log-probabilities wrong
  const sampling = { temperature: config.temperature, topK: 0, topP: 1 };
  const completionLength = Math.min(config.completionLength, corpus.completionLength);
  const shorter = { ...corpus, completionLength };
  const rollout = await rollOutPrompts(run.policy, shorter, prompts, sampling, run.stream('samples'), breathe);
  try {
    await readNumbers(tf.sum(rollout.completionMask)); // otherwise the next phase would be charged for it
    return rollout;
  } catch (error) {
    disposeRollout(rollout);
    throw error;
  }
}

/** What is said of the rollouts. */
type Judged = Pick<Experience, 'refLogprobs' | 'scores' | 'values' | 'kl'>;

/** 2. to 4. One pass after another. */
async function judge(run: PpoRun, prompts: readonly string[], rollout: Rollout, knobs: Knobs): Promise<Judged> {
  const { reference, inputs } = run;
  const { config, breathe } = inputs;
  const critic = criticOf(run);
  const made: Partial<Judged> = {};
  try {
    // 2. how likely the reference finds the same tokens, at the same temperature and under the same mask
    const likelihood = ({ batch, promptLength, completionMask }: TextBatch) =>
      tf.mul<tf.Tensor2D>(reference.logprobs(batch, promptLength, config.temperature).logprobs, completionMask);
    const refLogprobs = await readTexts([reference], rollout, likelihood, breathe);
    made.refLogprobs = refLogprobs;
    // 3. one score per completion [B], of the reward model, a rule or both; a text that never ends pays
    const scores = await scoreRollout(run, prompts, rollout, knobs);
    made.scores = scores;
    // 4. what the critic expected before each token; 0 where there is none
    const value = ({ batch, promptLength, completionMask }: TextBatch) =>
      tf.mul<tf.Tensor2D>(critic!.values(batch, promptLength), completionMask);
    const values = critic
      ? await readTexts([critic], rollout, value, breathe)
      : tf.zerosLike<tf.Tensor2D>(rollout.completionMask);
    made.values = values;
    return { refLogprobs, scores, values, kl: await klPerToken(run, rollout, refLogprobs) };
  } catch (error) {
    tf.dispose(made);
    throw error;
  }
}

/**
 * 2. to 6. What every token of the rollouts was paid, and how much better that was than expected.
 * @param knobs as they stood when the iteration began
 * @returns tensors owned by the caller; the rollout stays the caller's, its tensors are referred to
 */
export async function evaluate(
  run: PpoRun,
  prompts: readonly string[],
  rollout: Rollout,
  knobs: Knobs,
): Promise<Experience> {
  const { config } = run.inputs;
  const { batch, promptLength, completionMask, logprobs } = rollout;
  const judged = await judge(run, prompts, rollout, knobs);
  const { scores, kl, values } = judged;
  const made = tf.tidy(() => {
    // 5. rewards: the price of straying at every token, unless the loss asks for it, and the score at the last
    const klCoef = config.klPlacement === 'reward' ? knobs.klCoef : 0;
    const { rewards: paid } = payScores({ scores, kl, completionMask, klCoef });
    const rewards = config.whitenRewards ? whiten(paid, completionMask, { shiftMean: false }) : paid;
    // 6. advantages, whitened over the batch where asked for; returns keep their scale
    const found: Advantages =
      config.advantages === 'gae'
        ? gae(values, rewards, completionMask, config.gamma, config.lam)
        : advantagesInGroups(config, config.advantages, rewards, completionMask);
    const { advantages: rawAdvantages, returns, equalShare } = found;
    const advantages = config.whitenAdvantages ? whiten(rawAdvantages, completionMask) : tf.clone(rawAdvantages);
    const tensors = { rewards, rawAdvantages, advantages, returns };
    return equalShare ? { ...tensors, equalShare } : tensors;
  });
  return { batch, promptLength, completionMask, logprobs, equalShare: null, ...judged, ...made };
}

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
  const done: Record<string, number>[] = [];
  const waiting: NamedScalars<string>[] = [];
  const arrive = async () => {
    const latest = await readManyNamed(waiting.splice(0));
    append(done, latest);
    return latest;
  };
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      let i = 0;
      for (const part of inMinibatches(experience, minibatches, run.stream(`epoch ${epoch}, iteration`)))
        waiting.push(await takeStep({ run, part, knobs, name: `${epoch}.${i++}, iteration` }));
      if (earlyStopKl > 0 && meansOf(await arrive()).policyKl! > earlyStopKl) break;
    }
    if (waiting.length > 0) await arrive();
  } finally {
    tf.dispose(waiting.map(({ vector }) => vector)); // given up
  }
  run.record.finish(done);
  const { policyKl: _, skipped: __, ...reported } = meansOf(done);
  return { ...reported, 'val/skipped': done.filter(({ skipped }) => skipped! > 0).length };
}

/** One step of the policy, then one of a critic that is a network of its own; it rests when the policy does. */
async function takeStep(update: Update): Promise<NamedScalars<string>> {
  const { run, part, knobs } = update;
  const { breathe } = run.inputs;
  const made: tf.Tensor[] = [];
  try {
    const { loss, gradNorm, shown } = run.policyOptimizer.minimize(() => policyObjective(update), knobs.learningRate);
    append(made, [loss, gradNorm, ...Object.values(shown)]);
    await rest(breathe, part.batch, [run.policy], STEP);
    const critic = run.valueOptimizer?.minimize(() => criticObjective(update, shown.skipped), knobs.learningRate);
    if (critic) append(made, [critic.loss, critic.gradNorm, ...Object.values(critic.shown)]);
    if (critic) await rest(breathe, part.batch, [run.valueModel!], STEP);
    const seen: Shown = { ...shown, ...critic?.shown, 'train/gradNorm': gradNorm };
    return nameScalars(seen);
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

/**
 * 8. The leash gets shorter where the policy strayed further than wished, longer where it stayed nearer. Ziegler et al.
 * 2019, 2.2
 */
function adaptKlCoef(run: PpoRun, knobs: Knobs, kl: number, rollouts: number): void {
  const { klControl, klHorizon } = run.inputs.config;
  if (klControl !== 'adaptive') return;
  const next = nextKlCoef(run.knobs.klCoef, kl, { target: knobs.klTarget, horizon: klHorizon }, rollouts);
  run.knobs.klCoef = next;
  run.record.adapt({ kl, next });
}
