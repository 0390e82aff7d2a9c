/**
 * Writing completions token by token: read the prompt, sample, feed the sample back. Everything stays on the device;
 * rows that have said <eos> go on as padding until the longest is done, because all rows advance together.
 *
 * Writing is work in slices: few enough tokens at a time that whoever waits can pause or give up in between.
 *
 *   completion      c0 c1 <eos> pad pad
 *   completionMask   1  1   1    0   0        <eos> was sampled by the policy, so it counts
 */
import type { SamplingConfig } from '../../contract/config';
import type { Random } from '../tensor/random';
import { tf } from '../tf';
import { sampleTokens, uniformNumbers } from './sampleTokens';

/** A model that reads one column at a time. Both methods return logits [B,V] owned by the caller. */
export interface Decoder {
  start(): tf.Tensor2D;
  next(tokens: tf.Tensor1D): tf.Tensor2D;
}

export interface Completions {
  /** [B,G] int32 */
  tokens: tf.Tensor2D;
  /** [B,G] float32 */
  mask: tf.Tensor2D;
}

export interface GenerateOptions {
  sampling: SamplingConfig;
  /** G */
  completionLength: number;
  /** null: nothing ends a text */
  eosId: number | null;
  padId: number;
}

/** rows times weights that one slice reads: a tenth of a second on one core */
const SLICE = 2 ** 28;
/** short enough that a slow card answers in time */
const MOST_COLUMNS = 8;

/**
 * @param pace slices of one core that are one here
 * @returns columns of `rows` texts that a model of so many weights writes in one slice
 */
export const columnsAtOnce = (rows: number, weights: number, pace = 1): number =>
  Math.max(1, Math.min(pace * MOST_COLUMNS, Math.floor((pace * SLICE) / (rows * weights))));

/** What one step hands to the next. */
interface Step {
  /** [B] int32, padding where the row had ended */
  token: tf.Tensor1D;
  /** [B] int32, 1 where this token counts */
  counts: tf.Tensor1D;
  /** [B] int32, 1 where the row goes on */
  alive: tf.Tensor1D;
}

function chooseTokens(
  logits: tf.Tensor2D,
  alive: tf.Tensor1D,
  uniforms: tf.Tensor2D,
  { sampling, eosId, padId }: GenerateOptions,
): Step {
  return tf.tidy(() => {
    const sampled = sampleTokens(logits, sampling, uniforms);
    const one = tf.scalar(1, 'int32');
    const pad = tf.mul(tf.scalar(padId, 'int32'), tf.sub(one, alive));
    const token = tf.add(tf.mul(sampled, alive), pad) as tf.Tensor1D;
    if (eosId === null) return { token, counts: tf.clone(alive), alive: tf.clone(alive) };
    const goesOn = tf.cast(tf.notEqual(sampled, tf.scalar(eosId, 'int32')), 'int32');
    return { token, counts: tf.clone(alive), alive: tf.mul(alive, goesOn) as tf.Tensor1D };
  });
}

/**
 * Stops after every so many columns but the last; what it holds is freed when it is given up.
 * @param decoder has not been started yet; borrowed
 * @param batch B
 * @param columns of one slice
 * @returns owned by the caller
 */
export function* generateTokens(
  decoder: Decoder,
  batch: number,
  options: GenerateOptions,
  random: Random,
  columns: number,
): Generator<void, Completions> {
  const { completionLength } = options;
  const uniforms = uniformNumbers(random, batch, completionLength);
  const steps: Step[] = [];
  let alive = tf.ones([batch], 'int32') as tf.Tensor1D;
  const made: tf.Tensor[] = [uniforms, alive];
  try {
    for (let g = 0; g < completionLength; g++) {
      if (g > 0 && g % columns === 0) yield;
      const previous = steps[g - 1];
      const logits = previous ? decoder.next(previous.token) : decoder.start();
      const numbers = tf.slice(uniforms, [0, g], [batch, 1]);
      const step = chooseTokens(logits, alive, numbers, options);
      tf.dispose([logits, numbers]);
      made.push(step.token, step.counts, step.alive);
      steps.push(step);
      alive = step.alive;
    }
    return joined(steps);
  } finally {
    tf.dispose(made);
  }
}

const joined = (steps: readonly Step[]): Completions =>
  tf.tidy(() => {
    const column = (part: 'token' | 'counts') =>
      tf.stack(
        steps.map((step) => step[part]),
        1,
      ) as tf.Tensor2D;
    return { tokens: column('token'), mask: tf.cast(column('counts'), 'float32') };
  });
