/**
 * Draws one token per row: the twin of `sample/sampleTokens.ts` and `sample/filterLogits.ts`, which draws the same
 * token from the same random number. Nothing is sorted: top-k and top-p both ask for the lowest logit that stays, and
 * that is found digit by digit, highest digit first, as radix sort would, counting (top-k) or adding up probability
 * (top-p) above it.
 *
 *   lowest logit with  Σ over larger ones < goal         weight 1, goal k     or   weight e^(z−max), goal p·Σ
 *
 * A row is one workgroup, each thread a stretch of neighbouring tokens; on an emulated card a row is one thread.
 */

import { GREEDY_BELOW } from '../../../contract/config';
import { LARGEST_LOGIT, TOP_P_ROUNDING } from '../../tensor/logitBounds';
import { reads, writes } from './headLayout';
import { type GpuLaunch, inLine, type Kernel } from './kernel';
import { RANDOM_WGSL } from './random';
import type { KernelStyle } from './style';
import { mainHead } from './team';

const LANES = 64;
const SOLITARY_ROWS = 4;

/**
 * Sums and maxima over all lanes of a row; each lane's stretch is [begin, end).
 * @param threads of the workgroup; those beyond the lanes have nothing of the row, but wait with them
 */
const lanes = (vocabSize: number, count: number, threads: number): string => {
  const memory = count > 1 ? 'workgroup' : 'private';
  return `
const VOCAB = ${vocabSize}u;
const LANES = ${count}u;
const STRETCH = ${Math.ceil(vocabSize / count)}u;
const NEVER : f32 = -3e38;
const LARGEST : f32 = ${LARGEST_LOGIT};
const GREEDY_BELOW : f32 = ${GREEDY_BELOW};
var<${memory}> shares : array<f32, ${threads}>;
var<${memory}> ids : array<u32, ${threads}>;
var<${memory}> bins : array<f32, 16u * LANES>;
var<${memory}> sums : array<f32, 16>;
fn wait() { ${count > 1 ? 'workgroupBarrier();' : ''} }
fn beginOf(lane : u32) -> u32 { return min(lane * STRETCH, VOCAB); }
fn endOf(lane : u32) -> u32 { return min((lane + 1u) * STRETCH, VOCAB); }
fn total(value : f32, lane : u32) -> f32 {
  wait();
  shares[lane] = value;
  wait();
  var sum = 0.0;
  for (var l = 0u; l < LANES; l++) { sum += shares[l]; }
  return sum;
}
`;
};

const SCALED = `
fn isGreedy() -> bool { return step.temperature < GREEDY_BELOW; }
/**
 * what is not a number is the least likely of all; told by its bits, since WGSL may assume that there is no such thing
 */
fn finite(logit : f32) -> f32 {
  let isNumber = (bitcast<u32>(logit) & 0x7fffffffu) <= 0x7f800000u;
  return clamp(select(-LARGEST, logit, isNumber), -LARGEST, LARGEST);
}
/** logit divided by the temperature */
fn scaled(row : u32, v : u32) -> f32 {
  return finite(logits[row * VOCAB + v]) / select(step.temperature, 1.0, isGreedy());
}
/** ordered as the numbers are */
fn keyOf(number : f32) -> u32 {
  let bits = bitcast<u32>(select(number, 0.0, number == 0.0));
  return select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);
}
struct Best { top : f32, id : u32 }
/** the largest, of the smallest id */
fn best(row : u32, lane : u32) -> Best {
  var mine = Best(NEVER, 0u);
  for (var v = beginOf(lane); v < endOf(lane); v++) {
    let z = scaled(row, v);
    if (z > mine.top) { mine = Best(z, v); }
  }
  shares[lane] = mine.top;
  ids[lane] = mine.id;
  wait();
  for (var l = LANES; l > 0u; l--) { if (shares[l - 1u] >= mine.top) { mine = Best(shares[l - 1u], ids[l - 1u]); } }
  return mine;
}
fn massOver(row : u32, lane : u32, top : f32, lowest : u32) -> f32 {
  var mass = 0.0;
  for (var v = beginOf(lane); v < endOf(lane); v++) {
    let z = scaled(row, v);
    if (keyOf(z) >= lowest) { mass += exp(z - top); }
  }
  return total(mass, lane);
}
`;

const FILTERS = `
struct Edge { key : u32, above : f32 }
/** The lowest key, none below \`lowest\`, with less than \`goal\` above it. */
fn edge(row : u32, lane : u32, top : f32, lowest : u32, goal : f32, counting : bool) -> Edge {
  var found = Edge(0u, 0.0);
  for (var shift = 32u; shift > 0u; ) {
    shift -= 4u;
    for (var d = 0u; d < 16u && lane < LANES; d++) { bins[16u * lane + d] = 0.0; }
    for (var v = beginOf(lane); v < endOf(lane); v++) {
      let z = scaled(row, v);
      let key = keyOf(z);
      if (key < lowest || (key >> shift) >> 4u != found.key) { continue; }
      bins[16u * lane + ((key >> shift) & 15u)] += select(exp(z - top), 1.0, counting);
    }
    wait();
    for (var d = lane; d < 16u; d += LANES) {
      var sum = 0.0;
      for (var l = 0u; l < LANES; l++) { sum += bins[16u * l + d]; }
      sums[d] = sum;
    }
    wait();
    var above = found.above;
    var digit = 15u;
    for (var d = 16u; d > 0u; d--) {
      if (sums[d - 1u] > 0.0 && above < goal) {
        digit = d - 1u;
        found.above = above;
      }
      above += sums[d - 1u];
    }
    found.key = (found.key << 4u) | digit;
  }
  return found;
}
/** Tokens that stay: keys of at least \`lowest\`; of those that tie with it, the first \`room\`. */
struct Kept { lowest : u32, room : u32 }
fn filtered(row : u32, lane : u32, top : f32) -> Kept {
  var kept = Kept(0u, VOCAB);
  if (step.topK > 0u && step.topK < VOCAB) { kept.lowest = edge(row, lane, top, 0u, f32(step.topK), true).key; }
  if (step.topP < 1.0) {
    let goal = max((step.topP - ${TOP_P_ROUNDING}) * massOver(row, lane, top, kept.lowest), 1e-30);
    let last = edge(row, lane, top, kept.lowest, goal, false);
    kept.lowest = last.key;
    kept.room = 0u;
    let weight = weightOf(last.key, top);
    for (var mass = last.above; kept.room < VOCAB && (kept.room == 0u || mass < goal); mass += weight) { kept.room++; }
  }
  return kept;
}
fn weightOf(key : u32, top : f32) -> f32 {
  return exp(bitcast<f32>(select(~key, key & 0x7fffffffu, key >= 0x80000000u)) - top);
}
fn ties(row : u32, lane : u32, lowest : u32) -> u32 {
  var count = 0u;
  for (var v = beginOf(lane); v < endOf(lane); v++) { count += u32(keyOf(scaled(row, v)) == lowest); }
  return count;
}
`;

/** Inverts the distribution function; the lane whose stretch holds the token returns it, the others return VOCAB. */
const DRAW = `
fn draw(row : u32, lane : u32, top : f32, number : f32) -> u32 {
  let kept = filtered(row, lane, top);
  ids[lane] = ties(row, lane, kept.lowest);
  wait();
  var before = 0u;
  for (var l = 0u; l < lane; l++) { before += ids[l]; }
  var mass = 0.0;
  var seen = before;
  for (var v = beginOf(lane); v < endOf(lane); v++) { mass += keptWeight(row, v, top, kept, &seen); }
  let goal = number * total(mass, lane) * (1.0 - 1e-6);
  var running = 0.0;
  var chosen = 0u;
  var start = 0.0;
  for (var l = 0u; l < LANES && running <= goal; l++) {
    if (shares[l] <= 0.0) { continue; }
    chosen = l;
    start = running;
    running += shares[l];
  }
  if (lane != chosen) { return VOCAB; }
  var token = VOCAB;
  seen = before;
  for (var v = beginOf(lane); v < endOf(lane); v++) {
    let weight = keptWeight(row, v, top, kept, &seen);
    if (weight <= 0.0) { continue; }
    token = v;
    start += weight;
    if (start > goal) { break; }
  }
  return token;
}
fn keptWeight(row : u32, v : u32, top : f32, kept : Kept, seen : ptr<function, u32>) -> f32 {
  let z = scaled(row, v);
  let key = keyOf(z);
  if (key < kept.lowest) { return 0.0; }
  if (key == kept.lowest) {
    *seen = *seen + 1u;
    if (*seen > kept.room) { return 0.0; }
  }
  return exp(z - top);
}
`;

const WRITE = `
/** Draws and records the token of a column; every thread of the row takes part. */
fn writeColumn(row : u32, lane : u32, column : u32) {
  let at = row * shape.count + column - shape.first;
  let likeliest = best(row, lane);
  let all = massOver(row, lane, likeliest.top, 0u);
  var token = select(VOCAB, likeliest.id, lane == 0u);
  if (!isGreedy()) { token = draw(row, lane, likeliest.top, randomUniform(step.seed, step.counter + at)); }
  if (token == VOCAB) { return; }
  let counts = alive[row] == 1u;
  tokens[row * shape.total + column] = select(step.padId, i32(token), counts);
  mask[at] = select(0.0, 1.0, counts);
  logprobs[at] = select(0.0, scaled(row, token) - likeliest.top - log(all), counts);
  alive[row] = u32(counts && i32(token) != step.eosId);
}
`;

/**
 * @returns WGSL function `writeColumn(row, lane, column)` for workgroups of so many threads; it uses the buffers named
 * below
 */
export const samplerWgsl = (vocabSize: number, threads: number): string =>
  RANDOM_WGSL + lanes(vocabSize, Math.min(threads, LANES), threads) + SCALED + FILTERS + DRAW + WRITE;

const main = (style: KernelStyle): string =>
  !style.alone
    ? `${mainHead(LANES)}
  if (group < shape.batch) { writeColumn(group, thread, step.column); }
}`
    : `${mainHead(SOLITARY_ROWS)}
  let row = group * ${SOLITARY_ROWS}u + thread;
  if (row < shape.batch) { writeColumn(row, 0u, step.column); }
}`;

/**
 * Writes the token of column `step.column`, padding where the row has ended. The random number of row b and column
 * first + g is number `step.counter + b·count + g` of the stream `step.seed`.
 *
 * buffers: logits [B,V] of the column before, tokens [B,total], alive [B] 1 while the row goes on (set to 1 before the
 *          first column), mask [B,G] 1 where the token counts, <eos> included, logprobs [B,G] at this temperature without
 *          filters (at 1 when it is greedy), 0 after <eos>
 * shape: batch, total, first = P, count = G
 * step: temperature (greedy: the likeliest), topK, topP, column, eosId, padId, seed, counter
 */
export function sampleColumn({ vocabSize }: { vocabSize: number }, style: KernelStyle): GpuLaunch {
  const isCooperative = !style.alone;
  const kernel: Kernel = {
    name: 'sample column',
    buffers: {
      logits: reads('f32'),
      tokens: writes('i32'),
      alive: { type: 'u32', use: 'readWrite' },
      mask: writes('f32'),
      logprobs: writes('f32'),
    },
    shape: ['batch', 'total', 'first', 'count'],
    readsStep: true,
    code: samplerWgsl(vocabSize, isCooperative ? LANES : 1) + main(style),
  };
  return { kernel, groups: ({ batch }) => inLine(Math.ceil(batch! / (isCooperative ? 1 : SOLITARY_ROWS))) };
}
