/**
 * Log-probabilities and entropies through a large language head, a few rows at a time: over 50,257 tokens the logits of
 * a batch are a hundred megabytes, and are never there together. On the way back they are computed once more.
 *
 *   x = h·W / τ                  of some rows
 *   log π(token) = x_token − lse,   H = −Σ π log π,   lse = log Σ exp x       kept of every row: three numbers
 *   dx = dlogp·([v = token] − π) − dH·π·(log π + H),   dh = dx·Wᵀ/τ,   dW = Σ hᵀ·dx/τ
 */
import { oneHot } from '../../tensor/oneHot';
import { tf } from '../../tf';
import { contractRows } from './linear';

/** logits that may be there at once, 32 MB */
const MOST_LOGITS = 2 ** 23;

/** @returns how many rows are computed at once; all where their logits are few enough to be kept */
export const rowsAtOnce = (rows: number, vocabSize: number): number =>
  rows * vocabSize <= MOST_LOGITS ? rows : Math.max(1, Math.floor(MOST_LOGITS / 4 / vocabSize));

export interface LanguageHead {
  /** [C,V] */
  weight: tf.Tensor2D;
  /** whether its gradient is asked for */
  learns: boolean;
}

/** What is asked of every row. */
interface Asked {
  /** [N] int32, the token after each row */
  tokens: tf.Tensor1D;
  temperature: number;
  /** rows at once */
  size: number;
}

/** @returns [n,V] */
const scaledLogits = (states: tf.Tensor2D, weight: tf.Tensor2D, temperature: number): tf.Tensor2D =>
  tf.div(tf.matMul(states, weight), temperature);

const rowsOf = <T extends tf.Tensor>(all: T, from: number, count: number): T =>
  tf.slice(all, [from, ...all.shape.slice(1).map(() => 0)], [count, ...all.shape.slice(1)]) as T;

/** @param work on rows [from, from + count), its result the caller's */
function byChunks(rows: number, size: number, work: (from: number, count: number) => void): void {
  for (let from = 0; from < rows; from += size) work(from, Math.min(size, rows - from));
}

/** @returns [N,3]: log-probability, entropy, log Σ exp */
function forward(states: tf.Tensor2D, weight: tf.Tensor2D, { tokens, temperature, size }: Asked): tf.Tensor2D {
  const parts: tf.Tensor2D[] = [];
  byChunks(states.shape[0], size, (from, count) => {
    parts.push(
      tf.tidy(() => {
        const logits = scaledLogits(rowsOf(states, from, count), weight, temperature);
        const lse = tf.logSumExp(logits, 1, true); // [n,1]
        const logPi = tf.sub(logits, lse);
        const entropy = tf.neg(tf.sum(tf.mul(tf.exp(logPi), logPi), 1, true));
        const chosen = tf.sum(tf.mul(logPi, oneHot(rowsOf(tokens, from, count), weight.shape[1])), 1, true);
        return tf.concat([chosen, entropy, lse], 1) as tf.Tensor2D;
      }),
    );
  });
  return tf.concat(parts, 0);
}

/**
 * @param dy [n,3] and @param known [n,3] of some rows; @returns [n,V] gradient with respect to their logits before τ
 */
function logitGradient(
  logits: tf.Tensor2D,
  tokens: tf.Tensor1D,
  dy: tf.Tensor2D,
  known: tf.Tensor2D,
  temperature: number,
) {
  const [, entropy, lse] = tf.split(known, 3, 1);
  const [dLogprob, dEntropy] = tf.split(tf.div(dy, temperature), 3, 1);
  const logPi = tf.sub(logits, lse!);
  const pi = tf.exp(logPi);
  const ofChosen = tf.mul(tf.sub(oneHot(tokens, logits.shape[1]), pi), dLogprob!);
  return tf.sub<tf.Tensor2D>(ofChosen, tf.mul(tf.mul(pi, tf.add(logPi, entropy!)), dEntropy!));
}

/** @returns dStates [N,C], and dWeight [C,V] where the head learns */
function backward(
  { weight, learns }: LanguageHead,
  { tokens, temperature, size }: Asked,
  dy: tf.Tensor2D,
  states: tf.Tensor2D,
  known: tf.Tensor2D,
): tf.Tensor[] {
  const turned = tf.transpose(weight);
  const dStates: tf.Tensor2D[] = [];
  let dWeight: tf.Tensor | null = null;
  byChunks(states.shape[0], size, (from, count) => {
    const [own, before] = tf.tidy(() => {
      const part = rowsOf(states, from, count);
      const [theirs, slopes] = [rowsOf(known, from, count), rowsOf(dy, from, count)];
      const logits = scaledLogits(part, weight, temperature);
      const dLogits = logitGradient(logits, rowsOf(tokens, from, count), slopes, theirs, temperature);
      const share = learns ? contractRows(part, dLogits) : null;
      return [tf.matMul(dLogits, turned), share && dWeight ? tf.add(dWeight, share) : share] as const;
    });
    dStates.push(own as tf.Tensor2D);
    if (before && dWeight) tf.dispose(dWeight);
    dWeight = before;
  });
  return [tf.concat(dStates, 0), ...(dWeight ? [dWeight] : [])];
}

/**
 * @param states [N,C] hidden states that the head reads
 * @returns both [N], nats, owned by the caller; differentiable in the states, and in the head where it learns
 */
export function chunkedLogprobs(
  states: tf.Tensor2D,
  head: LanguageHead,
  asked: Asked,
): { logprobs: tf.Tensor1D; entropy: tf.Tensor1D } {
  return tf.tidy(() => {
    const op = tf.customGrad((...inputs) => {
      const save = inputs.at(-1) as unknown as tf.GradSaveFunc;
      const value = forward(states, head.weight, asked);
      save([states, value]);
      const gradFunc = (dy: tf.Tensor, [kept, known]: tf.Tensor[]): tf.Tensor[] =>
        backward(head, asked, dy as tf.Tensor2D, kept as tf.Tensor2D, known as tf.Tensor2D);
      return { value, gradFunc };
    });
    const read = head.learns ? op(states, head.weight) : op(states);
    const [logprobs, entropy] = tf.unstack(read, 1) as tf.Tensor1D[];
    return { logprobs: logprobs!, entropy: entropy! };
  });
}
