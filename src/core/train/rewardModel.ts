/**
 * The reward model: the base model with its next-token head replaced by one number, trained until that number is higher for the
 * text a person preferred. All weights learn; the head starts at exactly 0, so at first every text scores the same.
 *
 *   each step    1. a batch of pairs, both sides in one rectangle     2. one score per text
 *                3. L = −mean log σ(r_chosen − r_rejected)           4. one AdamW step, the head at its own, higher rate
 *   at the end   scores are brought to mean 0 and standard deviation 1 on texts of the base model
 */
import type { RewardConfig, SamplingConfig } from '../../contract/config';
import type { RewardReview, Vote } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import type { MetricValues } from '../../contract/metrics';
import { preferenceAccuracy, preferenceLoss } from '../losses/preferenceLoss';
import { scoreScale } from '../losses/scoreScale';
import type { CausalNetwork, NetworkOptimizer } from '../model/causalNetwork';
import { learningRateAt } from '../optim/schedule';
import { Random } from '../tensor/random';
import type { Corpus } from '../text/corpus';
import { type PreferencePair, pairsFromVotes, splitByPrompt } from '../text/pairs';
import { VOTES_NEEDED } from '../text/taste';
import { tf } from '../tf';
import { assertFinite } from './guards';
import { reviewRewardModel, scoreTexts } from './rewardReview';
import { type LabelRule, labelByRule } from './ruleLabels';
import { fromPrefix, type SavedRun, underPrefix } from './snapshot';
import { completeMany, disposeTexts, encodeTexts } from './texts';

export interface RewardInputs {
  seed: number;
  config: RewardConfig;
  /** the model whose texts were voted on; borrowed */
  base: CausalNetwork;
  /** borrowed */
  corpus: Corpus;
  votes: readonly Vote[];
  /** inferred from the votes; null trains on the votes alone */
  taste: LabelRule | null;
}

export interface RewardState {
  step: number;
  rulePairs: PreferencePair[];
  example: RewardReview['example'];
}

export interface RewardReport {
  /** steps taken, from 1 */
  step: number;
  metrics: MetricValues;
  /** at evaluations only */
  review: RewardReview | null;
}

/** votes count this often beside the labels of a rule (SCIENCE: tuned for tiny models) */
const VOTE_COPIES = 2;
const EVALUATE_EVERY = 10;
const AS_IS: SamplingConfig = { temperature: 1, topK: 0, topP: 1 };

/**
 * Steps that fitted and did not overfit tiny models, by number of training pairs: a few hundred pairs are read about ten times,
 * two dozen about twenty times.
 */
export function stepsFor(pairs: number): number {
  if (pairs <= 48) return 30;
  if (pairs <= 150) return 60;
  if (pairs <= 400) return 100;
  return pairs <= 800 ? 140 : 200;
}

/** Few pairs are kept from pulling the whole model along (tuned for tiny models). */
const rateFor = (pairs: number, { steps, learningRate }: RewardConfig): number =>
  steps === 0 && pairs < 100 ? Math.min(1e-3, learningRate) : learningRate;

/** A reward model in the making: owns the network and its optimiser. */
export class RewardRun {
  /** steps taken */
  step = 0;
  readonly network: CausalNetwork;
  readonly optimizer: NetworkOptimizer;
  readonly train: PreferencePair[];
  readonly heldOut: PreferencePair[];
  /** the last batch's first pair */
  example: RewardReview['example'] = null;
  private readonly random: Random;

  private constructor(
    readonly inputs: RewardInputs,
    readonly rulePairs: PreferencePair[],
  ) {
    this.random = Random.fromSeed(inputs.seed).fork('reward');
    const votes = pairsFromVotes(inputs.votes);
    const { train, heldOut } = splitByPrompt([...votes, ...rulePairs], inputs.config.heldOutShare, this.stream('split'));
    this.train = train;
    this.heldOut = heldOut;
    this.network = inputs.base.clone('rewardModel', { language: false, scalar: true });
    this.network.setScoreScale(1, 0);
    this.optimizer = this.network.createOptimizer(inputs.config.optimizer);
  }

  /**
   * Labels pairs by the rule where there is one, and builds the run.
   * @throws LabError('run/tooFewVotes') with fewer than eight usable votes
   */
  static async create(inputs: RewardInputs): Promise<RewardRun> {
    const usable = pairsFromVotes(inputs.votes).length;
    if (usable < VOTES_NEEDED)
      throw new LabError('run/tooFewVotes', `A reward model needs at least ${VOTES_NEEDED} votes for one side; there are ${usable}.`);
    const random = Random.fromSeed(inputs.seed).fork('reward').fork('rule labels');
    const labelled = inputs.taste ? await labelByRule(inputs.base, inputs.corpus, inputs.taste, inputs.config.ruleLabels, random) : [];
    return new RewardRun(inputs, labelled);
  }

  /** @throws when a tensor is missing or has another shape */
  static restore(inputs: RewardInputs, { tensors, state }: SavedRun<RewardState>): RewardRun {
    const run = new RewardRun(inputs, state.rulePairs);
    try {
      run.network.load(fromPrefix('rewardModel', tensors));
      run.optimizer.load(fromPrefix('optimizer/rewardModel', tensors));
    } catch (error) {
      run.dispose();
      throw error;
    }
    run.step = state.step;
    run.example = state.example;
    return run;
  }

  get totalSteps(): number {
    return this.inputs.config.steps > 0 ? this.inputs.config.steps : stepsFor(this.train.length);
  }

  stream(purpose: string): Random {
    return this.random.fork(purpose);
  }

  /** votes twice, when a rule labelled pairs beside them */
  get curriculum(): PreferencePair[] {
    if (this.rulePairs.length === 0) return this.train;
    return this.train.flatMap((pair) => new Array<PreferencePair>(pair.source === 'rule' ? 1 : VOTE_COPIES).fill(pair));
  }

  async save(): Promise<SavedRun<RewardState>> {
    const [network, optimizer] = await Promise.all([this.network.save(), this.optimizer.save()]);
    return {
      tensors: { ...underPrefix('rewardModel', network), ...underPrefix('optimizer/rewardModel', optimizer) },
      state: { step: this.step, rulePairs: this.rulePairs, example: this.example },
    };
  }

  dispose(): void {
    this.optimizer.dispose();
    this.network.dispose();
  }
}

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
