/**
 * The transformer's body, Vaswani et al. 2017 in the shape of GPT-2: embed, then in every block let positions exchange
 * information (attention) and let each compute for itself (MLP), both added to the residual stream.
 */
import type { ModelConfig } from '../../contract/config';
import { tf } from '../tf';
import type { TokenBatch } from './causalNetwork';
import { attention, attentionPath } from './ops/attention';
import { gelu, geluErf } from './ops/gelu';
import { layerNorm } from './ops/layerNorm';
import { frozenLinear, linear, project } from './ops/linear';
import { NEAR_GELU, swish } from './ops/swish';
import { embed, positionIds } from './positions';
import type { Weights } from './weights';

/** Turns packed [q | k | v] rows [N,3C] of one layer into what attention reads, [N,C]. */
export type Attend = (packed: tf.Tensor2D, layer: number) => tf.Tensor2D;

const ACTIVATIONS: Record<ModelConfig['activation'], (x: tf.Tensor2D) => tf.Tensor2D> = {
  gelu,
  geluErf,
  relu: tf.relu,
  silu: swish(1),
  quickGelu: swish(NEAR_GELU),
  tanh: tf.tanh,
};

const normalise = (weights: Weights, { normEpsilon }: ModelConfig, name: string, x: tf.Tensor2D): tf.Tensor2D =>
  layerNorm(x, weights.get<tf.Tensor1D>(`${name}/gain`), weights.get<tf.Tensor1D>(`${name}/bias`), normEpsilon);

/** x·W + b, and what adapters add: scaling · (x·A)·B */
function affine(weights: Weights, name: string, part: string, x: tf.Tensor2D): tf.Tensor2D {
  const matrix = `${name}/w${part}`;
  const through = weights.learns(matrix) ? linear : frozenLinear;
  const plain = through(x, weights.get(matrix), weights.get<tf.Tensor1D>(`${name}/b${part}`));
  return weights.changesOf(matrix).reduce((sum, { a, b, scaling }) => {
    const narrow = project(x, a); // [N,r]
    return tf.add(sum, project(tf.mul(narrow, scaling), b));
  }, plain);
}

/** @returns what the scores of a layer are multiplied by besides 1/√(head width) */
export function scoreFactor({ plainScores, scoresByLayer, width, heads }: ModelConfig, layer: number): number {
  return (plainScores ? Math.sqrt(width / heads) : 1) / (scoresByLayer ? layer + 1 : 1);
}

/** scores are linear in the queries. @param packed [q | k | v], [N,3C] */
function scaleQueries(packed: tf.Tensor2D, factor: number): tf.Tensor2D {
  if (factor === 1) return packed;
  const third = packed.shape[1] / 3;
  return tf.mul(packed, tf.concat([tf.fill([third], factor), tf.ones([2 * third])]));
}

function attend(weights: Weights, config: ModelConfig, layer: number, x: tf.Tensor2D, attendTo: Attend): tf.Tensor2D {
  const name = `block${layer}/attn`;
  const packed = scaleQueries(affine(weights, name, 'Qkv', x), scoreFactor(config, layer));
  return affine(weights, name, 'Out', attendTo(packed, layer));
}

function mlp(weights: Weights, config: ModelConfig, layer: number, x: tf.Tensor2D): tf.Tensor2D {
  const name = `block${layer}/mlp`;
  const inner = affine(weights, name, 'In', x); // [N,4C]
  return affine(weights, name, 'Out', ACTIVATIONS[config.activation](inner));
}

/** @param x [N,C] residual stream; @returns [N,C] */
function block(weights: Weights, config: ModelConfig, layer: number, x: tf.Tensor2D, attendTo: Attend): tf.Tensor2D {
  const [norm1, norm2] = [`block${layer}/norm1`, `block${layer}/norm2`];
  if (config.norm === 'pre') {
    const seen = tf.add<tf.Tensor2D>(x, attend(weights, config, layer, normalise(weights, config, norm1, x), attendTo));
    return tf.add(seen, mlp(weights, config, layer, normalise(weights, config, norm2, seen)));
  }
  const seen = normalise(weights, config, norm1, tf.add(x, attend(weights, config, layer, x, attendTo)));
  return normalise(weights, config, norm2, tf.add(seen, mlp(weights, config, layer, seen)));
}

/**
 * From token and position numbers to the last hidden state; decoding runs it on one column, training on all.
 * @param tokens, positions [N] int32
 * @returns [N,C], after the last normalisation
 */
export function runBlocks(
  weights: Weights,
  config: ModelConfig,
  tokens: tf.Tensor1D,
  positions: tf.Tensor1D,
  attendTo: Attend,
): tf.Tensor2D {
  let x = embed(weights, config, tokens, positions);
  for (let layer = 0; layer < config.layers; layer++) x = block(weights, config, layer, x, attendTo);
  return config.norm === 'pre' ? normalise(weights, config, 'finalNorm', x) : x;
}

/** @param least 1 where the column before is needed */
export function checkFrom({ tokens }: TokenBatch, from: number, least: 0 | 1): void {
  const length = tokens.shape[1];
  if (!(from >= least && from < length)) throw new Error(`from is ${from}, expected ${least} to ${length - 1}`);
}

/** @throws when the tokens are no int32, or do not fit the context */
export function checkBatch({ tokens, leftPad }: TokenBatch, { contextLength }: ModelConfig): void {
  const [batch, length] = tokens.shape;
  if (tokens.dtype !== 'int32') throw new Error(`tokens are ${tokens.dtype}, expected int32`);
  if (length > contextLength) throw new Error(`tokens are [${batch},${length}], the context holds ${contextLength}`);
  if (leftPad && (leftPad.shape[0] !== batch || leftPad.dtype !== 'int32'))
    throw new Error(`leftPad is [${leftPad.shape}] ${leftPad.dtype}, tokens are [${batch},${length}] int32`);
}

/**
 * @param onWeights borrows each layer's attention weights [B,H,T,T]
 * @returns final hidden states [B,T,C]; differentiable
 */
export function hiddenStates(
  weights: Weights,
  config: ModelConfig,
  { tokens, leftPad }: TokenBatch,
  onWeights?: (weights: tf.Tensor4D, layer: number) => void,
): tf.Tensor3D {
  const [batch, length] = tokens.shape;
  checkBatch({ tokens, leftPad }, config);
  const shape = { batch, length, heads: config.heads, width: config.width };
  const mask = attentionPath().mask(leftPad, shape);
  const positions = tf.reshape(positionIds(batch, length, leftPad), [-1]) as tf.Tensor1D;
  const attendTo: Attend = (packed, layer) => attention(packed, mask, shape, (seen) => onWeights?.(seen, layer));
  const hidden = runBlocks(weights, config, tf.reshape(tokens, [-1]) as tf.Tensor1D, positions, attendTo);
  return tf.reshape(hidden, [batch, length, config.width]);
}
