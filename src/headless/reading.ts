/** What a network says of a row of tokens, as plain numbers. */
import type { CausalNetwork } from '../core/model/causalNetwork';
import { Random } from '../core/tensor/random';
import { tf } from '../core/tf';

const asTokens = (ids: readonly number[]): tf.Tensor2D => tf.tensor2d([...ids], [1, ids.length], 'int32');

/** @returns logits by position, then by token */
export async function logitsOf(network: CausalNetwork, ids: readonly number[]): Promise<number[][]> {
  const logits = tf.tidy(() => tf.squeeze<tf.Tensor2D>(network.logits({ tokens: asTokens(ids), leftPad: null }), [0]));
  try {
    return await logits.array();
  } finally {
    logits.dispose();
  }
}

/**
 * @param count most; fewer where the context ends before, or the text
 * @param eosId token that ends a text, itself among what is returned; null: nothing does
 */
export async function greedyAfter(
  network: CausalNetwork,
  ids: readonly number[],
  count: number,
  eosId: number | null = null,
): Promise<number[]> {
  const completionLength = Math.min(count, network.config.contextLength - ids.length);
  if (completionLength === 0) return [];
  const tokens = asTokens(ids);
  const sampling = { temperature: 0, topK: 0, topP: 1 };
  const options = { sampling, completionLength, eosId, padId: 0 };
  const written = network.generate({ tokens, leftPad: null }, options, Random.fromSeed(1));
  const { batch, completionMask, logprobs } = written;
  const [all, mask] = await Promise.all([batch.tokens.data(), completionMask.data()]);
  tf.dispose([tokens, batch.tokens, completionMask, logprobs]);
  return [...all].slice(ids.length).filter((_, i) => mask[i] === 1);
}
