/**
 * The transformer of 2017, Vaswani et al.: an encoder reads the whole sentence, a decoder writes the other one word by
 * word and, in every block, asks the encoder's words (cross-attention).
 *
 *   encoder block   x ← Norm(x + SelfAttention(x))              every word reads every word
 *                   x ← Norm(x + MLP(x))
 *   decoder block   y ← Norm(y + SelfAttention(y))              no word reads a later one
 *                   y ← Norm(y + CrossAttention(y, encoder))    every word reads the whole sentence
 *                   y ← Norm(y + MLP(y))
 *   logits          y · targetEmbeddingᵀ                        no normalisation after the last block, no bias
 */
import { embedding } from '../model/ops/embedding';
import { layerNorm } from '../model/ops/layerNorm';
import { linear, project } from '../model/ops/linear';
import { prefixAttention } from '../model/ops/prefixAttention';
import { sinusoidTable } from '../model/sinusoids';
import type { Weights } from '../model/weights';
import { tf } from '../tf';
import type { TranslatorConfig } from './layout';

/** Texts as the transformer reads them, padded on the right. Borrowed. */
export interface Texts {
  /** [B,T] int32 */
  tokens: tf.Tensor2D;
  /** [B] int32, tokens that are no padding; at least 1 */
  lengths: tf.Tensor1D;
}

export type AttentionKind = 'encoder' | 'decoder' | 'cross';
/** borrows the weights [B,H,Q,K] of one block */
export type OnAttention = (kind: AttentionKind, layer: number, weights: tf.Tensor4D) => void;

/** Rows of one text, and how they lie. */
interface Rows {
  /** [B·T,C] */
  x: tf.Tensor2D;
  length: number;
  lengths: tf.Tensor1D;
}

interface Pass {
  weights: Weights;
  config: TranslatorConfig;
  onAttention: OnAttention | undefined;
}

const affine = (weights: Weights, name: string, part: string, x: tf.Tensor2D): tf.Tensor2D =>
  linear(x, weights.get(`${name}/w${part}`), weights.get<tf.Tensor1D>(`${name}/b${part}`));

/** Add & Norm: what a sublayer says is added to what it was told, and the sum normalised. */
const addAndNorm = (weights: Weights, name: string, x: tf.Tensor2D, said: tf.Tensor2D | null): tf.Tensor2D =>
  layerNorm(
    said ? tf.add(x, said) : x,
    weights.get<tf.Tensor1D>(`${name}Norm/gain`),
    weights.get<tf.Tensor1D>(`${name}Norm/bias`),
  );

/** @returns [B·Q,C], what the rows of `asking` read in `memory` */
function attend(
  { weights, config }: Pass,
  name: string,
  asking: Rows,
  memory: Rows,
  causal: boolean,
  onWeights: (seen: tf.Tensor4D) => void,
): tf.Tensor2D {
  const shape = {
    batch: asking.lengths.shape[0],
    queries: asking.length,
    keys: memory.length,
    heads: config.heads,
    width: config.width,
    causal,
  };
  const [q, kv] = [affine(weights, name, 'Q', asking.x), affine(weights, name, 'Kv', memory.x)];
  return affine(weights, name, 'Out', prefixAttention(q, kv, memory.lengths, shape, onWeights));
}

function mlp(weights: Weights, name: string, x: tf.Tensor2D): tf.Tensor2D {
  return affine(weights, name, 'Out', tf.relu(affine(weights, name, 'In', x)));
}

/** token vectors times √C plus the waves of their positions (sections 3.4 and 3.5); [B,T] → [B·T,C] */
function embed({ weights, config: { width } }: Pass, table: string, { tokens, lengths }: Texts): Rows {
  const [batch, length] = tokens.shape;
  const vectors = tf.mul(
    embedding(weights.get(table), tf.reshape(tokens, [batch * length]) as tf.Tensor1D),
    Math.sqrt(width),
  );
  const waves = tf.tile(tf.tensor2d(sinusoidTable(length, width), [length, width]), [batch, 1]);
  return { x: tf.add(vectors, waves) as tf.Tensor2D, length, lengths };
}

/** @returns the encoder's last rows */
function encode(pass: Pass, source: Texts): Rows {
  const { weights, config, onAttention } = pass;
  const rows = embed(pass, 'sourceEmbedding', source);
  for (let layer = 0; layer < config.layers; layer++) {
    const block = `encoder${layer}`;
    const read = attend(pass, `${block}/self`, rows, rows, false, (seen) => onAttention?.('encoder', layer, seen));
    rows.x = addAndNorm(weights, `${block}/self`, rows.x, read);
    rows.x = addAndNorm(weights, `${block}/mlp`, rows.x, mlp(weights, `${block}/mlp`, rows.x));
  }
  return rows;
}

/**
 * @param cut leaves cross-attention out: the sublayer says 0, its output bias too
 * @returns the decoder's last rows
 */
function decode(pass: Pass, target: Texts, memory: Rows, cut: boolean): Rows {
  const { weights, config, onAttention } = pass;
  const rows = embed(pass, 'targetEmbedding', target);
  for (let layer = 0; layer < config.layers; layer++) {
    const block = `decoder${layer}`;
    const read = attend(pass, `${block}/self`, rows, rows, true, (seen) => onAttention?.('decoder', layer, seen));
    rows.x = addAndNorm(weights, `${block}/self`, rows.x, read);
    const asked = cut
      ? null
      : attend(pass, `${block}/cross`, rows, memory, false, (seen) => onAttention?.('cross', layer, seen));
    rows.x = addAndNorm(weights, `${block}/cross`, rows.x, asked);
    rows.x = addAndNorm(weights, `${block}/mlp`, rows.x, mlp(weights, `${block}/mlp`, rows.x));
  }
  return rows;
}

export interface Look {
  /** without cross-attention */
  cut?: boolean;
  onAttention?: OnAttention;
}

/**
 * Teacher forcing: position t says what follows target[0 … t], whatever comes later.
 * @returns logits [B·T,V], owned by the caller; differentiable
 */
export function translatorLogits(
  weights: Weights,
  config: TranslatorConfig,
  source: Texts,
  target: Texts,
  { cut = false, onAttention }: Look = {},
): tf.Tensor2D {
  return tf.tidy(() => {
    const pass = { weights, config, onAttention };
    const { x } = decode(pass, target, encode(pass, source), cut);
    return project(x, tf.transpose(weights.get('targetEmbedding')));
  });
}
