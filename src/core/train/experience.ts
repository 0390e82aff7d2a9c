/**
 * What one iteration of PPO learns from: completions of the policy, and for every token of them what it was paid and
 * how much better that was than expected. The batch that phase 2 makes, and the minibatches that phase 3 cuts it into.
 */
import { readNumbers } from '../kernels/readNumbers';
import type { Rollout, TokenBatch } from '../model/causalNetwork';
import type { Random } from '../tensor/random';
import { tf } from '../tf';
import { disposeBatch } from './texts';

/** Owned by the iteration that made it. [B,G] unless said otherwise; 0 at padding. */
export interface Experience {
  batch: TokenBatch;
  /** P */
  promptLength: number;
  completionMask: tf.Tensor2D;
  /** of the policy that sampled */
  logprobs: tf.Tensor2D;
  refLogprobs: tf.Tensor2D;
  /** [B,G,V] of the reference, which the exact divergence is taken from; null where the vocabulary is large */
  refLogits: tf.Tensor3D | null;
  /** by the estimator of the configuration, nats */
  kl: tf.Tensor2D;
  /** 0 everywhere where there is no critic, as are the returns */
  values: tf.Tensor2D;
  rewards: tf.Tensor2D;
  /** before whitening */
  rawAdvantages: tf.Tensor2D;
  /** whitened over the batch, where the configuration says so */
  advantages: tf.Tensor2D;
  returns: tf.Tensor2D;
  /** [B] of the reward model, penalty for a missing <eos> included */
  scores: tf.Tensor1D;
  /** scalar share of groups that all earned the same; none where completions are not compared in groups */
  equalShare?: tf.Scalar;
}

export function disposeRollout({ batch, completionMask, logprobs }: Rollout): void {
  disposeBatch(batch);
  tf.dispose([completionMask, logprobs]);
}

/** Frees what was made of a rollout, which has its own owner. */
export function disposeExperience(experience: Experience): void {
  const { refLogprobs, scores, kl, values, rewards, rawAdvantages, advantages, returns } = experience;
  const { refLogits, equalShare } = experience;
  tf.dispose([refLogprobs, scores, kl, values, rewards, rawAdvantages, advantages, returns]);
  for (const some of [refLogits, equalShare]) some?.dispose();
}

/** The same rollout once the device has written it: otherwise whatever reads it first would be charged for it. */
export async function whenWritten(rollout: Rollout): Promise<Rollout> {
  try {
    await readNumbers(tf.sum(rollout.completionMask));
    return rollout;
  } catch (error) {
    disposeRollout(rollout);
    throw error;
  }
}

/**
 * Makes tensors one after the other; when one cannot be made, those before it are freed.
 * @param make hands each of them to `keep`
 */
export async function allOrNone<T>(make: (keep: <X extends tf.Tensor>(made: X) => X) => Promise<T>): Promise<T> {
  const made: tf.Tensor[] = [];
  const keep = <X extends tf.Tensor>(tensor: X): X => {
    made.push(tensor);
    return tensor;
  };
  try {
    return await make(keep);
  } catch (error) {
    tf.dispose(made);
    throw error;
  }
}

const PICKED = ['completionMask', 'logprobs', 'refLogprobs', 'values', 'advantages', 'returns'] as const;
/** The rows of the experience that one update looks at, and which of its rows they are. */
export type Minibatch = Pick<Experience, 'batch' | 'promptLength' | (typeof PICKED)[number]> & {
  rows: readonly number[];
};

/** Some rows of everything, owned by the caller. */
function pickRows(experience: Experience, rows: readonly number[]): Minibatch {
  const part = tf.tidy(() => {
    const index = tf.tensor1d([...rows], 'int32');
    const { batch, promptLength } = experience;
    const picked = Object.fromEntries(PICKED.map((name) => [name, tf.gather(experience[name], index)]));
    const [leftPad, ends] = [batch.leftPad, batch.ends].map((of) => (of ? tf.gather(of, index) : null));
    return { ...picked, promptLength, batch: { tokens: tf.gather(batch.tokens, index), leftPad, ends } } as Omit<
      Minibatch,
      'rows'
    > &
      tf.TensorContainerObject;
  });
  return { ...part, rows };
}

function disposeMinibatch(part: Minibatch): void {
  disposeBatch(part.batch);
  tf.dispose(PICKED.map((name) => part[name]));
}

/**
 * Cuts the batch into parts of nearly equal size, its rows in a new order, and lends one after the other. One part is
 * the batch itself: order does not matter then, and nothing has to be picked.
 */
export function* inMinibatches(experience: Experience, count: number, random: Random): Generator<Minibatch> {
  const rows = experience.completionMask.shape[0];
  const parts = Math.min(rows, Math.max(1, count));
  const inOrder = Array.from({ length: rows }, (_, row) => row);
  if (parts === 1) return yield { ...experience, rows: inOrder };
  const order = random.shuffle(inOrder);
  for (let i = 0; i < parts; i++) {
    const [from, to] = [i, i + 1].map((edge) => Math.floor((edge * rows) / parts));
    const part = pickRows(experience, order.slice(from, to));
    try {
      yield part;
    } finally {
      disposeMinibatch(part);
    }
  }
}
