/**
 * How well a translator does on sentences it never saw: the share it translates without one wrong word, and whether
 * cross-attention looks where the grammar knows the partner to be.
 */
import { CONTENT_CLASSES } from '../../contract/translate';
import { tf } from '../tf';
import { classOf } from './lexicon';
import { PAD, pairsOf, type SentencePairs } from './sentences';
import { translate } from './translation';
import type { Translator } from './translator';

/** One attention head of the decoder's cross-attention. */
export interface HeadMeasure {
  layer: number;
  head: number;
  /** share of words with a meaning whose largest weight is on the true partner */
  agreement: number;
}

/**
 * Greedy search writes the right translation word by word exactly when, given the right words before, the likeliest
 * next one is right at every place: then the words before are its own. So one pass decides it, without searching.
 * @param cut without cross-attention
 * @returns share of the sentences, 0 … 1
 */
export async function exactMatch(translator: Translator, pairs: SentencePairs, cut: boolean): Promise<number> {
  const share = tf.tidy(() => {
    const labels = tf.tensor1d(pairs.labels, 'int32');
    const guessed = tf.argMax(translator.logits(pairs, { cut }), 1);
    const right = tf.logicalOr(tf.equal(guessed, labels), tf.equal(labels, PAD));
    return tf.mean(tf.cast(tf.all(tf.reshape(right, [pairs.rows, pairs.targetColumns]), 1), 'float32'));
  });
  const [value] = (await share.data()) as unknown as [number];
  share.dispose();
  return value;
}

const hasMeaning = (word: string): boolean => CONTENT_CLASSES.includes(classOf(word) ?? 'other');

/** where rows of one layer's weights [B,H,Q,K] are looked at: words with a meaning, and their true partners */
interface Place {
  row: number;
  query: number;
  partner: number;
}
const placesOf = (sentences: readonly (readonly string[])[]): Place[] =>
  sentences.flatMap((words, row) =>
    translate(words).partner.flatMap((partner, query) =>
      hasMeaning(words[partner] as string) ? [{ row, query, partner }] : [],
    ),
  );

/** of equals the first */
function largestAt(weights: Float32Array, from: number, count: number): number {
  let best = 0;
  for (let j = 1; j < count; j++) if (weights[from + j]! > weights[from + best]!) best = j;
  return best;
}

/** @returns every head of cross-attention, layer by layer */
export async function measureHeads(
  translator: Translator,
  sentences: readonly (readonly string[])[],
): Promise<HeadMeasure[]> {
  const layers = crossAttention(translator, pairsOf(sentences));
  const places = placesOf(sentences);
  const measures: HeadMeasure[] = [];
  for (const [layer, tensor] of layers.entries()) {
    const weights = (await tensor.data()) as Float32Array;
    const [, heads, queries, keys] = tensor.shape;
    tensor.dispose();
    for (let head = 0; head < heads; head++) {
      const agreeing = places.filter(({ row, query, partner }) => {
        const from = ((row * heads + head) * queries + query) * keys;
        return largestAt(weights, from, keys) === partner;
      });
      measures.push({ layer, head, agreement: agreeing.length / places.length });
    }
  }
  return measures;
}

/** @returns [B,H,T,S] of every layer, owned by the caller */
function crossAttention(translator: Translator, pairs: SentencePairs): tf.Tensor4D[] {
  const layers: tf.Tensor4D[] = [];
  translator
    .logits(pairs, {
      onAttention: (kind, layer, weights) => {
        if (kind === 'cross') layers[layer] = tf.keep(tf.clone(weights));
      },
    })
    .dispose();
  return layers;
}

/** the head that finds the true partner most often */
export const strongestHead = (heads: readonly HeadMeasure[]): HeadMeasure =>
  heads.reduce((best, head) => (head.agreement > best.agreement ? head : best));
