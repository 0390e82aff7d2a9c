/**
 * Causal attention of every head, softmax(q·kᵀ/√D)·v, without ever storing the [T,T] weights: the softmax is taken
 * while the keys go by, with a running maximum and a running sum (Milakov & Gimelshein 2018; Dao et al. 2022). What the
 * backward pass needs of it is one number per row and head, the log of the sum of the exponentials.
 *
 *   keys       0 … 15 │ 16 … 31 │ …      a tile of keys meets a tile of queries
 *   top, mass   m, l  →  m', l·e^(m−m') + Σ e^(s−m')
 *   out          o    →  o·e^(m−m') + Σ e^(s−m')·v        and at the end out = o/l, lse = m + ln l
 */

import { solitaryForward } from './attentionSolitary';
import { type HeadShape, headLayout, reads, writes } from './headLayout';
import { type GpuLaunch, inLine, type Kernel } from './kernel';
import type { KernelStyle } from './style';

/** queries and keys of a tile, so that three tiles fit into 16 KiB; a query's keys are shared among four threads */
const tileOf = (size: number): number => (size <= 64 ? 16 : 8);

const cooperative = (tile: number): string => `
const TILE = ${tile}u;
const THREADS = ${4 * tile}u;
const PITCH = UNITS + 1u;
const SHARE = (UNITS + 3u) / 4u;
var<workgroup> queries : array<Unit, TILE * PITCH>;
var<workgroup> keys : array<Unit, TILE * PITCH>;
var<workgroup> values : array<Unit, TILE * PITCH>;
var<workgroup> scores : array<f32, TILE * TILE>;
var<workgroup> padding : u32;

fn score(row : u32, key : u32) -> f32 {
  var sum = 0.0;
  for (var u = 0u; u < UNITS; u++) { sum += product(queries[row * PITCH + u], keys[key * PITCH + u]); }
  return sum * SCALE;
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) id : vec3<u32>, @builtin(num_workgroups) groups : vec3<u32>, @builtin(local_invocation_index) thread : u32) {
  let group = id.x + id.y * groups.x;
  let tiles = (shape.length + TILE - 1u) / TILE;
  if (group >= tiles * HEADS * shape.batch) { return; }
  let head = group % HEADS;
  let start = (group / HEADS / tiles) * shape.length;
  let first = group / HEADS % tiles * TILE;
  let end = min(first + TILE, shape.length);
  if (thread == 0u) { padding = u32(leftPad[group / HEADS / tiles]); }
  let pad = workgroupUniformLoad(&padding);
  for (var e = thread; e < (end - first) * UNITS; e += THREADS) {
    queries[e / UNITS * PITCH + e % UNITS] = qkv[(start + first + e / UNITS) * 3u * ROW + head * UNITS + e % UNITS];
  }
  let row = thread / 4u;
  let part = thread % 4u;
  let i = first + row;
  var top = NEVER;
  var mass = 0.0;
  var sums : array<Unit, SHARE>;
  for (var j = min(pad, first) / TILE * TILE; j < end; j += TILE) {
    workgroupBarrier();
    for (var e = thread; e < min(TILE, end - j) * UNITS; e += THREADS) {
      let base = (start + j + e / UNITS) * 3u * ROW + head * UNITS + e % UNITS;
      keys[e / UNITS * PITCH + e % UNITS] = qkv[base + ROW];
      values[e / UNITS * PITCH + e % UNITS] = qkv[base + 2u * ROW];
    }
    workgroupBarrier();
    for (var k = part; k < TILE; k += 4u) {
      var seen = NEVER;
      if (i < end && j + k <= i && (j + k >= pad || j + k == i)) { seen = score(row, k); }
      scores[row * TILE + k] = seen;
    }
    workgroupBarrier();
    let last = top;
    for (var k = 0u; k < TILE; k++) { top = max(top, scores[row * TILE + k]); }
    let fade = exp(last - top);
    mass *= fade;
    for (var s = 0u; s < SHARE; s++) { sums[s] *= fade; }
    for (var k = 0u; k < TILE; k++) {
      let seen = scores[row * TILE + k];
      if (seen == NEVER) { continue; }
      let weight = exp(seen - top);
      mass += weight;
      for (var s = 0u; s < SHARE; s++) { sums[s] += weight * values[k * PITCH + min(4u * s + part, UNITS - 1u)]; }
    }
  }
  if (i >= end) { return; }
  for (var s = 0u; s < SHARE; s++) {
    if (4u * s + part < UNITS) { out[(start + i) * ROW + head * UNITS + 4u * s + part] = sums[s] / mass; }
  }
  if (part == 0u) { lse[(start + i) * HEADS + head] = top + log(mass); }
}`;

/**
 * buffers: qkv [N,3C], leftPad [B], out [N,C], lse [N,H]
 * shape: batch, length; N = batch·length
 */
export function attentionForward(shape: HeadShape, style: KernelStyle): GpuLaunch {
  const { type, wgsl } = headLayout(shape);
  const alone = style.alone ? solitaryForward(shape) : null;
  const tile = tileOf(shape.width / shape.heads);
  const kernel: Kernel = {
    name: 'attention',
    buffers: { qkv: reads(type), leftPad: reads('i32'), out: writes(type), lse: writes('f32') },
    shape: ['batch', 'length'],
    readsStep: false,
    code: alone ? alone.code : wgsl + cooperative(tile),
  };
  if (alone)
    return {
      kernel,
      groups: ({ batch, length }) => inLine(Math.ceil((batch! * alone.threads(length!)) / alone.threadsPerGroup)),
    };
  return { kernel, groups: ({ batch, length }) => inLine(batch! * shape.heads * Math.ceil(length! / tile)) };
}

const MAP_THREADS = 64;

/**
 * The weights of batch row 0, for someone who looks at them.
 *
 * buffers: qkv [N,3C], lse [N,H], leftPad [B], maps [H,T,T], 0 where column j is not seen from column i
 * shape: length
 */
export function attentionMaps(shape: HeadShape): GpuLaunch {
  const { type, wgsl } = headLayout(shape);
  const kernel: Kernel = {
    name: 'attention maps',
    buffers: { qkv: reads(type), lse: reads('f32'), leftPad: reads('i32'), maps: writes('f32') },
    shape: ['length'],
    readsStep: false,
    code: `${wgsl}
@compute @workgroup_size(${MAP_THREADS})
fn main(@builtin(global_invocation_id) id : vec3<u32>, @builtin(num_workgroups) groups : vec3<u32>) {
  let index = id.x + id.y * groups.x * ${MAP_THREADS}u;
  if (index >= HEADS * shape.length * shape.length) { return; }
  let j = index % shape.length;
  let i = index / shape.length % shape.length;
  let head = index / shape.length / shape.length;
  var weight = 0.0;
  if (j <= i && (j >= u32(leftPad[0]) || j == i)) {
    var score = 0.0;
    for (var u = 0u; u < UNITS; u++) {
      score += product(qkv[i * 3u * ROW + head * UNITS + u], qkv[(j * 3u + 1u) * ROW + head * UNITS + u]);
    }
    weight = exp(score * SCALE - lse[i * HEADS + head]);
  }
  maps[index] = weight;
}`,
  };
  return { kernel, groups: ({ length }) => inLine(Math.ceil((shape.heads * length! ** 2) / MAP_THREADS)) };
}
