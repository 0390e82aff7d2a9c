/**
 * Direct preference optimisation: the policy itself is fitted to the votes, without a reward model and without
 * sampling. Rafailov et al. 2023. Its implied reward is β (log π − log π_ref), summed over the completion:
 *
 *   each step    1. a batch of pairs, both sides in one rectangle
 *                2. how likely policy and reference find both texts: logps, summed over the completion, <eos> included
 *                3. h = (log π − log π_ref) of chosen − the same of rejected; L = −mean log σ(βh)   (IPO: (h − 1/(2β))²)
 *                4. one AdamW step of the policy; the reference stays as it is, so at first h = 0 and L = ln 2
 *   now and then held-out pairs, and fresh texts: how far from the reference, how good
 *
 * Nothing here asks what the policy writes. Only differences count, so both logps may fall, and the freed probability
 * goes to texts that nobody ever compared: watch the fresh texts, not the loss.
 */
import type { DpoConfig } from '../../contract/config';
import type { MetricValues } from '../../contract/metrics';
import type { BeforeAfter } from '../../contract/observations';
import { nameScalars, readNamed } from '../kernels/namedScalars';
import { observing } from '../kernels/timeline';
import { crossEntropy } from '../losses/crossEntropy';
import { type DpoInputs, dpoLoss, impliedRewards } from '../losses/dpoLoss';
import { preferenceAccuracy } from '../losses/preferenceLoss';
import { scheduledRate } from '../optim/schedule';
import { tf } from '../tf';
import { batchOfStep } from './batches';
import { descend } from './descend';
import type { DpoRun } from './dpoRun';
import { assertFinite } from './guards';
import { completionLogprobs, halves, logpsOfPairs, sidesOf, summedLogps } from './pairLogps';
import { StepClock } from './stepsInFlight';
import { disposeTexts, encodeTexts, type TextBatch } from './texts';

export interface DpoReport {
  /** steps taken, from 1 */
  step: number;
  metrics: MetricValues;
  /** at evaluations only: what reference and policy write to the same prompts */
  beforeAfter: BeforeAfter[] | null;
}

/** What step 3 is computed from, for a batch or for the held-out pairs; inside a tidy. */
export function preferenceInputs(
  logps: tf.Tensor1D,
  refLogps: tf.Tensor1D,
  lengths: tf.Tensor1D,
  { loss: variant, beta, labelSmoothing }: DpoConfig,
): DpoInputs {
  const [policyChosenLogps, policyRejectedLogps] = halves(logps);
  const [refChosenLogps, refRejectedLogps] = halves(refLogps);
  const [chosenLengths, rejectedLengths] = halves(lengths);
  const policy = { policyChosenLogps, policyRejectedLogps };
  const rest = { refChosenLogps, refRejectedLogps, chosenLengths, rejectedLengths };
  return { ...policy, ...rest, beta, labelSmoothing, variant };
}

/** −mean log π of the chosen sides' tokens: the fine-tuning term. @returns scalar */
function chosenSurprise(logprobs: tf.Tensor2D, { completionMask }: TextBatch): tf.Scalar {
  return crossEntropy(halves(logprobs)[0], halves(completionMask)[0]);
}

/** What the logps of both sides say. */
function statistics(logps: tf.Tensor1D, refLogps: tf.Tensor1D, beta: number) {
  const [chosen, rejected] = halves(impliedRewards(logps, refLogps, beta)); // [B]
  const [chosenLogps, rejectedLogps] = halves(logps); // [B]
  return {
    'rewards/chosen': tf.mean<tf.Scalar>(chosen),
    'rewards/rejected': tf.mean<tf.Scalar>(rejected),
    'rewards/margins': tf.mean<tf.Scalar>(tf.sub(chosen, rejected)),
    'rewards/accuracies': preferenceAccuracy(chosen, rejected),
    'logps/chosen': tf.mean<tf.Scalar>(chosenLogps),
    'logps/rejected': tf.mean<tf.Scalar>(rejectedLogps),
  };
}

async function trainStep(run: DpoRun, taken: number, clock: StepClock): Promise<MetricValues> {
  const { config, corpus } = run.inputs;
  const started = clock.now();
  const rate = scheduledRate(config, taken);
  // 1. and the reference's half of 2.
  const pairs = batchOfStep(run.curriculum, taken, config.batchSize, (purpose) => run.stream(purpose));
  const texts = encodeTexts(corpus, sidesOf(pairs));
  const [refLogps, lengths] = tf.tidy(() => [
    summedLogps(completionLogprobs(run.reference, texts), texts),
    tf.sum<tf.Tensor1D>(texts.completionMask, 1),
  ]);
  const objective = () => {
    const logprobs = completionLogprobs(run.policy, texts); // 2., the policy's half
    const logps = summedLogps(logprobs, texts);
    const preference = dpoLoss(preferenceInputs(logps, refLogps, lengths, config)); // 3.
    run.record.see({ step: taken + 1, pairs }, { logps, refLogps, lengths });
    const surprise = chosenSurprise(logprobs, texts);
    return {
      loss: config.rpoAlpha > 0 ? tf.add<tf.Scalar>(preference, tf.mul(surprise, config.rpoAlpha)) : preference,
      shown: { ...statistics(logps, refLogps, config.beta), 'dpo/nll_loss': surprise },
    };
  };
  const scalars = descend(run.optimizer, objective, rate); // 4.
  tf.dispose([refLogps, lengths]);
  disposeTexts(texts);
  const { values, speed } = await clock.read(scalars, started);
  const { loss, gradNorm, ...shown } = values;
  return { 'dpo/loss': loss, ...shown, 'train/gradNorm': gradNorm, 'train/lr': rate, ...speed };
}

/** The same numbers on pairs that were never trained on; nothing when none are held out. */
async function heldOutMetrics(run: DpoRun): Promise<MetricValues> {
  const { heldOut, inputs } = run;
  if (heldOut.length === 0) return {};
  run.heldOutReference ??= await logpsOfPairs(run.reference, inputs.corpus, heldOut, inputs.breathe);
  const reference = run.heldOutReference;
  const policy = await logpsOfPairs(run.policy, inputs.corpus, heldOut, inputs.breathe);
  const scalars = tf.tidy(() => {
    const [logps, refLogps, lengths] = [policy.logps, reference.logps, policy.lengths].map((values) =>
      tf.tensor1d(values),
    );
    const loss = dpoLoss(preferenceInputs(logps!, refLogps!, lengths!, inputs.config));
    return nameScalars({ loss, ...statistics(logps!, refLogps!, inputs.config.beta) });
  });
  const values = await readNamed(scalars);
  return {
    'eval/heldOut': heldOut.length,
    'eval_dpo/loss': values.loss,
    'eval_rewards/margins': values['rewards/margins'],
    'eval_rewards/accuracies': values['rewards/accuracies'],
    'eval_logps/chosen': values['logps/chosen'],
    'eval_logps/rejected': values['logps/rejected'],
  };
}

async function evaluate(run: DpoRun): Promise<{ metrics: MetricValues; beforeAfter: BeforeAfter[] }> {
  const heldOut = await heldOutMetrics(run);
  const { metrics, rows } = await run.fresh.look();
  const labelled = run.inputs.rulePairs?.length ?? 0;
  return {
    metrics: { ...heldOut, ...(labelled > 0 && { 'train/rulePairs': labelled }), ...metrics },
    beforeAfter: rows,
  };
}

/**
 * Trains until `config.steps`, one report per step. The run stays the caller's and can be saved between any two
 * reports.
 * @param now milliseconds, for the speed that is reported
 * @throws LabError('run/nonFinite') at the first number that is not one
 */
export async function* dpo(run: DpoRun, now: () => number): AsyncGenerator<DpoReport> {
  const { evalEvery } = run.inputs.config;
  const { totalSteps, steps } = run;
  const clock = new StepClock(now, run.steps.depth);
  const due = (step: number): boolean => step === 1 || step % evalEvery === 0 || step === totalSteps;
  const take = (taken: number) => trainStep(run, taken, clock);
  while (run.step < totalSteps) {
    const { step, metrics } = await steps.next({ totalSteps, due, take });
    const evaluation = due(step) ? await observing(() => evaluate(run)) : { metrics: {}, beforeAfter: null };
    assertFinite(evaluation.metrics, step);
    steps.report();
    yield { step, metrics: { ...metrics, ...evaluation.metrics }, beforeAfter: evaluation.beforeAfter };
  }
}
