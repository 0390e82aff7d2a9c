/**
 * The reward model: the base model with its next-token head replaced by one number, trained until that number is higher for the
 * text a person preferred. All weights learn; the head starts at exactly 0, so at first every text scores the same.
 *
 *   each step    1. a batch of pairs, both sides in one rectangle     2. one score per text
 *                3. L = −mean log σ(r_chosen − r_rejected)           4. one AdamW step, the head at its own, higher rate
 *   at the end   scores are brought to mean 0 and standard deviation 1 on texts of the base model
 */
import type { SamplingConfig } from '../../contract/config';
import type { RewardReview } from '../../contract/domain';
import type { MetricValues } from '../../contract/metrics';
import { preferenceAccuracy, preferenceLoss } from '../losses/preferenceLoss';
import { scoreScale } from '../losses/scoreScale';
import { learningRateAt } from '../optim/schedule';
import type { Random } from '../tensor/random';
import type { PreferencePair } from '../text/pairs';
import { tf } from '../tf';
import { assertFinite } from './guards';
import { reviewRewardModel, scoreTexts } from './rewardReview';
import { type RewardRun, rateFor } from './rewardRun';
import { completeMany, disposeTexts, encodeTexts } from './texts';

export interface RewardReport {
  /** steps taken, from 1 */
  step: number;
  metrics: MetricValues;
  /** at evaluations only */
  review: RewardReview | null;
}

const EVALUATE_EVERY = 10;
const AS_IS: SamplingConfig = { temperature: 1, topK: 0, topP: 1 };

/** The batch of a step: the pairs are read in a new order each time all have been seen. */
export function pairsOfStep(
  pairs: readonly PreferencePair[],
  step: number,
  batchSize: number,
  stream: (purpose: string) => Random,
): PreferencePair[] {
  const orders = new Map<number, PreferencePair[]>();
  return Array.from({ length: batchSize }, (_, i) => {
    const place = step * batchSize + i;
    const epoch = Math.floor(place / pairs.length);
    const order = orders.get(epoch) ?? stream(`order ${epoch}`).shuffle([...pairs]);
    orders.set(epoch, order);
    return order[place % pairs.length]!;
  });
}

/** The first half of a rectangle's scores are the chosen ones. */
const halves = (scores: tf.Tensor1D): [tf.Tensor1D, tf.Tensor1D] => tf.split(scores, 2) as [tf.Tensor1D, tf.Tensor1D];

async function trainStep(run: RewardRun, now: () => number): Promise<MetricValues> {
  const { config, corpus } = run.inputs;
  const started = now();
  const pairs = pairsOfStep(run.curriculum, run.step, config.batchSize, (purpose) => run.stream(purpose));
  const sides = (['chosen', 'rejected'] as const).flatMap((side) => pairs.map((pair) => ({ prompt: pair.prompt, completion: pair[side] })));
  const texts = encodeTexts(corpus, sides);
  const schedule = { type: 'linear', warmupSteps: config.warmupSteps, totalSteps: run.totalSteps } as const;
  const [rate, headRate] = [rateFor(run.train.length, config), config.headLearningRate].map((base) =>
    learningRateAt(schedule, base, run.step),
  ) as [number, number];
  let scores: tf.Tensor1D | undefined;
  const { loss, gradNorm } = run.optimizer.minimize(
    () => {
      scores = tf.keep(run.network.scores(texts.batch, texts.promptLength, texts.completionMask, config.pooling));
      return preferenceLoss(...halves(scores));
    },
    rate,
    headRate,
  );
  const metrics = await readStep(run, scores as tf.Tensor1D, loss, gradNorm);
  tf.dispose([loss, gradNorm, scores as tf.Tensor1D]);
  disposeTexts(texts);
  return { ...metrics, 'train/lr': rate, 'perf/stepMs': now() - started };
}

/** One read-back: everything the step showed. */
async function readStep(run: RewardRun, scores: tf.Tensor1D, loss: tf.Scalar, gradNorm: tf.Scalar): Promise<MetricValues> {
  const numbers = tf.tidy(() => {
    const [chosen, rejected] = halves(scores);
    const margin = tf.mean(tf.sub(chosen, rejected));
    const firsts = [tf.slice(chosen, 0, 1), tf.slice(rejected, 0, 1)].map((x) => tf.reshape(x, []));
    return tf.stack([loss, gradNorm, preferenceAccuracy(chosen, rejected), margin, ...firsts]);
  });
  const [lossValue, norm, accuracy, margin, chosenScore, rejectedScore] = (await numbers.data()) as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  numbers.dispose();
  run.example = { chosenScore, rejectedScore, loss: Math.log1p(Math.exp(rejectedScore - chosenScore)) };
  return { 'reward/loss': lossValue, 'train/gradNorm': norm, 'reward/trainAccuracy': accuracy, 'reward/margin': margin };
}

/** Brings the scores to mean 0 and standard deviation 1 on texts that the base model writes. */
async function normalize(run: RewardRun): Promise<void> {
  const { base, corpus, config } = run.inputs;
  const texts = await completeMany(base, corpus, config.normalizeSamples, AS_IS, run.stream('normalise'));
  run.network.setScoreScale(1, 0);
  const { gain, bias } = scoreScale(await scoreTexts(run.network, corpus, texts, config.pooling));
  run.network.setScoreScale(gain, bias);
}

const review = ({ network, train, heldOut, example, inputs }: RewardRun): Promise<RewardReview> =>
  reviewRewardModel({ network, train, heldOut, example, corpus: inputs.corpus, pooling: inputs.config.pooling });

/**
 * Trains until `run.totalSteps`, one report per step; after the last one the scores are normalised.
 * @param now milliseconds, for the speed that is reported
 * @throws LabError('run/nonFinite') at the first number that is not one
 */
export async function* trainRewardModel(run: RewardRun, now: () => number): AsyncGenerator<RewardReport> {
  while (run.step < run.totalSteps) {
    const metrics = await trainStep(run, now);
    run.step++;
    assertFinite(metrics, run.step);
    const last = run.step === run.totalSteps;
    if (last) await normalize(run);
    const reviewed = last || run.step === 1 || run.step % EVALUATE_EVERY === 0 ? await review(run) : null;
    const heldOut: MetricValues = reviewed && reviewed.heldOutPairs > 0 ? { 'reward/accuracy': reviewed.accuracy } : {};
    yield { step: run.step, metrics: { ...metrics, ...heldOut }, review: reviewed };
  }
}
