/** What an executor computes of one text, for whoever looks inside. */
import type { CausalNetwork, NamedTensors } from '../../core/model/causalNetwork';
import { tf } from '../../core/tf';
import type { Model } from '../session';
import { promptIds } from '../writing';

/** A text as a model reads it. */
export interface ReadText {
  ids: number[];
  tokens: string[];
  unknownWords: string[];
}

export function readText({ network, corpus }: Model, text: string): ReadText {
  const ids = promptIds(corpus, text, network.config.contextLength);
  const { tokenizer } = corpus;
  return { ids, tokens: ids.map((id) => tokenizer.tokenText(id)), unknownWords: tokenizer.unknownWords(text) };
}

/** What an executor computes of one text, read at once. */
export interface Executed {
  weights: NamedTensors;
  /** attention of all layers, [L,H,T,T] */
  maps: Float32Array;
  /** the last hidden states, [T,C] */
  hidden: Float32Array;
  /** [T,V]; null for a model that judges */
  logits: Float32Array | null;
}

/** Everything is asked before anything is awaited, so that a model that learns meanwhile is seen at one moment. */
export async function execute(network: CausalNetwork, ids: readonly number[]): Promise<Executed> {
  const saving = network.savePlain();
  const read = tf.tidy(() => {
    const batch = { tokens: tf.tensor2d([...ids], [1, ids.length], 'int32'), leftPad: null };
    const maps = network.attention(batch);
    const stacked = tf.stack(maps); // [L,H,T,T]
    tf.dispose(maps); // kept by the network beyond this tidy
    const hidden = network.hidden(batch);
    return network.heads.language ? [stacked, hidden, network.logits(batch)] : [stacked, hidden];
  });
  try {
    const [weights, ...numbers] = await Promise.all([saving, ...read.map((tensor) => tensor.data())]);
    const [maps, hidden, logits] = numbers.map((values) => Float32Array.from(values));
    return { weights, maps: maps as Float32Array, hidden: hidden as Float32Array, logits: logits ?? null };
  } finally {
    tf.dispose(read);
  }
}
