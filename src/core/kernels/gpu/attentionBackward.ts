/**
 * Gradient of causal attention, again without the [T,T] weights: they are computed anew from q, k and the log-sum-exp
 * of the forward pass. Dao et al. 2022, appendix B, with the sums in a fixed order instead of atomic additions: half of
 * the grid owns queries and goes over their keys, the other half owns keys and goes over the queries that saw them.
 *
 *   P = exp(s − lse)      δᵢ = dOutᵢ·outᵢ      dS = P ∘ (dOut·vᵀ − δ)/√D
 *   dqᵢ = Σⱼ dSᵢⱼ·kⱼ      dkⱼ = Σᵢ dSᵢⱼ·qᵢ      dvⱼ = Σᵢ Pᵢⱼ·dOutᵢ
 */

import { solitaryBackward } from './attentionSolitary';
import { type HeadShape, headLayout, reads, writes } from './headLayout';
import { type GpuLaunch, inLine, type Kernel } from './kernel';
import type { KernelStyle } from './style';

interface Tiles {
  /** queries or keys of a workgroup; each is shared among four threads */
  owned: number;
  /** those that they meet at a time */
  passing: number;
}

/** two vectors of each fit into 16 KiB */
const tilesOf = (size: number): Tiles => {
  if (size <= 32) return { owned: 16, passing: 16 };
  return size <= 64 ? { owned: 16, passing: 8 } : { owned: 8, passing: 4 };
};

/** "Mine" are the vectors owned, (q, dOut) or (k, v); "passing" are those they meet, (k, v) or (q, dOut). */
const cooperative = ({ owned, passing }: Tiles): string => `
const OWNED = ${owned}u;
const PASSING = ${passing}u;
const THREADS = ${4 * owned}u;
const PITCH = UNITS + 1u;
const SHARE = (UNITS + 3u) / 4u;
var<workgroup> mine : array<Unit, OWNED * PITCH>;
var<workgroup> myPartner : array<Unit, OWNED * PITCH>;
var<workgroup> passing : array<Unit, PASSING * PITCH>;
var<workgroup> passingPartner : array<Unit, PASSING * PITCH>;
var<workgroup> weights : array<f32, OWNED * PASSING>;
var<workgroup> slopes : array<f32, OWNED * PASSING>;
var<workgroup> passingDelta : array<f32, PASSING * 4u>;
var<workgroup> padding : u32;

fn partner(n : u32, head : u32, unit : u32, isRow : bool) -> Unit {
  if (isRow) { return dOut[n * ROW + head * UNITS + unit]; }
  return qkv[(n * 3u + 2u) * ROW + head * UNITS + unit];
}

fn vector(n : u32, head : u32, unit : u32, isRow : bool) -> Unit {
  return qkv[(n * 3u + select(1u, 0u, isRow)) * ROW + head * UNITS + unit];
}

fn deltaPart(n : u32, head : u32, part : u32) -> f32 {
  var sum = 0.0;
  for (var u = part; u < UNITS; u += 4u) { sum += product(dOut[n * ROW + head * UNITS + u], out[n * ROW + head * UNITS + u]); }
  return sum;
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) id : vec3<u32>, @builtin(num_workgroups) groups : vec3<u32>, @builtin(local_invocation_index) thread : u32) {
  let tiles = (shape.length + OWNED - 1u) / OWNED;
  let half = tiles * HEADS * shape.batch;
  let group = id.x + id.y * groups.x;
  if (group >= 2u * half) { return; }
  let ownsRows = group < half;
  let work = group % half;
  let head = work % HEADS;
  let start = work / HEADS / tiles * shape.length;
  let first = work / HEADS % tiles * OWNED;
  let end = min(first + OWNED, shape.length);
  if (thread == 0u) { padding = u32(leftPad[work / HEADS / tiles]); }
  let pad = workgroupUniformLoad(&padding);
  for (var e = thread; e < (end - first) * UNITS; e += THREADS) {
    let n = start + first + e / UNITS;
    mine[e / UNITS * PITCH + e % UNITS] = vector(n, head, e % UNITS, ownsRows);
    myPartner[e / UNITS * PITCH + e % UNITS] = partner(n, head, e % UNITS, ownsRows);
  }
  let row = thread / 4u;
  let part = thread % 4u;
  let own = first + row;
  var delta = 0.0;
  if (ownsRows && own < end) { for (var p = 0u; p < 4u; p++) { delta += deltaPart(start + own, head, p); } }
  var dVector : array<Unit, SHARE>;
  var dPartner : array<Unit, SHARE>;
  var begin = first;
  var stop = select(shape.length, end, end <= pad);
  if (ownsRows) {
    begin = min(pad, first);
    stop = end;
  }
  for (var other = begin; other < stop; other += PASSING) {
    let count = min(PASSING, stop - other);
    workgroupBarrier();
    for (var e = thread; e < count * UNITS; e += THREADS) {
      let n = start + other + e / UNITS;
      passing[e / UNITS * PITCH + e % UNITS] = vector(n, head, e % UNITS, !ownsRows);
      passingPartner[e / UNITS * PITCH + e % UNITS] = partner(n, head, e % UNITS, !ownsRows);
    }
    if (!ownsRows && thread < 4u * count) { passingDelta[thread] = deltaPart(start + other + row, head, part); }
    workgroupBarrier();
    for (var k = part; k < PASSING; k += 4u) {
      let i = select(other + k, own, ownsRows);
      let j = select(own, other + k, ownsRows);
      var weight = 0.0;
      var slope = 0.0;
      if (k < count && own < end && j <= i && (j >= pad || j == i)) {
        var score = 0.0;
        for (var u = 0u; u < UNITS; u++) {
          score += product(mine[row * PITCH + u], passing[k * PITCH + u]);
          slope += product(myPartner[row * PITCH + u], passingPartner[k * PITCH + u]);
        }
        weight = exp(score * SCALE - lse[(start + i) * HEADS + head]);
        if (ownsRows) { slope -= delta; } else { for (var p = 0u; p < 4u; p++) { slope -= passingDelta[4u * k + p]; } }
        slope *= weight * SCALE;
      }
      weights[row * PASSING + k] = weight;
      slopes[row * PASSING + k] = slope;
    }
    workgroupBarrier();
    for (var k = 0u; k < count; k++) {
      for (var s = 0u; s < SHARE; s++) {
        let at = k * PITCH + min(4u * s + part, UNITS - 1u);
        dVector[s] += slopes[row * PASSING + k] * passing[at];
        if (!ownsRows) { dPartner[s] += weights[row * PASSING + k] * passingPartner[at]; }
      }
    }
  }
  if (own >= end) { return; }
  for (var s = 0u; s < SHARE; s++) {
    let unit = 4u * s + part;
    if (unit >= UNITS) { break; }
    let to = (start + own) * 3u * ROW + head * UNITS + unit;
    if (ownsRows) {
      dQkv[to] = dVector[s];
    } else {
      dQkv[to + ROW] = dVector[s];
      dQkv[to + 2u * ROW] = dPartner[s];
    }
  }
}`;

/**
 * buffers: qkv [N,3C], out [N,C], lse [N,H], dOut [N,C], leftPad [B], dQkv [N,3C]
 * shape: batch, length; N = batch·length
 */
export function attentionBackward(shape: HeadShape, style: KernelStyle): GpuLaunch {
  const { type, wgsl } = headLayout(shape);
  const alone = style.alone ? solitaryBackward(shape) : null;
  const tiles = tilesOf(shape.width / shape.heads);
  const kernel: Kernel = {
    name: 'attention backward',
    buffers: {
      qkv: reads(type),
      out: reads(type),
      lse: reads('f32'),
      dOut: reads(type),
      leftPad: reads('i32'),
      dQkv: writes(type),
    },
    shape: ['batch', 'length'],
    readsStep: false,
    code: alone ? alone.code : wgsl + cooperative(tiles),
  };
  if (alone)
    return {
      kernel,
      groups: ({ batch, length }) => inLine(Math.ceil((batch! * alone.threads(length!)) / alone.threadsPerGroup)),
    };
  return { kernel, groups: ({ batch, length }) => inLine(2 * batch! * shape.heads * Math.ceil(length! / tiles.owned)) };
}
