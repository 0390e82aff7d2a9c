/**
 * The optimisation phase: a few passes over one batch of experience, with the brakes that keep each pass short.
 *
 *   L = clipped policy loss                          Schulman et al. 2017, eq. 7; with one epoch and no clip it is A2C's
 *     + valueCoef · value loss                       where there is a critic
 *     − entropyCoef · entropy                        Mnih et al. 2016
 *     + klCoef · k(π, π_ref)                         where the distance is paid in the loss (Shao et al. 2024)
 *     + ptxCoef · language-model loss on the corpus  Ouyang et al. 2022, eq. 2
 */
import { append } from '../../contract/many';
import type { MetricId, MetricValues } from '../../contract/metrics';
import { klEstimate } from '../losses/kl';
import { policyLoss, policyStatistics, valueLoss, valueStatistics } from '../losses/ppoLoss';
import { maskedMean } from '../tensor/masked';
import { tf } from '../tf';
import { corpusLoss } from './corpusLoss';
import type { Experience } from './experience';
import type { Knobs, PpoRun } from './ppoRun';

const PICKED = ['completionMask', 'logprobs', 'refLogprobs', 'values', 'advantages', 'returns'] as const;
/** The rows of the experience that one update looks at. */
type Minibatch = Pick<Experience, 'batch' | 'promptLength' | (typeof PICKED)[number]>;

/** What one update looks at and how far it goes. */
interface Update {
  run: PpoRun;
  part: Minibatch;
  knobs: Knobs;
  /** which update of the iteration, for the texts of the corpus it mixes in */
  name: string;
}

/** Scalars by what they are reported as; two more steer the loop. */
type Numbers = Partial<Record<MetricId | 'policyKl' | 'skipped', tf.Scalar>>;

/** wide enough that no ratio reaches it: a bound of ∞ is not safe on every backend */
const NO_CLIP = 1e9;
const orOff = (range: number): number => (range > 0 ? range : NO_CLIP);

/** Some rows of everything, owned by the caller. */
function pickRows(experience: Experience, rows: number[]): Minibatch {
  return tf.tidy(() => {
    const index = tf.tensor1d(rows, 'int32');
    const { batch, promptLength } = experience;
    const picked = Object.fromEntries(PICKED.map((name) => [name, tf.gather(experience[name], index)]));
    const leftPad = batch.leftPad && tf.gather(batch.leftPad, index);
    return { ...picked, promptLength, batch: { tokens: tf.gather(batch.tokens, index), leftPad } } as Minibatch & tf.TensorContainerObject;
  });
}

function disposeMinibatch(part: Minibatch): void {
  tf.dispose([part.batch.tokens, ...(part.batch.leftPad ? [part.batch.leftPad] : []), ...PICKED.map((name) => part[name])]);
}

/** The loss of the policy on the rollouts, and everything to report about it. */
function policyObjective(
  { run, part, knobs }: Update,
  newLogprobs: tf.Tensor2D,
  entropy: tf.Tensor2D,
): { loss: tf.Scalar; numbers: Numbers } {
  const { clipRange, klPlacement, klEstimator } = run.inputs.config;
  const { logprobs, refLogprobs, advantages, completionMask } = part;
  const inputs = { newLogprobs, logprobs, advantages, completionMask, clipRange: orOff(clipRange) };
  const clipped = policyLoss(inputs);
  const { clipFraction, approxKl, policyKl, meanRatio } = policyStatistics(inputs);
  const meanEntropy = maskedMean<tf.Scalar>(entropy, completionMask);
  const numbers: Numbers = {
    'loss/policy_avg': clipped,
    'policy/approxkl_avg': approxKl,
    'policy/clipfrac_avg': clipFraction,
    'policy/entropy_avg': meanEntropy,
    'val/ratio': meanRatio,
    policyKl,
  };
  let loss = knobs.entropyCoef === 0 ? clipped : tf.sub<tf.Scalar>(clipped, tf.mul(meanEntropy, knobs.entropyCoef));
  if (klPlacement === 'loss' && klEstimator !== 'exact') {
    const kl = maskedMean<tf.Scalar>(klEstimate(newLogprobs, refLogprobs, klEstimator), completionMask);
    numbers['loss/kl_avg'] = kl;
    loss = tf.add(loss, tf.mul(kl, knobs.klCoef));
  }
  return { loss, numbers };
}

function valueObjective({ run, part }: Update, newValues: tf.Tensor2D): { loss: tf.Scalar; numbers: Numbers } {
  const { values, returns, completionMask } = part;
  const inputs = { newValues, values, returns, completionMask, clipRangeValue: orOff(run.inputs.config.clipRangeValue) };
  const { clipFraction, explainedVariance } = valueStatistics(inputs);
  const loss = valueLoss(inputs);
  return { loss, numbers: { 'loss/value_avg': loss, 'val/clipfrac_avg': clipFraction, 'val/explained_var': explainedVariance } };
}

/** 1, or 0 for a minibatch whose mean ratio is beyond all reason (TRL 0.7), with a gradient of 0: it is no way to lower the loss */
const gateOf = ({ inputs }: PpoRun, ratio: tf.Scalar): tf.Scalar => tf.step(tf.sub<tf.Scalar>(inputs.config.maxRatio, ratio));

/** Texts of the corpus are another matter than the rollouts, so the gate does not hold them back. */
function ptxObjective({ run, knobs, name }: Update): { loss: tf.Scalar; numbers: Numbers } {
  if (knobs.ptxCoef === 0) return { loss: tf.scalar(0), numbers: {} };
  const { corpus, config } = run.inputs;
  const ptx = corpusLoss(run.policy, corpus.trainRows(run.stream(`corpus ${name}`), config.ptxRows, run.policy.config.contextLength));
  return { loss: tf.mul(ptx, knobs.ptxCoef), numbers: { 'loss/ptx_avg': ptx } };
}

/** Lets numbers outlive the gradient that computed them; whoever called disposes of them. */
const keepAll = (numbers: Numbers): Numbers => {
  for (const tensor of Object.values(numbers)) tf.keep(tensor);
  return numbers;
};

/** The policy's step. A critic on its trunk shares it: one loss, one step. */
function updatePolicy(update: Update): Numbers {
  const { run, part, knobs } = update;
  const { temperature, valueCoef } = run.inputs.config;
  const shared = run.policy.heads.scalar;
  let numbers: Numbers = {};
  const step = run.policyOptimizer.minimize(() => {
    const both = shared ? run.policy.logprobsAndValues(part.batch, part.promptLength, temperature) : null;
    const { logprobs, entropy } = both ?? run.policy.logprobs(part.batch, part.promptLength, temperature);
    const policy = policyObjective(update, logprobs, entropy);
    const value = both && valueObjective(update, both.values);
    const ptx = ptxObjective(update);
    const gate = gateOf(run, policy.numbers['val/ratio']!);
    numbers = keepAll({ ...policy.numbers, ...value?.numbers, ...ptx.numbers, skipped: tf.sub(1, gate) });
    const onRollouts = value ? tf.add<tf.Scalar>(policy.loss, tf.mul(value.loss, valueCoef)) : policy.loss;
    return tf.add(tf.mul(onRollouts, gate), ptx.loss) as tf.Scalar;
  }, knobs.learningRate);
  step.loss.dispose();
  return { ...numbers, 'train/gradNorm': step.gradNorm };
}

/** The step of a critic that is a network of its own; it rests when the policy does. */
function updateCritic(update: Update, skipped: tf.Scalar): Numbers {
  const { run, part, knobs } = update;
  let numbers: Numbers = {};
  const step = run.valueOptimizer!.minimize(() => {
    const value = valueObjective(update, run.valueModel!.values(part.batch, part.promptLength));
    numbers = keepAll(value.numbers);
    return tf.mul(tf.mul(value.loss, run.inputs.config.valueCoef), tf.sub(1, skipped)) as tf.Scalar;
  }, knobs.learningRate);
  tf.dispose([step.loss, step.gradNorm]);
  return numbers;
}

/** The numbers of one update as one tensor, and what they are called. */
interface NumberRow {
  ids: string[];
  row: tf.Tensor1D;
}

function takeStep(update: Update): NumberRow {
  const policy = updatePolicy(update);
  const numbers = update.run.valueModel ? { ...policy, ...updateCritic(update, policy.skipped!) } : policy;
  const row = tf.tidy(() => tf.stack(Object.values(numbers)) as tf.Tensor1D);
  tf.dispose(Object.values(numbers));
  return { ids: Object.keys(numbers), row };
}

/** Rows in a new order each epoch, cut into minibatches of nearly equal size. */
function partition(run: PpoRun, epoch: number, rows: number): number[][] {
  const minibatches = Math.min(rows, Math.max(1, run.inputs.config.minibatches));
  const order = run.stream(`epoch ${epoch}, iteration`).shuffle(Array.from({ length: rows }, (_, row) => row));
  return Array.from({ length: minibatches }, (_, i) =>
    order.slice(Math.floor((i * rows) / minibatches), Math.floor(((i + 1) * rows) / minibatches)),
  );
}

/** One pass over the experience. @returns the numbers of each minibatch, owned by the caller */
function runEpoch(run: PpoRun, experience: Experience, epoch: number, knobs: Knobs): NumberRow[] {
  const parts = partition(run, epoch, experience.completionMask.shape[0]);
  const nameOf = (index: number) => `${epoch}.${index}, iteration`;
  if (parts.length === 1) return [takeStep({ run, part: experience, knobs, name: nameOf(0) })]; // order does not matter, nothing to pick
  return parts.map((rows, index) => {
    const part = pickRows(experience, rows);
    const numbers = takeStep({ run, part, knobs, name: nameOf(index) });
    disposeMinibatch(part);
    return numbers;
  });
}

/** Reads rows of numbers back, all with the same names, and frees them. */
async function readRows(rows: NumberRow[]): Promise<Record<string, number>[]> {
  const tensors = rows.map(({ row }) => row);
  const table = tf.tidy(() => tf.stack(tensors)) as tf.Tensor2D;
  tf.dispose(tensors);
  try {
    return ((await table.array()) as number[][]).map((row, i) => Object.fromEntries(rows[i]!.ids.map((id, column) => [id, row[column]!])));
  } finally {
    table.dispose();
  }
}

const total = (rows: readonly Record<string, number>[], id: string): number => rows.reduce((sum, row) => sum + row[id]!, 0);

/**
 * Takes `epochs` × `minibatches` clipped steps. The numbers stay on the device until the end, unless an early stop has to look
 * at them after each epoch.
 * @returns means over epochs and minibatches, and how many minibatches were skipped
 */
export async function optimise(run: PpoRun, experience: Experience, knobs: Knobs): Promise<MetricValues> {
  const { epochs, earlyStopKl } = run.inputs.config;
  const done: Record<string, number>[] = [];
  let waiting: NumberRow[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    append(waiting, runEpoch(run, experience, epoch, knobs));
    if (earlyStopKl <= 0) continue;
    const latest = await readRows(waiting);
    waiting = [];
    append(done, latest);
    if (total(latest, 'policyKl') / latest.length > earlyStopKl) break;
  }
  if (waiting.length > 0) append(done, await readRows(waiting));
  const { policyKl: _, skipped: __, ...reported } = done[0]!;
  const averaged = Object.fromEntries(Object.keys(reported).map((id) => [id, total(done, id) / done.length]));
  return { ...averaged, 'val/skipped': total(done, 'skipped') };
}
