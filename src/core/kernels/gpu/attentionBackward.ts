/**
 * Gradient of causal attention, again without the [T,T] weights: they are computed anew from q, k and the log-sum-exp of the
 * forward pass. Dao et al. 2022, appendix B, with the sums in a fixed order instead of atomic additions: half of the grid owns
 * queries and goes over their keys, the other half owns keys and goes over the queries that saw them.
 *
 *   P = exp(s − lse)      δᵢ = dOutᵢ·outᵢ      dS = P ∘ (dOut·vᵀ − δ)/√D
 *   dqᵢ = Σⱼ dSᵢⱼ·kⱼ      dkⱼ = Σᵢ dSᵢⱼ·qᵢ      dvⱼ = Σᵢ Pᵢⱼ·dOutᵢ
 */
import type { KernelStyle } from './device';
import { type HeadShape, headLayout, reads, writes } from './headLayout';
import { inLine, type Kernel, type Launch } from './kernel';

/** queries or keys that a workgroup owns; each is shared among four threads */
const OWNED = 16;
/** so many units of a head fit into 16 KiB with a passing tile as large as the owned one */
const UNITS_OF_A_LARGE_TILE = { f32: 32, 'vec4<f32>': 8 };

/** "Mine" are the vectors owned, (q, dOut) or (k, v); "passing" are those they meet, (k, v) or (q, dOut). */
const cooperative = (passing: number): string => `
const OWNED = ${OWNED}u;
const PASSING = ${passing}u;
const THREADS = ${4 * OWNED}u;
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
  let place = group % half;
  let head = place % HEADS;
  let start = place / HEADS / tiles * shape.length;
  let first = place / HEADS % tiles * OWNED;
  let end = min(first + OWNED, shape.length);
  if (thread == 0u) { padding = u32(leftPad[place / HEADS / tiles]); }
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

const SOLITARY_THREADS = 16;

const solitary = (): string => `
fn rowGradient(n : u32, head : u32, i : u32, first : u32) {
  let at = n * ROW + head * UNITS;
  let base = n * 3u * ROW + head * UNITS;
  var query : array<Unit, UNITS>;
  var slopeOut : array<Unit, UNITS>;
  var sums : array<Unit, UNITS>;
  var delta = 0.0;
  for (var u = 0u; u < UNITS; u++) {
    query[u] = qkv[base + u] * SCALE;
    slopeOut[u] = dOut[at + u];
    delta += product(slopeOut[u], out[at + u]);
  }
  let total = lse[n * HEADS + head];
  for (var key = base + ROW - (i - first) * 3u * ROW; key <= base + ROW; key += 3u * ROW) {
    var score = 0.0;
    var slope = 0.0;
    for (var u = 0u; u < UNITS; u++) {
      score += product(query[u], qkv[key + u]);
      slope += product(slopeOut[u], qkv[key + ROW + u]);
    }
    slope = (slope - delta) * exp(score - total) * SCALE;
    for (var u = 0u; u < UNITS; u++) { sums[u] += slope * qkv[key + u]; }
  }
  for (var u = 0u; u < UNITS; u++) { dQkv[base + u] = sums[u]; }
}

fn keyGradient(n : u32, head : u32, rows : u32) {
  let own = (n * 3u + 1u) * ROW + head * UNITS;
  var key : array<Unit, UNITS>;
  var value : array<Unit, UNITS>;
  var dKey : array<Unit, UNITS>;
  var dValue : array<Unit, UNITS>;
  for (var u = 0u; u < UNITS; u++) {
    key[u] = qkv[own + u] * SCALE;
    value[u] = qkv[own + ROW + u];
  }
  for (var m = n; m < n + rows; m++) {
    let at = m * ROW + head * UNITS;
    let base = m * 3u * ROW + head * UNITS;
    var score = 0.0;
    var slope = 0.0;
    for (var u = 0u; u < UNITS; u++) {
      score += product(qkv[base + u], key[u]);
      slope += product(dOut[at + u], value[u] - out[at + u]);
    }
    let weight = exp(score - lse[m * HEADS + head]);
    slope *= weight * SCALE;
    for (var u = 0u; u < UNITS; u++) {
      dKey[u] += slope * qkv[base + u];
      dValue[u] += weight * dOut[at + u];
    }
  }
  for (var u = 0u; u < UNITS; u++) {
    dQkv[own + u] = dKey[u];
    dQkv[own + ROW + u] = dValue[u];
  }
}

@compute @workgroup_size(${SOLITARY_THREADS})
fn main(@builtin(global_invocation_id) id : vec3<u32>, @builtin(num_workgroups) groups : vec3<u32>) {
  let index = id.x + id.y * groups.x * ${SOLITARY_THREADS}u;
  let half = shape.batch * shape.length * HEADS;
  if (index >= 2u * half) { return; }
  let n = index % half / HEADS;
  let t = n % shape.length;
  let pad = u32(leftPad[n / shape.length]);
  if (index < half) {
    rowGradient(n, index % HEADS, t, min(pad, t));
  } else {
    keyGradient(n, index % half % HEADS, select(shape.length - t, 1u, t < pad));
  }
}`;

/**
 * buffers: qkv [N,3C], out [N,C], lse [N,H], dOut [N,C], leftPad [B], dQkv [N,3C]
 * shape: batch, length; N = batch·length
 */
export function attentionBackward(shape: HeadShape, style: KernelStyle): Launch {
  const { type, units, wgsl } = headLayout(shape);
  const passing = units <= UNITS_OF_A_LARGE_TILE[type] ? OWNED : OWNED / 2;
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
    code: wgsl + (style === 'cooperative' ? cooperative(passing) : solitary()),
  };
  const { heads } = shape;
  if (style === 'cooperative') return { kernel, groups: ({ batch, length }) => inLine(2 * batch! * heads * Math.ceil(length! / OWNED)) };
  return { kernel, groups: ({ batch, length }) => inLine(Math.ceil((2 * batch! * length! * heads) / SOLITARY_THREADS)) };
}
