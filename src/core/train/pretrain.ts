/**
 * Pre-training: predict the next token of every text. Nothing else is taught, and yet grammar comes first, then, in a
 * sudden step, that pronouns and objects have to agree with the prompt.
 *
 *   each step    1. a batch of texts          2. how likely the model found each next token
 *                3. L = −mean log p(token)    4. one AdamW step down its gradient
 *   now and then held-out loss, a fixed prompt completed, the share of fresh texts that parse, and of the grammar's
 *                analogies that word vectors solve
 */
import type { SamplingConfig } from '../../contract/config';
import type { MetricValues } from '../../contract/metrics';
import type { FixedSample } from '../../contract/observations';
import { scoreAnalogies } from '../analysis/analogyScore';
import { wordVectors } from '../analysis/embedding';
import { observing } from '../kernels/timeline';
import { scheduledRate } from '../optim/schedule';
import type { TokenRows } from '../text/corpus';
import { corpusLoss, corpusLossOf } from './corpusLoss';
import { descend } from './descend';
import { assertFinite } from './guards';
import type { PretrainRun } from './pretrainRun';
import { StepClock } from './stepsInFlight';
import { healthMetrics, textHealth } from './textHealth';
import { complete, completeMany } from './texts';

export interface PretrainReport {
  /** steps taken, from 1 */
  step: number;
  metrics: MetricValues;
  /** at evaluations only */
  sample: FixedSample | null;
}

/** held-out texts, always the same */
const HELD_OUT_ROWS = 128;
/** fresh texts judged at an evaluation */
const JUDGED_TEXTS = 64;
/** as the model itself would write: no sharpening hides its mistakes */
const AS_IS: SamplingConfig = { temperature: 1, topK: 0, topP: 1 };
const FIXED_SAMPLING: SamplingConfig = { temperature: 0.7, topK: 0, topP: 1 };

const targetsOf = ({ mask }: TokenRows): number => mask.reduce((sum, counts) => sum + counts, 0);

async function trainStep(run: PretrainRun, taken: number, clock: StepClock): Promise<MetricValues> {
  const { config, corpus, model } = run.inputs;
  const started = clock.now();
  const learningRate = scheduledRate(config, taken);
  const rows = corpus.trainRows(run.stream(`rows ${taken}`), config.batchSize, model.contextLength); // 1.
  // 2. to 4.
  const scalars = descend(run.optimizer, () => ({ loss: corpusLoss(run.network, rows) }), learningRate);
  const { values, speed } = await clock.read(scalars, started, () => targetsOf(rows));
  return { 'train/loss': values.loss, 'train/gradNorm': values.gradNorm, 'train/lr': learningRate, ...speed };
}

async function heldOutLoss({ network, inputs }: PretrainRun, heldOut: TokenRows): Promise<MetricValues> {
  const value = await corpusLossOf(network, heldOut, inputs.breathe);
  const floor = inputs.corpus.summary.entropy?.natsPerToken;
  return { 'eval/loss': value, ...(floor === undefined ? {} : { 'eval/aboveFloor': value - floor }) };
}

/**
 * What the model writes at the moment: its share of good texts, how much they repeat themselves, and the fixed prompt
 * once more.
 */
async function writeAndJudge(run: PretrainRun): Promise<{ metrics: MetricValues; sample: FixedSample }> {
  const { corpus, fixedPrompt, breathe } = run.inputs;
  const fixedRandom = run.stream('fixed prompt');
  const [fixed] = await complete(run.network, corpus, [fixedPrompt], FIXED_SAMPLING, fixedRandom, breathe);
  const sample = { prompt: fixedPrompt, completion: fixed?.completion ?? '' };
  const texts = await completeMany(run.network, corpus, JUDGED_TEXTS, AS_IS, run.stream('judged texts'), { breathe });
  const health = textHealth(texts, corpus);
  const { grammatical, coherent } = health;
  const judged =
    grammatical === null || coherent === null ? {} : { 'eval/grammatical': grammatical, 'eval/coherent': coherent };
  return { metrics: { ...healthMetrics({ ...health, grammatical: null }), ...judged }, sample };
}

/** Read off the embedding; nothing is computed with the network, and no random number is drawn. */
async function solvedAnalogies({ network, inputs: { corpus } }: PretrainRun): Promise<MetricValues> {
  if (corpus.kind !== 'stories') return {};
  const vectors = await wordVectors(network, corpus.tokenizer);
  const score = scoreAnalogies(vectors.words, vectors);
  return score === null ? {} : { 'eval/analogies': score.solved / score.of };
}

async function evaluate(run: PretrainRun): Promise<{ metrics: MetricValues; sample: FixedSample }> {
  const { corpus, model } = run.inputs;
  const heldOut = corpus.heldOutRows(run.stream('held-out'), HELD_OUT_ROWS, model.contextLength);
  const loss = await heldOutLoss(run, heldOut);
  const { metrics, sample } = await writeAndJudge(run);
  return { metrics: { ...loss, ...metrics, ...(await solvedAnalogies(run)) }, sample };
}

/**
 * Trains until `config.steps`, one report per step. The run stays the caller's and can be saved between any two
 * reports.
 * @param now milliseconds, for the speed that is reported
 * @throws LabError('run/nonFinite') at the first number that is not one
 */
export async function* pretrain(run: PretrainRun, now: () => number): AsyncGenerator<PretrainReport> {
  const { steps: totalSteps, evalEvery } = run.inputs.config;
  const clock = new StepClock(now, run.steps.depth);
  const due = (step: number): boolean => step % Math.max(1, evalEvery) === 0 || step === totalSteps || step === 1;
  const take = (taken: number) => trainStep(run, taken, clock);
  while (run.step < totalSteps) {
    const { step, metrics } = await run.steps.next({ totalSteps, due, take });
    const evaluation = due(step) ? await observing(() => evaluate(run)) : { metrics: {}, sample: null };
    assertFinite(evaluation.metrics, step);
    run.steps.report();
    yield { step, metrics: { ...metrics, ...evaluation.metrics }, sample: evaluation.sample };
  }
}
