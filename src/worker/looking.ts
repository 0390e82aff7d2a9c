/** Looking inside a network: where it looks, and what it would say next. */
import type { SamplingConfig } from '../contract/config';
import { maxOf } from '../contract/many';
import type { AttentionMaps, NextToken } from '../contract/observations';
import type { CausalNetwork } from '../core/model/causalNetwork';
import type { Corpus } from '../core/text/corpus';
import { tf } from '../core/tf';
import { promptIds } from './writing';

/** bars beyond these are too small to see */
const SHOWN_TOKENS = 40;

/** @returns maps of the last `contextLength` tokens of the text; all heads in one read */
export async function attentionMaps(network: CausalNetwork, corpus: Corpus, text: string): Promise<AttentionMaps> {
  const { layers, heads, contextLength } = network.config;
  const ids = promptIds(corpus, text, contextLength);
  const stacked = tf.tidy(() => {
    const tokens = tf.tensor2d(ids, [1, ids.length], 'int32');
    const maps = network.attention({ tokens, leftPad: null });
    const all = tf.stack(maps); // [L,H,T,T]
    tf.dispose(maps); // kept by the network beyond this tidy
    return all;
  });
  try {
    const weights = Float32Array.from(await stacked.data());
    return { tokens: ids.map((id) => corpus.tokenizer.tokenText(id)), layers, heads, weights };
  } finally {
    stacked.dispose();
  }
}

const softmax = (logits: readonly number[]): number[] => {
  const largest = maxOf(logits);
  const weights = logits.map((logit) => Math.exp(logit - largest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
};

/**
 * The distribution after temperature, top-k and top-p, in this order, as core/sample draws from it.
 * @param logits falling
 */
function filtered(logits: readonly number[], { temperature, topK, topP }: SamplingConfig): number[] {
  if (temperature === 0) return logits.map((_, i) => (i === 0 ? 1 : 0));
  const least = topK > 0 ? (logits[Math.min(topK, logits.length) - 1] ?? Number.NEGATIVE_INFINITY) : Number.NEGATIVE_INFINITY;
  const warm = softmax(logits.map((logit) => (logit >= least ? logit / temperature : Number.NEGATIVE_INFINITY)));
  let before = 0;
  const kept = warm.map((probability, i) => {
    const keep = topP >= 1 || i === 0 || before < topP;
    before += probability;
    return keep ? probability : 0;
  });
  const sum = kept.reduce((total, probability) => total + probability, 0);
  return kept.map((probability) => probability / sum);
}

/** @returns the likeliest next tokens, likeliest first */
export async function nextTokens(network: CausalNetwork, corpus: Corpus, text: string, sampling: SamplingConfig): Promise<NextToken[]> {
  const ids = promptIds(corpus, text, network.config.contextLength);
  const last = tf.tidy(() => network.logits({ tokens: tf.tensor2d(ids, [1, ids.length], 'int32'), leftPad: null }, ids.length - 1));
  try {
    const logits = Array.from(await last.data());
    const order = logits.map((_, id) => id).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0));
    const falling = order.map((id) => logits[id] ?? 0);
    const plain = softmax(falling);
    const cut = filtered(falling, sampling);
    return order.slice(0, SHOWN_TOKENS).map((id, i) => ({
      id,
      text: corpus.tokenizer.tokenText(id),
      probability: plain[i] ?? 0,
      filtered: cut[i] ?? 0,
    }));
  } finally {
    last.dispose();
  }
}
