/**
 * The reward model: the base model with its next-token head replaced by one number, trained until that number is higher
 * for the text a person preferred. All weights learn; the head starts at exactly 0, so at first every text scores the
 * same.
 *
 *   each step    1. a batch of comparisons, every completion a row of one rectangle     2. one score per text
 *                3. L = −mean log σ(r_better − r_worse), the pairs of a ranking averaged first
 *                4. one AdamW step, the head at its own, higher rate
 *   at the end   scores are brought to mean 0 and standard deviation 1 on texts of the base model
 */
import type { SamplingConfig } from '../../contract/config';
import type { MetricValues } from '../../contract/metrics';
import type { RewardReview } from '../../contract/observations';
import { observing } from '../kernels/timeline';
import { scoreScale } from '../losses/scoreScale';
import { learningRateAt } from '../optim/schedule';
import type { PreferencePair } from '../text/pairs';
import type { Comparison } from '../text/rankings';
import { tf } from '../tf';
import { batchOfStep } from './batches';
import { comparisonLoss, rectangleOf } from './comparisonBatch';
import { descend } from './descend';
import { reviewRewardModel, scoreTexts } from './rewardReview';
import { type RewardRun, rateFor } from './rewardRun';
import { StepClock } from './stepsInFlight';
import { completeMany, disposeTexts, encodeTexts } from './texts';

export interface RewardReport {
  /** steps taken, from 1 */
  step: number;
  metrics: MetricValues;
  /** at evaluations only */
  review: RewardReview | null;
}

const EVALUATE_EVERY = 10;
/** pairs learned from whose margins are looked at on the way; in the end it is all of them */
const LOOKED_AT = 64;
const AS_IS: SamplingConfig = { temperature: 1, topK: 0, topP: 1 };

async function trainStep(run: RewardRun, taken: number, clock: StepClock): Promise<MetricValues> {
  const { config, corpus } = run.inputs;
  const started = clock.now();
  const schedule = { type: 'linear', warmupSteps: config.warmupSteps, totalSteps: run.totalSteps } as const;
  const [rate, headRate] = [rateFor(run.trainPairs.length, config), config.headLearningRate].map((base) =>
    learningRateAt(schedule, base, taken),
  ) as [number, number];
  // 1.
  const comparisons = batchOfStep(run.curriculum, taken, run.batchSize, (purpose) => run.stream(purpose));
  const { texts, rows } = rectangleOf(comparisons);
  const { batch, promptLength, completionMask } = encodeTexts(corpus, texts);
  const objective = () => {
    const scores = run.network.scores(batch, promptLength, completionMask, config.pooling); // 2.
    const { loss, accuracy, margin } = comparisonLoss(scores, rows, comparisons, config.strengthMargin); // 3.
    run.record.see({ step: taken + 1, comparisons, rows }, { scores, loss });
    return { loss, shown: { accuracy, margin, ...endsOf(comparisons[0]!, rows[0]!, scores) } };
  };
  const scalars = descend(run.optimizer, objective, rate, headRate); // 4.
  disposeTexts({ batch, promptLength, completionMask });
  const { values, speed } = await clock.read(scalars, started);
  run.example = exampleOf(comparisons[0]!, values, config.strengthMargin);
  return {
    'reward/loss': values.loss,
    'train/gradNorm': values.gradNorm,
    'reward/trainAccuracy': values.accuracy,
    'reward/margin': values.margin,
    'train/lr': rate,
    ...speed,
  };
}

/** Scores of the best and the worst completion of a comparison. */
function endsOf({ completions }: Comparison, rows: readonly number[], scores: tf.Tensor1D) {
  const scoreOf = (i: number) => tf.reshape(tf.slice(scores, rows[i]!, 1), []) as tf.Scalar;
  return { chosenScore: scoreOf(0), rejectedScore: scoreOf(completions.length - 1) };
}

/** What such a comparison costs, for the formula filled with numbers. */
function exampleOf(
  { depths }: Comparison,
  { chosenScore, rejectedScore }: Record<keyof ReturnType<typeof endsOf>, number>,
  margin: number,
) {
  const wanted = depths.at(-1)! * margin;
  return { chosenScore, rejectedScore, loss: Math.log1p(Math.exp(rejectedScore - chosenScore + wanted)) };
}

/** Brings the scores to mean 0 and standard deviation 1 on texts that the base model writes. */
async function normalize(run: RewardRun): Promise<void> {
  const { base, corpus, config, breathe } = run.inputs;
  const count = config.normalizeSamples;
  const texts = await completeMany(base, corpus, count, AS_IS, run.stream('normalise'), { breathe });
  run.network.setScoreScale(1, 0);
  const { gain, bias } = scoreScale(await scoreTexts(run.network, corpus, texts, config.pooling, breathe));
  run.network.setScoreScale(gain, bias);
}

/** what people said comes before what a rule labelled */
const lookedAt = (train: readonly PreferencePair[]): PreferencePair[] =>
  [...train.filter(({ source }) => source !== 'rule'), ...train.filter(({ source }) => source === 'rule')].slice(
    0,
    LOOKED_AT,
  );

const review = ({ network, trainPairs, heldOutPairs, example, inputs }: RewardRun, whole: boolean) =>
  reviewRewardModel({
    network,
    train: trainPairs,
    lookedAt: whole ? trainPairs : lookedAt(trainPairs),
    heldOut: heldOutPairs,
    example,
    corpus: inputs.corpus,
    pooling: inputs.config.pooling,
    rater: inputs.rater ?? null,
    breathe: inputs.breathe,
  });

/**
 * Trains until `run.totalSteps`, one report per step; after the last one the scores are normalised.
 * @param now milliseconds, for the speed that is reported
 * @throws LabError('run/nonFinite') at the first number that is not one
 */
export async function* trainRewardModel(run: RewardRun, now: () => number): AsyncGenerator<RewardReport> {
  const { totalSteps, steps } = run;
  const clock = new StepClock(now, run.steps.depth);
  const due = (step: number): boolean => step === 1 || step % EVALUATE_EVERY === 0 || step === totalSteps;
  const take = (taken: number) => trainStep(run, taken, clock);
  while (run.step < totalSteps) {
    const { step, metrics } = await steps.next({ totalSteps, due, take });
    if (step === totalSteps) await normalize(run);
    const reviewed = due(step) ? await observing(() => review(run, step === totalSteps)) : null;
    const heldOut: MetricValues =
      reviewed && reviewed.heldOutPairs > 0
        ? { 'reward/accuracy': reviewed.accuracy, 'eval/heldOut': reviewed.heldOutPairs }
        : {};
    steps.report();
    yield { step, metrics: { ...metrics, ...heldOut }, review: reviewed };
  }
}
