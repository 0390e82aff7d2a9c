/** The optimisation phase: a few passes over one batch of experience, with the brakes that keep each pass short. */
import type { MetricValues } from '../../contract/metrics';
import { policyLoss, policyStatistics, valueLoss, valueStatistics } from '../losses/ppoLoss';
import { maskedMean } from '../tensor/masked';
import { tf } from '../tf';
import type { Experience } from './experience';
import type { PpoRun } from './ppoRun';

/** The rows of the experience that one update looks at. */
type Minibatch = Pick<Experience, 'batch' | 'promptLength' | 'completionMask' | 'logprobs' | 'values' | 'advantages' | 'returns'>;

/** Averaged over epochs and minibatches, in this order in the stacked tensor. */
const AVERAGED = [
  'loss/policy_avg',
  'loss/value_avg',
  'policy/approxkl_avg',
  'policy/clipfrac_avg',
  'policy/entropy_avg',
  'val/clipfrac_avg',
  'val/ratio',
  'val/explained_var',
  'train/gradNorm',
] as const;
/** two more numbers behind them */
const POLICY_KL = AVERAGED.length;
const SKIPPED = AVERAGED.length + 1;

/** Some rows of everything, owned by the caller. */
function pickRows(experience: Experience, rows: number[]): Minibatch {
  return tf.tidy(() => {
    const index = tf.tensor1d(rows, 'int32');
    const pick = <T extends tf.Tensor>(tensor: T): T => tf.gather(tensor, index);
    const { batch, promptLength, completionMask, logprobs, values, advantages, returns } = experience;
    return {
      batch: { tokens: pick(batch.tokens), leftPad: batch.leftPad && pick(batch.leftPad) },
      promptLength,
      completionMask: pick(completionMask),
      logprobs: pick(logprobs),
      values: pick(values),
      advantages: pick(advantages),
      returns: pick(returns),
    } as Minibatch & tf.TensorContainerObject;
  });
}

function disposeMinibatch({ batch, completionMask, logprobs, values, advantages, returns }: Minibatch): void {
  tf.dispose([batch.tokens, ...(batch.leftPad ? [batch.leftPad] : []), completionMask, logprobs, values, advantages, returns]);
}

/** Loss of the policy and everything to report about it. A minibatch whose mean ratio is beyond all reason counts 0 (TRL 0.7). */
function policyObjective(run: PpoRun, part: Minibatch, newLogprobs: tf.Tensor2D, entropy: tf.Tensor2D) {
  const { clipRange, maxRatio } = run.inputs.config;
  const inputs = { newLogprobs, logprobs: part.logprobs, advantages: part.advantages, completionMask: part.completionMask, clipRange };
  const loss = policyLoss(inputs);
  const statistics = policyStatistics(inputs);
  const gate = tf.step(tf.sub<tf.Scalar>(maxRatio, statistics.meanRatio)); // 1 or 0, with a gradient of 0: it is no way to lower the loss
  return { loss, gate, ...statistics, entropy: maskedMean<tf.Scalar>(entropy, part.completionMask) };
}

function valueObjective(run: PpoRun, part: Minibatch, newValues: tf.Tensor2D) {
  const { values, returns, completionMask } = part;
  const inputs = { newValues, values, returns, completionMask, clipRangeValue: run.inputs.config.clipRangeValue };
  const { clipFraction, explainedVariance } = valueStatistics(inputs);
  return { loss: valueLoss(inputs), clipFraction, explainedVariance };
}

type PolicyObjective = ReturnType<typeof policyObjective>;
type ValueObjective = ReturnType<typeof valueObjective>;

/** Lets the numbers of an objective outlive the gradient that computed them; whoever called disposes of them. */
const keepAll = <T extends Record<string, tf.Tensor>>(objective: T): T => {
  for (const tensor of Object.values(objective)) tf.keep(tensor);
  return objective;
};

const gated = (loss: tf.Scalar, gate: tf.Scalar, weight = 1): tf.Scalar => tf.mul(tf.mul(loss, gate), weight);

/** Policy and critic are two networks: two losses, two steps. */
function updateSeparate(
  run: PpoRun,
  part: Minibatch,
  learningRate: number,
): { policy: PolicyObjective; value: ValueObjective; gradNorm: tf.Scalar } {
  const { temperature, valueCoef } = run.inputs.config;
  let policy: PolicyObjective | undefined;
  let value: ValueObjective | undefined;
  const step = run.policyOptimizer.minimize(() => {
    const { logprobs, entropy } = run.policy.logprobs(part.batch, part.promptLength, temperature);
    policy = keepAll(policyObjective(run, part, logprobs, entropy));
    return gated(policy.loss, policy.gate);
  }, learningRate);
  const valueStep = run.valueOptimizer!.minimize(() => {
    value = keepAll(valueObjective(run, part, run.valueModel!.values(part.batch, part.promptLength)));
    return gated(value.loss, policy!.gate, valueCoef);
  }, learningRate);
  tf.dispose([step.loss, valueStep.loss, valueStep.gradNorm]);
  return { policy: policy!, value: value!, gradNorm: step.gradNorm };
}

/** One trunk, two heads: one loss, one step. */
function updateShared(
  run: PpoRun,
  part: Minibatch,
  learningRate: number,
): { policy: PolicyObjective; value: ValueObjective; gradNorm: tf.Scalar } {
  const { temperature, valueCoef } = run.inputs.config;
  let policy: PolicyObjective | undefined;
  let value: ValueObjective | undefined;
  const step = run.policyOptimizer.minimize(() => {
    const { logprobs, entropy, values } = run.policy.logprobsAndValues(part.batch, part.promptLength, temperature);
    policy = keepAll(policyObjective(run, part, logprobs, entropy));
    value = keepAll(valueObjective(run, part, values));
    return gated(tf.add(policy.loss, tf.mul(value.loss, valueCoef)), policy.gate);
  }, learningRate);
  step.loss.dispose();
  return { policy: policy!, value: value!, gradNorm: step.gradNorm };
}

/** @returns [11] the numbers of one update in the order of AVERAGED, then policykl and whether it was skipped */
function update(run: PpoRun, part: Minibatch, learningRate: number): tf.Tensor1D {
  const { policy, value, gradNorm } = (run.valueModel ? updateSeparate : updateShared)(run, part, learningRate);
  const row = tf.tidy(() => {
    const { loss, approxKl, clipFraction, entropy, meanRatio, policyKl, gate } = policy;
    const averaged = [loss, value.loss, approxKl, clipFraction, entropy, value.clipFraction, meanRatio, value.explainedVariance, gradNorm];
    return tf.stack([...averaged, policyKl, tf.sub(1, gate)]) as tf.Tensor1D;
  });
  tf.dispose([...Object.values(policy), ...Object.values(value), gradNorm]);
  return row;
}

/** Rows in a new order each epoch, cut into minibatches of nearly equal size. */
function partition(run: PpoRun, epoch: number, rows: number): number[][] {
  const minibatches = Math.min(rows, Math.max(1, run.inputs.config.minibatches));
  const order = run.stream(`epoch ${epoch}, iteration`).shuffle(Array.from({ length: rows }, (_, row) => row));
  return Array.from({ length: minibatches }, (_, i) =>
    order.slice(Math.floor((i * rows) / minibatches), Math.floor(((i + 1) * rows) / minibatches)),
  );
}

/** One pass over the experience. @returns one row of numbers per minibatch, owned by the caller */
function runEpoch(run: PpoRun, experience: Experience, epoch: number, learningRate: number): tf.Tensor1D[] {
  const rows = experience.completionMask.shape[0];
  const parts = partition(run, epoch, rows);
  if (parts.length === 1) return [update(run, experience, learningRate)]; // order does not matter, nothing to pick
  return parts.map((part) => {
    const minibatch = pickRows(experience, part);
    const numbers = update(run, minibatch, learningRate);
    disposeMinibatch(minibatch);
    return numbers;
  });
}

/** Reads rows of numbers back and frees them. */
async function readRows(rows: tf.Tensor1D[]): Promise<number[][]> {
  const table = tf.tidy(() => tf.stack(rows)) as tf.Tensor2D;
  tf.dispose(rows);
  try {
    return (await table.array()) as number[][];
  } finally {
    table.dispose();
  }
}

const mean = (rows: readonly number[][], column: number): number => rows.reduce((sum, row) => sum + row[column]!, 0) / rows.length;

/**
 * Takes `epochs` × `minibatches` clipped steps. The numbers stay on the device until the end, unless an early stop has to look
 * at them after each epoch.
 */
export async function optimise(run: PpoRun, experience: Experience, learningRate: number): Promise<MetricValues> {
  const { epochs, earlyStopKl } = run.inputs.config;
  const done: number[][] = [];
  let waiting: tf.Tensor1D[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    waiting.push(...runEpoch(run, experience, epoch, learningRate));
    if (earlyStopKl <= 0) continue;
    const latest = await readRows(waiting);
    waiting = [];
    done.push(...latest);
    if (mean(latest, POLICY_KL) > earlyStopKl) break;
  }
  if (waiting.length > 0) done.push(...(await readRows(waiting)));
  const averaged = Object.fromEntries(AVERAGED.map((id, column) => [id, mean(done, column)]));
  return { ...averaged, 'val/skipped': done.reduce((sum, row) => sum + row[SKIPPED]!, 0) };
}
