/**
 * Causal attention of every head, forward and backward, on the packed matrix [q | k | v] that one product gives.
 *
 *   weights[i,j] = softmax_j(q_i · k_j / √D)   over j ≤ i, padding left out        out_i = Σ_j weights[i,j] v_j
 *
 * Only the lower triangle is ever computed: half the work of composed operations, and no transpose.
 * A padded column looks at itself alone, so that every row is a distribution; nobody ever looks at it.
 */
import { defineHostKernel, type HostArray } from './hostKernel';

export interface AttentionShape {
  batch: number;
  length: number;
  heads: number;
  width: number;
}

/** one head's rows of `packed` [B,T,stride] as contiguous [T,D], scaled */
function loadHead(
  into: Float64Array,
  packed: HostArray,
  row: number,
  length: number,
  stride: number,
  offset: number,
  size: number,
  scale = 1,
): void {
  for (let t = 0; t < length; t++) {
    const from = (row + t) * stride + offset;
    const to = t * size;
    for (let d = 0; d < size; d++) into[to + d] = packed[from + d]! * scale;
  }
}

function storeHead(
  from: Float64Array,
  packed: Float32Array,
  row: number,
  length: number,
  stride: number,
  offset: number,
  size: number,
  scale = 1,
): void {
  for (let t = 0; t < length; t++) {
    const to = (row + t) * stride + offset;
    for (let d = 0; d < size; d++) packed[to + d] = from[t * size + d]! * scale;
  }
}

function dot(a: Float64Array, aFrom: number, b: Float64Array, bFrom: number, size: number): number {
  let s0 = 0;
  let s1 = 0;
  let d = 0;
  for (; d + 1 < size; d += 2) {
    s0 += a[aFrom + d]! * b[bFrom + d]!;
    s1 += a[aFrom + d + 1]! * b[bFrom + d + 1]!;
  }
  return d < size ? s0 + s1 + a[aFrom + d]! * b[bFrom + d]! : s0 + s1;
}

/** y += factor · x */
function addScaled(y: Float64Array, yFrom: number, factor: number, x: Float64Array, xFrom: number, size: number): void {
  for (let d = 0; d < size; d++) y[yFrom + d]! += factor * x[xFrom + d]!;
}

/** q_i · k_j for the keys that row i may see, then softmax in place; everything else 0 */
function weighKeys(weights: Float64Array, i: number, firstKey: number, q: Float64Array, k: Float64Array, size: number): void {
  let largest = -Infinity;
  for (let j = firstKey; j <= i; j++) {
    const score = dot(q, i * size, k, j * size, size);
    weights[j] = score;
    if (score > largest) largest = score;
  }
  let total = 0;
  for (let j = firstKey; j <= i; j++) total += weights[j] = Math.exp(weights[j]! - largest);
  for (let j = firstKey; j <= i; j++) weights[j]! /= total;
}

/** inputs: packed [B·T,3C], leftPad [B] int32 → out [B·T,C], weights [B,H,T,T] */
export const attentionForward = defineHostKernel<AttentionShape>({
  name: 'LabAttentionForward',
  outputs: (_, { batch, length, heads, width }) => [
    [batch * length, width],
    [batch, heads, length, length],
  ],
  compute: ([packed, leftPad], [out, weights], _, { batch, length, heads, width }) => {
    const size = width / heads;
    const [q, k, v, o] = [0, 1, 2, 3].map(() => new Float64Array(length * size)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const row = new Float64Array(length);
    weights!.fill(0);
    for (let b = 0; b < batch; b++) {
      for (let h = 0; h < heads; h++) {
        loadHead(q, packed!, b * length, length, 3 * width, h * size, size, 1 / Math.sqrt(size));
        loadHead(k, packed!, b * length, length, 3 * width, width + h * size, size);
        loadHead(v, packed!, b * length, length, 3 * width, 2 * width + h * size, size);
        o.fill(0);
        for (let i = 0; i < length; i++) {
          const firstKey = Math.min(leftPad![b]!, i);
          weighKeys(row, i, firstKey, q, k, size);
          const base = ((b * heads + h) * length + i) * length;
          for (let j = firstKey; j <= i; j++) {
            weights![base + j] = row[j]!;
            addScaled(o, i * size, row[j]!, v, j * size, size);
          }
        }
        storeHead(o, out!, b * length, length, width, h * size, size);
      }
    }
  },
});

/** inputs: packed [B·T,3C], weights [B,H,T,T], dOut [B·T,C], leftPad [B] int32 → dPacked [B·T,3C] */
export const attentionBackward = defineHostKernel<AttentionShape>({
  name: 'LabAttentionBackward',
  outputs: (_, { batch, length, width }) => [[batch * length, 3 * width]],
  compute: ([packed, weights, dOut, leftPad], [dPacked], _, { batch, length, heads, width }) => {
    const size = width / heads;
    const scale = 1 / Math.sqrt(size);
    const buffers = Array.from({ length: 7 }, () => new Float64Array(length * size));
    const [q, k, v, dO, dQ, dK, dV] = buffers as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const dWeights = new Float64Array(length);
    for (let b = 0; b < batch; b++) {
      for (let h = 0; h < heads; h++) {
        const row = b * length;
        loadHead(q, packed!, row, length, 3 * width, h * size, size);
        loadHead(k, packed!, row, length, 3 * width, width + h * size, size);
        loadHead(v, packed!, row, length, 3 * width, 2 * width + h * size, size);
        loadHead(dO, dOut!, row, length, width, h * size, size);
        for (const gradient of [dQ, dK, dV]) gradient.fill(0);
        for (let i = 0; i < length; i++) {
          const firstKey = Math.min(leftPad![b]!, i);
          const base = ((b * heads + h) * length + i) * length;
          // softmax: dScore_j = weight_j · (dWeight_j − Σ weight · dWeight)
          let mean = 0;
          for (let j = firstKey; j <= i; j++) {
            const weight = weights![base + j]!;
            const dWeight = dot(dO, i * size, v, j * size, size);
            dWeights[j] = dWeight;
            mean += weight * dWeight;
            addScaled(dV, j * size, weight, dO, i * size, size);
          }
          for (let j = firstKey; j <= i; j++) {
            const dScore = weights![base + j]! * (dWeights[j]! - mean) * scale;
            addScaled(dQ, i * size, dScore, k, j * size, size);
            addScaled(dK, j * size, dScore, q, i * size, size);
          }
        }
        storeHead(dQ, dPacked!, row, length, 3 * width, h * size, size);
        storeHead(dK, dPacked!, row, length, 3 * width, width + h * size, size);
        storeHead(dV, dPacked!, row, length, 3 * width, 2 * width + h * size, size);
      }
    }
  },
});
