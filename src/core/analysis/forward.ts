/**
 * A transformer read slowly: the forward pass of one text in plain loops, every number kept. It computes what
 * `model/trunk.ts` computes in float32, where each sum is rounded once; nothing is trained here.
 *
 *   x ─┬─ norm1 ─ q·k/√D ─ mask ─ softmax ─ Σ w·v ─ W_O ─(+)─┬─ norm2 ─ W_in ─ GELU ─ W_out ─(+)─→
 *      └─────────────────────────────────────────────────┘   └───────────────────────────────┘
 */
import type { ModelConfig } from '../../contract/config';
import type { BlockNumbers, BlockWeights, Normalised } from '../../contract/inside';
import type { NamedTensors } from '../model/causalNetwork';
import { NEAR_GELU } from '../model/ops/swish';
import { sinusoidTable } from '../model/sinusoids';
import { scoreFactor } from '../model/trunk';
import { normalShare } from '../tensor/normalTail';
import type { TrainingProgress } from '../text/steps';

/** GPT-2's */
const EPSILON = 1e-5;

export interface Forward {
  /** vectors of the tokens, as they are added; [T,C] */
  tokenVectors: Float32Array;
  /** [T,C] */
  positions: Float32Array;
  blocks: BlockNumbers[];
  /** the residual stream before the first block and after each, [T,C] */
  stream: Float32Array[];
}

/** @throws when the network has no such weights */
export function weightOf(weights: NamedTensors, name: string): Float32Array {
  const found = weights[name];
  if (!found) throw new Error(`this network has no weights named ${name}`);
  return found.data;
}

const sum = (a: Float32Array, b: Float32Array): Float32Array => a.map((x, i) => x + (b[i] as number));

/** y = x·W + b. @param x [N,I], @param weight [I,O], @param bias [O]; @returns [N,O] */
export function affine(x: Float32Array, weight: Float32Array, bias: Float32Array): Float32Array {
  const outputs = bias.length;
  const inputs = weight.length / outputs;
  const y = new Float32Array((x.length / inputs) * outputs);
  const totals = new Float64Array(outputs); // of a row, so that the weights are read as they lie in memory
  for (let row = 0; row < x.length / inputs; row++) {
    totals.set(bias);
    for (let from = 0; from < inputs; from++) {
      const value = x[row * inputs + from] as number;
      for (let to = 0; to < outputs; to++)
        totals[to] = (totals[to] as number) + value * (weight[from * outputs + to] as number);
    }
    y.set(totals, row * outputs);
  }
  return y;
}

/** y = gain · (x − mean) / √(variance + ε) + bias, the variance biased. @param x [N,C] */
export function layerNorm(x: Float32Array, gain: Float32Array, bias: Float32Array, epsilon = EPSILON): Normalised {
  const width = gain.length;
  const rows = x.length / width;
  const result = { mean: new Float32Array(rows), scale: new Float32Array(rows), out: new Float32Array(x.length) };
  for (let row = 0; row < rows; row++) {
    const values = x.subarray(row * width, (row + 1) * width);
    const mean = values.reduce((total, value) => total + value, 0) / width;
    const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / width;
    const scale = 1 / Math.sqrt(variance + epsilon);
    result.mean[row] = mean;
    result.scale[row] = scale;
    values.forEach((value, c) => {
      result.out[row * width + c] = (value - mean) * scale * (gain[c] as number) + (bias[c] as number);
    });
  }
  return result;
}

/** ½x(1 + tanh(√(2/π)(x + 0.044715x³))) or x·Φ(x), Hendrycks & Gimpel 2016, max(0, x) as in 2017, and what others took */
const ACTIVATIONS: Record<ModelConfig['activation'], (x: number) => number> = {
  gelu: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  geluErf: (x) => x * normalShare(x),
  relu: (x) => Math.max(0, x),
  silu: (x) => x / (1 + Math.exp(-x)),
  quickGelu: (x) => x / (1 + Math.exp(-NEAR_GELU * x)),
  tanh: Math.tanh,
};

/** one part of packed [q | k | v] rows, cut into heads: [T,3C] → [H,T,D] */
function ofHeads(packed: Float32Array, part: 0 | 1 | 2, length: number, { heads, width }: ModelConfig): Float32Array {
  const size = width / heads;
  return Float32Array.from({ length: length * width }, (_, i) => {
    const [head, row, d] = [Math.floor(i / (length * size)), Math.floor(i / size) % length, i % size];
    return packed[row * 3 * width + part * width + head * size + d] as number;
  });
}

/** [H,T,D] → [T,C]: the heads side by side */
export function sideBySide(mixed: Float32Array, length: number, heads: number): Float32Array {
  const size = mixed.length / (length * heads);
  return Float32Array.from({ length: mixed.length }, (_, i) => {
    const [row, head, d] = [Math.floor(i / (heads * size)), Math.floor(i / size) % heads, i % size];
    return mixed[(head * length + row) * size + d] as number;
  });
}

/** s = q·k / √D of every pair. @param q, k [H,T,D], @param factor besides 1/√D; @returns [H,T,T] */
function scoresOf(q: Float32Array, k: Float32Array, length: number, size: number, factor: number): Float32Array {
  const heads = q.length / (length * size);
  return Float32Array.from({ length: heads * length * length }, (_, i) => {
    const [head, row, column] = [Math.floor(i / length ** 2), Math.floor(i / length) % length, i % length];
    let dot = 0;
    for (let d = 0; d < size; d++)
      dot += (q[(head * length + row) * size + d] as number) * (k[(head * length + column) * size + d] as number);
    return (dot / Math.sqrt(size)) * factor;
  });
}

/** w = exp(s − max) / Σ exp(s − max) over the columns up to the row's own; the others stay exactly 0 */
function causalSoftmax(scores: Float32Array, length: number): Float32Array {
  const weights = new Float32Array(scores.length);
  for (let row = 0; row < scores.length / length; row++) {
    const seen = scores.subarray(row * length, row * length + (row % length) + 1);
    const max = seen.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
    const total = seen.reduce((all, score) => all + Math.exp(score - max), 0);
    seen.forEach((score, column) => {
      weights[row * length + column] = Math.exp(score - max) / total;
    });
  }
  return weights;
}

/** o = Σ weight · v. @param weights [H,T,T], @param v [H,T,D]; @returns [H,T,D] */
function mix(weights: Float32Array, v: Float32Array, length: number, size: number): Float32Array {
  return Float32Array.from({ length: v.length }, (_, i) => {
    const [head, row, d] = [Math.floor(i / (length * size)), Math.floor(i / size) % length, i % size];
    let total = 0;
    for (let column = 0; column <= row; column++)
      total +=
        (weights[(head * length + row) * length + column] as number) *
        (v[(head * length + column) * size + d] as number);
    return total;
  });
}

/** @throws when the network has no such block */
export function blockWeights(weights: NamedTensors, layer: number): BlockWeights {
  const of = (name: string) => weightOf(weights, `block${layer}/${name}`);
  return {
    wQkv: of('attn/wQkv'),
    bQkv: of('attn/bQkv'),
    wOut: of('attn/wOut'),
    bOut: of('attn/bOut'),
    gain1: of('norm1/gain'),
    bias1: of('norm1/bias'),
    gain2: of('norm2/gain'),
    bias2: of('norm2/bias'),
    wIn: of('mlp/wIn'),
    bIn: of('mlp/bIn'),
    wDown: of('mlp/wOut'),
    bDown: of('mlp/bOut'),
  };
}

type AttentionNumbers = Pick<BlockNumbers, 'q' | 'k' | 'v' | 'scores' | 'weights' | 'mixed' | 'attention'>;

/** @param read [T,C]: the stream, normalised where the block is `pre` */
function attend(
  read: Float32Array,
  { wQkv, bQkv, wOut, bOut }: BlockWeights,
  config: ModelConfig,
  factor: number,
): AttentionNumbers {
  const [length, size] = [read.length / config.width, config.width / config.heads];
  const packed = affine(read, wQkv, bQkv); // [T,3C]
  const [q, k, v] = [0, 1, 2].map((part) => ofHeads(packed, part as 0 | 1 | 2, length, config)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const scores = scoresOf(q, k, length, size, factor);
  const weights = causalSoftmax(scores, length);
  const mixed = mix(weights, v, length, size);
  return { q, k, v, scores, weights, mixed, attention: affine(sideBySide(mixed, length, config.heads), wOut, bOut) };
}

type MlpNumbers = Pick<BlockNumbers, 'inner' | 'active' | 'mlp'>;

function think(read: Float32Array, { wIn, bIn, wDown, bDown }: BlockWeights, config: ModelConfig): MlpNumbers {
  const inner = affine(read, wIn, bIn); // [T,4C]
  const active = inner.map(ACTIVATIONS[config.activation]);
  return { inner, active, mlp: affine(active, wDown, bDown) };
}

/** @param before [T,C] */
function block(before: Float32Array, weights: BlockWeights, config: ModelConfig, layer: number): BlockNumbers {
  const { gain1, bias1, gain2, bias2 } = weights;
  const { normEpsilon: epsilon } = config;
  const factor = scoreFactor(config, layer);
  if (config.norm === 'pre') {
    const norm1 = layerNorm(before, gain1, bias1, epsilon);
    const attended = attend(norm1.out, weights, config, factor);
    const sum1 = sum(before, attended.attention);
    const norm2 = layerNorm(sum1, gain2, bias2, epsilon);
    const thought = think(norm2.out, weights, config);
    return { before, norm1, ...attended, sum1, norm2, ...thought, sum2: sum(sum1, thought.mlp) };
  }
  const attended = attend(before, weights, config, factor);
  const sum1 = sum(before, attended.attention);
  const norm1 = layerNorm(sum1, gain1, bias1, epsilon);
  const thought = think(norm1.out, weights, config);
  const sum2 = sum(norm1.out, thought.mlp);
  return { before, norm1, ...attended, sum1, norm2: layerNorm(sum2, gain2, bias2, epsilon), ...thought, sum2 };
}

const after = ({ sum2, norm2 }: BlockNumbers, { norm }: ModelConfig): Float32Array =>
  norm === 'pre' ? sum2 : norm2.out;

/** rows of a table, one after the other. @param ids each a row; @returns [ids,C] */
const rowsOf = (table: Float32Array, ids: readonly number[], width: number): Float32Array =>
  Float32Array.from({ length: ids.length * width }, (_, i) => {
    return table[(ids[Math.floor(i / width)] as number) * width + (i % width)] as number;
  });

/** with fixed waves the token vectors are scaled by √C, section 3.4 of the paper */
function vectorsOf(weights: NamedTensors, { positions, width }: ModelConfig, ids: readonly number[]): Float32Array {
  const rows = rowsOf(weightOf(weights, 'tokenEmbedding'), ids, width);
  return positions === 'learned' ? rows : rows.map((x) => x * Math.sqrt(width));
}

/** @returns the vectors of the first `length` positions, [length,C] */
function positionsOf(weights: NamedTensors, { positions, width }: ModelConfig, length: number): Float32Array {
  if (positions === 'sinusoidal') return sinusoidTable(length, width);
  return weightOf(weights, 'positionEmbedding').slice(0, length * width);
}

/**
 * In steps of a block, which takes seconds where the visitor has made it wide and the text is long.
 * @param ids token numbers of one text, no more than the context holds
 * @returns every number between the embedding and the last block
 */
export function* forward(
  weights: NamedTensors,
  config: ModelConfig,
  ids: readonly number[],
): Generator<TrainingProgress, Forward> {
  const tokenVectors = vectorsOf(weights, config, ids);
  const positions = positionsOf(weights, config, ids.length);
  const stream = [sum(tokenVectors, positions)];
  const blocks: BlockNumbers[] = [];
  for (let layer = 0; layer < config.layers; layer++) {
    yield { done: layer, total: config.layers, label: 'blocks' };
    const numbers = block(stream[layer] as Float32Array, blockWeights(weights, layer), config, layer);
    blocks.push(numbers);
    stream.push(after(numbers, config));
  }
  return { tokenVectors, positions, blocks, stream };
}
