/** Looking inside a network: where it looks, and what it would say next. */
import type { SamplingConfig } from '../contract/config';
import type { AttentionMaps, NextToken } from '../contract/observations';
import type { CausalNetwork } from '../core/model/causalNetwork';
import { filterLogits } from '../core/sample/filterLogits';
import type { Corpus } from '../core/text/corpus';
import { tf } from '../core/tf';
import { promptIds } from './writing';

/** bars beyond these are too small to see */
const SHOWN_TOKENS = 40;
const AS_IS: SamplingConfig = { temperature: 1, topK: 0, topP: 1 };

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
    const unknownWords = corpus.tokenizer.unknownWords(text);
    const tokens = ids.map((id) => corpus.tokenizer.tokenText(id));
    return { tokens, layers, heads, weights, ...(unknownWords.length > 0 && { unknownWords }) };
  } finally {
    stacked.dispose();
  }
}

/**
 * @returns the likeliest next tokens, likeliest first, of equals the one of lowest id; what is left of each after
 * temperature, top-k and top-p is what the sampler draws from
 */
export async function nextTokens(
  network: CausalNetwork,
  corpus: Corpus,
  text: string,
  sampling: SamplingConfig,
): Promise<NextToken[]> {
  const ids = promptIds(corpus, text, network.config.contextLength);
  const read = tf.tidy(() => {
    const last = network.logits({ tokens: tf.tensor2d(ids, [1, ids.length], 'int32'), leftPad: null }, ids.length - 1);
    const logits = filterLogits(tf.reshape(last, [1, -1]), AS_IS);
    const filtered = filterLogits(logits, sampling);
    return tf.concat([logits, tf.softmax(logits), tf.softmax(filtered)]); // [3,V]
  });
  try {
    const numbers = await read.data();
    const vocabSize = read.shape[1] as number;
    const order = Array.from({ length: vocabSize }, (_, id) => id).sort((a, b) => numbers[b]! - numbers[a]!);
    return order.slice(0, SHOWN_TOKENS).map((id) => ({
      id,
      text: corpus.tokenizer.tokenText(id),
      probability: numbers[vocabSize + id]!,
      filtered: numbers[2 * vocabSize + id]!,
    }));
  } finally {
    read.dispose();
  }
}
