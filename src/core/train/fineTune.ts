/**
 * Supervised fine-tuning: the model is shown how prompts should be continued, and learns to continue them so. The first
 * of the three steps of Ouyang et al. 2022.
 *
 *   each step     1. a batch of demonstrations  the fox found a kite . | thank you , said the owl . he was glad . <eos>
 *                 2. how likely the model found each token of the completion; the prompt is only read
 *                 3. L = −mean log p(completion token)                        · · · | 1 1 1 …
 *                 4. one AdamW step, on a cosine
 *   each epoch    held-out loss, fresh texts beside those of the base; the best model so far is remembered
 *   at the end    back to the best model: with few demonstrations the last epoch knows them by heart
 */
import type { MetricValues } from '../../contract/metrics';
import type { BeforeAfter } from '../../contract/observations';
import { ENOUGH_CASES } from '../../contract/shares';
import { nameScalars, readNamed } from '../kernels/namedScalars';
import { observing } from '../kernels/timeline';
import { crossEntropy } from '../losses/crossEntropy';
import type { CausalNetwork } from '../model/causalNetwork';
import { scheduledRate } from '../optim/schedule';
import { maskedSum } from '../tensor/masked';
import { grants } from '../text/wishes';
import { tf } from '../tf';
import { batchOfStep } from './batches';
import { descend } from './descend';
import type { FineTuneRun } from './fineTuneRun';
import { assertFinite } from './guards';
import { completionLogprobs } from './pairLogps';
import { readTexts } from './passes';
import type { Breathe } from './slices';
import { StepClock } from './stepsInFlight';
import { type Completion, disposeTexts, encodeTexts, shareOf, type TextBatch } from './texts';

export interface FineTuneReport {
  /** steps taken, from 1 */
  step: number;
  metrics: MetricValues;
  /** at evaluations only: what base and network write to the same prompts */
  beforeAfter: BeforeAfter[] | null;
}

/** demonstrations read at once at an evaluation */
const ROWS = 64;

/**
 * Of the completion's tokens alone; differentiable, inside a tidy.
 * @returns log-probabilities [B,G] and −their mean, nats per token
 */
export function demonstrationLoss(network: CausalNetwork, texts: TextBatch) {
  const logprobs = completionLogprobs(network, texts);
  return { logprobs, loss: crossEntropy(logprobs, texts.completionMask) };
}

async function trainStep(run: FineTuneRun, taken: number, clock: StepClock): Promise<MetricValues> {
  const { config, corpus } = run.inputs;
  const { learningRate, warmupSteps } = config;
  const started = clock.now();
  const rate = scheduledRate({ schedule: 'cosine', warmupSteps, steps: run.totalSteps, learningRate }, taken);
  // 1.
  const demonstrations = batchOfStep(run.train, taken, run.batchSize, (purpose) => run.stream(purpose));
  const texts = encodeTexts(corpus, demonstrations);
  const { batch, completionMask } = texts;
  const facts = { step: taken + 1, prompts: demonstrations.map(({ prompt }) => prompt) };
  const objective = () => {
    const { logprobs, loss } = demonstrationLoss(run.network, texts); // 2. and 3.
    run.record.see(facts, { logprobs, loss, completionMask, tokens: batch.tokens });
    return { loss, shown: { tokens: tf.sum<tf.Scalar>(completionMask) } };
  };
  const scalars = descend(run.optimizer, objective, rate); // 4.
  disposeTexts(texts);
  const { values, speed } = await clock.read(scalars, started, ({ tokens }) => tokens);
  return {
    'train/loss': values.loss,
    'train/gradNorm': values.gradNorm,
    'train/lr': rate,
    'train/epoch': run.epochAt(taken + 1),
    ...speed,
  };
}

/** log π of all completion tokens, and how many they are */
async function summedOver(network: CausalNetwork, texts: TextBatch, breathe?: Breathe) {
  const logprobs = await readTexts([network], texts, (some) => completionLogprobs(network, some), breathe);
  const { completionMask } = texts;
  const scalars = tf.tidy(() =>
    nameScalars({
      logps: maskedSum<tf.Scalar>(logprobs, completionMask),
      count: tf.sum<tf.Scalar>(completionMask),
    }),
  );
  logprobs.dispose();
  return scalars;
}

/** The same loss on demonstrations whose prompts were never trained on; nothing when none are held out. */
async function heldOutLoss({ network, heldOut, inputs }: FineTuneRun): Promise<MetricValues> {
  let [sum, tokens] = [0, 0];
  for (let from = 0; from < heldOut.length; from += ROWS) {
    const texts = encodeTexts(inputs.corpus, heldOut.slice(from, from + ROWS));
    try {
      const { logps, count } = await readNamed(await summedOver(network, texts, inputs.breathe));
      sum -= logps;
      tokens += count;
    } finally {
      disposeTexts(texts);
    }
  }
  return tokens > 0 ? { 'eval/loss': sum / tokens, 'eval/heldOut': heldOut.length } : {};
}

const wishMetrics = ({ inputs: { wish, corpus } }: FineTuneRun, texts: readonly Completion[]): MetricValues =>
  wish && corpus.kind === 'stories'
    ? { 'eval/wishShare': shareOf(texts, (attributes) => grants(wish, attributes)) }
    : {};

async function evaluate(run: FineTuneRun): Promise<{ metrics: MetricValues; beforeAfter: BeforeAfter[] }> {
  const loss = await heldOutLoss(run);
  const { metrics, texts, rows } = await run.fresh.look();
  return { metrics: { ...loss, ...metrics, ...wishMetrics(run, texts) }, beforeAfter: rows };
}

/**
 * How good model selection finds these numbers, higher is better; null when it does not look, cannot, or has too few
 * texts to go by.
 */
function qualityOf({ inputs: { config }, heldOut }: FineTuneRun, metrics: MetricValues): number | null {
  const { 'eval/loss': loss, 'axis/score': score } = metrics;
  if (config.selectBy === 'heldOutLoss') return loss === undefined || heldOut.length < ENOUGH_CASES ? null : -loss;
  return config.selectBy === 'score' ? (score ?? null) : null;
}

/** After an epoch: is this the best model? After the last: back to the one that was. */
async function select(run: FineTuneRun, step: number, metrics: MetricValues): Promise<MetricValues> {
  const quality = qualityOf(run, metrics);
  const epoch = Math.floor(run.epochAt(step));
  if (quality !== null) await run.consider({ epoch, quality, metrics });
  if (step < run.totalSteps) return {};
  run.takeBest();
  return { 'train/keptEpoch': run.best?.epoch ?? epoch };
}

/**
 * Trains for `config.epochs`, one report per step; then the network is the selected one, and `run.best` says which that
 * was. The run stays the caller's and can be saved between any two reports.
 * @param now milliseconds, for the speed that is reported
 * @throws LabError('run/nonFinite') at the first number that is not one
 */
export async function* fineTune(run: FineTuneRun, now: () => number): AsyncGenerator<FineTuneReport> {
  const { totalSteps, steps } = run;
  const clock = new StepClock(now, run.steps.depth);
  const due = (step: number): boolean => step === 1 || run.endsEpoch(step);
  const take = (taken: number) => trainStep(run, taken, clock);
  while (run.step < totalSteps) {
    const { step, metrics } = await steps.next({ totalSteps, due, take });
    let beforeAfter: BeforeAfter[] | null = null;
    if (due(step)) {
      const evaluation = await observing(() => evaluate(run));
      assertFinite(evaluation.metrics, step);
      Object.assign(metrics, evaluation.metrics);
      if (run.endsEpoch(step)) Object.assign(metrics, await select(run, step, metrics));
      beforeAfter = evaluation.beforeAfter;
    }
    steps.report();
    yield { step, metrics, beforeAfter };
  }
}
