/**
 * Generation without gaps between dispatches: one workgroup reads and writes a whole row, column after column and layer
 * after layer. What it thinks of stays in workgroup memory, keys and values go to the cache of `decode.ts`, weights
 * come from the flat buffer; rows never meet, so nothing has to wait for anything but its own threads.
 *
 *   column < P    token given → blocks → cache
 *   column ≥ P    logits → token → blocks → cache, logits
 *
 * Small models only: a product of one row reads every weight once per row instead of once per batch.
 */

import { reads, writes } from '../../../src/core/kernels/gpu/headLayout';
import { type GpuLaunch, inLine } from '../../../src/core/kernels/gpu/kernel';
import { samplerWgsl } from '../../../src/core/kernels/gpu/sampler';
import { mainHead } from '../../../src/core/kernels/gpu/team';

export interface PersistentSizes {
  width: number;
  heads: number;
  layers: number;
  vocabSize: number;
  contextLength: number;
  /** where a weight begins in the flat buffer, in numbers */
  offsetOf(name: string): number;
}

const THREADS = 256;
/** numbers of `bins`, which also holds scores and partial sums */
const SCRATCH = 1024;

/** whether a model fits into one workgroup */
export const isPersistent = ({ width, heads, contextLength }: Omit<PersistentSizes, 'offsetOf'>): boolean =>
  width <= THREADS && (width / heads) % 4 === 0 && heads * contextLength <= SCRATCH;

const PARTS = [
  'norm1/gain',
  'norm1/bias',
  'attn/wQkv',
  'attn/bQkv',
  'attn/wOut',
  'attn/bOut',
  'norm2/gain',
  'norm2/bias',
  'mlp/wIn',
  'mlp/bIn',
  'mlp/wOut',
  'mlp/bOut',
] as const;

/** where the weights of block 0 lie, and how far it is to the next block */
function offsets({ layers, offsetOf }: PersistentSizes): {
  of: Record<(typeof PARTS)[number], number>;
  stride: number;
} {
  const start = (layer: number, part: string): number => offsetOf(`block${layer}/${part}`);
  const stride = layers > 1 ? start(1, PARTS[0]) - start(0, PARTS[0]) : 0;
  for (let layer = 0; layer < layers; layer++)
    for (const part of PARTS)
      if (start(layer, part) !== start(0, part) + layer * stride)
        throw new Error(`block${layer}/${part} is not ${stride} after the last`);
  const of = Object.fromEntries(PARTS.map((part) => [part, start(0, part)])) as Record<(typeof PARTS)[number], number>;
  return { of, stride };
}

/**
 * `<name>(w, b, thread)`: row vector times matrix plus bias; threads share the columns by fours, and the terms of each
 */
const product = (name: string, source: string, inner: number, columns: number, store: string): string => {
  const fours = columns / 4;
  const parts = Math.floor(THREADS / fours);
  return `
fn ${name}(w : u32, b : u32, thread : u32) {
  let four = thread % ${fours}u;
  var sum = vec4<f32>();
  for (var k = thread / ${fours}u; k < ${inner}u && thread < ${parts * fours}u; k += ${parts}u) {
    sum += ${source}[k] * weights[(w + k * ${columns}u) / 4u + four];
  }
  for (var i = 0u; i < 4u; i++) { bins[4u * thread + i] = sum[i]; }
  wait();
  for (var n = thread; n < ${columns}u; n += ${THREADS}u) {
    var value = weight(b + n);
    for (var p = 0u; p < ${parts}u; p++) { value += bins[4u * (p * ${fours}u + n / 4u) + n % 4u]; }
    ${store}
  }
  wait();
}`;
};

const memory = ({ width, heads }: PersistentSizes): string => `
const WIDTH = ${width}u;
const HEADS = ${heads}u;
const SIZE = ${width / heads}u;
var<workgroup> x : array<f32, WIDTH>;
var<workgroup> normed : array<f32, WIDTH>;
var<workgroup> qkv : array<f32, 3u * WIDTH>;
var<workgroup> inner : array<f32, 4u * WIDTH>;
var<workgroup> note : i32;
fn weight(at : u32) -> f32 { return weights[at / 4u][at % 4u]; }
fn sumAll(value : f32, thread : u32) -> f32 {
  wait();
  bins[thread] = value;
  wait();
  var sum = 0.0;
  if (thread < 16u) {
    for (var i = 0u; i < ${THREADS / 16}u; i++) { sum += bins[${THREADS / 16}u * thread + i]; }
    bins[${THREADS}u + thread] = sum;
  }
  wait();
  sum = 0.0;
  for (var i = 0u; i < 16u; i++) { sum += bins[${THREADS}u + i]; }
  return sum;
}
fn normalise(gain : u32, bias : u32, thread : u32) {
  let isOwn = thread < WIDTH;
  let value = x[min(thread, WIDTH - 1u)];
  let away = value - sumAll(select(0.0, value, isOwn), thread) / f32(WIDTH);
  let variance = sumAll(select(0.0, away * away, isOwn), thread) / f32(WIDTH);
  if (isOwn) { normed[thread] = away * inverseSqrt(variance + 1e-5) * weight(gain + thread) + weight(bias + thread); }
  wait();
}
fn gelu(x : f32) -> f32 {
  let y = clamp(x, -10.0, 10.0);
  return x / (1.0 + exp(-y * (1.5957691216057308 + 0.07135481282700902 * y * y)));
}
`;

/** of one column to itself and the columns from `pad` on, from \`qkv\` to \`normed\` */
const attend = (size: number): string => `
fn attend(line : u32, column : u32, pad : u32, thread : u32) {
  let own = line + column * 3u * WIDTH;
  for (var n = WIDTH + 4u * thread; n < 3u * WIDTH; n += ${4 * THREADS}u) {
    cache[(own + n) / 4u] = vec4<f32>(qkv[n], qkv[n + 1u], qkv[n + 2u], qkv[n + 3u]);
  }
  let count = column + 1u - pad;
  for (var p = thread; p < count * HEADS; p += ${THREADS}u) {
    let query = p % HEADS * SIZE;
    let key = line + (3u * (pad + p / HEADS) + 1u) * WIDTH + query;
    var score = 0.0;
    for (var d = 0u; d < SIZE; d += 4u) {
      var four = vec4<f32>(qkv[WIDTH + query + d], qkv[WIDTH + query + d + 1u], qkv[WIDTH + query + d + 2u], qkv[WIDTH + query + d + 3u]);
      if (pad + p / HEADS < column) { four = cache[(key + d) / 4u]; }
      score += dot(four, vec4<f32>(qkv[query + d], qkv[query + d + 1u], qkv[query + d + 2u], qkv[query + d + 3u]));
    }
    bins[p] = score * f32(${1 / Math.sqrt(size)});
  }
  wait();
  if (thread < WIDTH) {
    let head = thread / SIZE;
    var top = NEVER;
    for (var k = 0u; k < count; k++) { top = max(top, bins[k * HEADS + head]); }
    var mass = exp(bins[(count - 1u) * HEADS + head] - top);
    var sum = mass * qkv[2u * WIDTH + thread];
    for (var k = 0u; k + 1u < count; k++) {
      let share = exp(bins[k * HEADS + head] - top);
      let at = line + (3u * (pad + k) + 2u) * WIDTH + thread;
      mass += share;
      sum += share * cache[at / 4u][at % 4u];
    }
    normed[thread] = sum / mass;
  }
  wait();
}`;

function think(sizes: PersistentSizes): string {
  const { width, layers, vocabSize, offsetOf } = sizes;
  const { of, stride } = offsets(sizes);
  const call = (name: string, weights: keyof typeof of, bias: keyof typeof of): string =>
    `${name}(${of[weights]}u + skip, ${of[bias]}u + skip, thread);`;
  return `${memory(sizes)}
${product('projectQkv', 'normed', width, 3 * width, 'qkv[n] = value;')}
${product('projectOut', 'normed', width, width, 'x[n] += value;')}
${product('mlpIn', 'normed', width, 4 * width, 'inner[n] = gelu(value);')}
${product('mlpOut', 'inner', 4 * width, width, 'x[n] += value;')}
${attend(width / sizes.heads)}
fn readColumn(row : u32, token : u32, column : u32, pad : u32, thread : u32) {
  if (thread < WIDTH) {
    x[thread] = weight(${offsetOf('tokenEmbedding')}u + token * WIDTH + thread)
      + weight(${offsetOf('positionEmbedding')}u + (column - pad) * WIDTH + thread);
  }
  for (var layer = 0u; layer < ${layers}u; layer++) {
    let skip = layer * ${stride}u;
    ${call('normalise', 'norm1/gain', 'norm1/bias')}
    ${call('projectQkv', 'attn/wQkv', 'attn/bQkv')}
    attend((layer * shape.batch + row) * shape.total * 3u * WIDTH, column, pad, thread);
    ${call('projectOut', 'attn/wOut', 'attn/bOut')}
    ${call('normalise', 'norm2/gain', 'norm2/bias')}
    ${call('mlpIn', 'mlp/wIn', 'mlp/bIn')}
    ${call('mlpOut', 'mlp/wOut', 'mlp/bOut')}
  }
}
/** four threads to a token */
fn speak(row : u32, thread : u32) {
  normalise(${offsetOf('finalNorm/gain')}u, ${offsetOf('finalNorm/bias')}u, thread);
  for (var first = 0u; first < ${vocabSize}u; first += ${THREADS / 4}u) {
    let v = min(first + thread / 4u, ${vocabSize - 1}u);
    var sum = 0.0;
    for (var c = 4u * (thread % 4u); c < WIDTH; c += 16u) {
      sum += dot(weights[(${offsetOf('tokenEmbedding')}u + v * WIDTH + c) / 4u], vec4<f32>(normed[c], normed[c + 1u], normed[c + 2u], normed[c + 3u]));
    }
    bins[thread] = sum;
    wait();
    let at = 4u * (thread % ${THREADS / 4}u);
    if (thread < ${THREADS / 4}u && first + thread < ${vocabSize}u) {
      logits[row * ${vocabSize}u + first + thread] = bins[at] + bins[at + 1u] + bins[at + 2u] + bins[at + 3u];
    }
    wait();
  }
}`;
}

/**
 * Reads and writes columns step.column … step.column + columns − 1 of every row. To begin with, either `step.column` is
 * 0, or cache and logits of the columns before it are there.
 *
 * buffers: weights (flat), cache [L,B,total,3C], logits [B,V] of the last column read, tokens [B,total] with the
 *          prompts, leftPad [B], alive, mask, logprobs as in `sampleColumn`
 * shape: batch, total, first = P, count = G, columns
 * step: as in `sampleColumn`
 */
export function persistentWriter(sizes: PersistentSizes): GpuLaunch {
  if (!isPersistent(sizes))
    throw new Error(`a model of width ${sizes.width} and ${sizes.heads} heads does not fit into one workgroup`);
  const code = `${samplerWgsl(sizes.vocabSize, THREADS)}${think(sizes)}
${mainHead(THREADS)}
  let row = group;
  if (row >= shape.batch) { return; }
  if (thread == 0u) { note = leftPad[row]; }
  let pad = u32(workgroupUniformLoad(&note));
  for (var column = max(step.column, pad); column < min(step.column + shape.columns, shape.total); column++) {
    if (column >= shape.first) { writeColumn(row, thread, column); }
    storageBarrier();
    if (thread == 0u) { note = select(-1, tokens[row * shape.total + column], column < shape.first || alive[row] == 1u); }
    let token = workgroupUniformLoad(&note);
    if (token < 0 || column + 1u == shape.total) { continue; }
    readColumn(row, u32(token), column, pad, thread);
    if (column + 1u >= shape.first) { speak(row, thread); }
    storageBarrier();
  }
}`;
  return {
    kernel: {
      name: 'persistent writer',
      buffers: {
        weights: reads('vec4<f32>'),
        cache: { type: 'vec4<f32>', use: 'readWrite' },
        logits: { type: 'f32', use: 'readWrite' },
        tokens: { type: 'i32', use: 'readWrite' },
        leftPad: reads('i32'),
        alive: { type: 'u32', use: 'readWrite' },
        mask: writes('f32'),
        logprobs: writes('f32'),
      },
      shape: ['batch', 'total', 'first', 'count', 'columns'],
      readsStep: true,
      code,
    },
    groups: ({ batch }) => inLine(batch!),
  };
}
