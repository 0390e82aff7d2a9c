/**
 * What a model loses on texts that nobody trained on, text by text, so that two models can be told apart from noise.
 */
import type { HeldOutChange } from '../../contract/inside';
import type { CausalNetwork } from '../model/causalNetwork';
import type { TokenRows } from '../text/corpus';
import { tf } from '../tf';

/** Sums of nats and numbers of predicted tokens, one a text. */
export interface TextLosses {
  nats: Float32Array;
  counted: Float32Array;
}

/** −Σ log π(token) of every row at temperature 1; column 0 is never predicted. One forward pass. */
export async function textLosses(network: CausalNetwork, rows: TokenRows): Promise<TextLosses> {
  const { rows: count, columns, tokens, mask } = rows;
  const read = tf.tidy(() => {
    const batch = { tokens: tf.tensor2d(tokens, [count, columns], 'int32'), leftPad: null };
    const predicted = tf.slice(tf.tensor2d(mask, [count, columns]), [0, 1], [count, columns - 1]);
    const { logprobs } = network.logprobs(batch, 1, 1); // [B,T−1]
    return tf.stack([tf.neg(tf.sum(tf.mul(logprobs, predicted), 1)), tf.sum(predicted, 1)]); // [2,B]
  });
  try {
    const numbers = Float32Array.from(await read.data());
    return { nats: numbers.subarray(0, count), counted: numbers.subarray(count) };
  } finally {
    read.dispose();
  }
}

const total = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);

/** nats per token over all texts */
export const meanLoss = ({ nats, counted }: TextLosses): number => total(nats) / total(counted);

/** standard errors beyond which a difference is called one: by chance that happens once in twenty times */
const CLEAR = 2;

/**
 * The change of the mean loss between two models on the same texts. Texts, not tokens, are drawn, so the standard error
 * of the ratio Σ d / Σ n is √(m/(m−1) · Σ (dᵢ − r·nᵢ)²) / Σ n. Cochran 1977, section 6.4
 */
export function lossChange(before: TextLosses, after: TextLosses): HeldOutChange {
  const [from, to] = [meanLoss(before), meanLoss(after)];
  const texts = before.nats.length;
  const difference = to - from;
  const squares = before.nats.reduce((sum, nats, i) => {
    const own = (after.nats[i] as number) - nats;
    return sum + (own - difference * (before.counted[i] as number)) ** 2;
  }, 0);
  const error = Math.sqrt((texts / Math.max(1, texts - 1)) * squares) / total(before.counted);
  return { before: from, after: to, texts, clear: Math.abs(difference) > CLEAR * error };
}
