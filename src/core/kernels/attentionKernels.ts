/**
 * Causal attention of every head, forward and backward, on the packed matrix [q | k | v] that one product gives.
 *
 *   weights[i,j] = softmax_j(q_i · k_j / √D)   over j ≤ i, padding left out        out_i = Σ_j weights[i,j] v_j
 *
 * Only the lower triangle is ever computed: half the work of composed operations, and no transpose.
 * A padded column looks at itself alone, so that every row is a distribution; nobody ever looks at it.
 */
import { defineHostKernel } from './hostKernel';

export interface AttentionShape {
  batch: number;
  length: number;
  heads: number;
  width: number;
}

/** scores → softmax(scores · scale), in place */
export function softmaxInPlace(scores: Float32Array, from: number, count: number, scale: number): void {
  let largest = -Infinity;
  for (let j = from; j < from + count; j++) if (scores[j]! > largest) largest = scores[j]!;
  let total = 0;
  for (let j = from; j < from + count; j++) {
    const power = Math.exp((scores[j]! - largest) * scale);
    scores[j] = power;
    total += power;
  }
  for (let j = from; j < from + count; j++) scores[j]! /= total;
}

/** inputs: packed [B·T,3C], leftPad [B] int32 → out [B·T,C], weights [B,H,T,T] */
export const attentionForward = defineHostKernel<AttentionShape>({
  name: 'LabAttentionForward',
  outputs: (_, { batch, length, heads, width }) => [
    [batch * length, width],
    [batch, heads, length, length],
  ],
  compute: ([packed, leftPad], [out, weights], _, { batch, length, heads, width }, math) => {
    const size = width / heads;
    const stride = 3 * width;
    const scale = 1 / Math.sqrt(size);
    const matrix = packed as Float32Array;
    weights!.fill(0);
    for (let b = 0; b < batch; b++) {
      for (let h = 0; h < heads; h++) {
        for (let i = 0; i < length; i++) {
          const first = Math.min(leftPad![b]!, i); // first column that row i may see
          const query = (b * length + i) * stride + h * size;
          const key = (b * length + first) * stride + width + h * size;
          const row = ((b * heads + h) * length + i) * length + first;
          const count = i + 1 - first;
          math.dotRows(weights!, row, matrix, query, matrix, key, stride, count, size);
          softmaxInPlace(weights!, row, count, scale);
          math.weighRows(
            out!,
            (b * length + i) * width + h * size,
            weights!,
            row,
            1,
            matrix,
            key + width,
            stride,
            count,
            size,
          );
        }
      }
    }
  },
});

/** dWeights → dScores of one row, in place: weight_j · (dWeight_j − Σ weight · dWeight) · scale */
export function softmaxGradient(
  dWeights: Float32Array,
  from: number,
  weights: Float32Array,
  weightsFrom: number,
  count: number,
  scale: number,
): void {
  let mean = 0;
  for (let j = 0; j < count; j++) mean += weights[weightsFrom + j]! * dWeights[from + j]!;
  for (let j = 0; j < count; j++) dWeights[from + j] = weights[weightsFrom + j]! * (dWeights[from + j]! - mean) * scale;
}

/** inputs: packed [B·T,3C], weights [B,H,T,T], dOut [B·T,C], leftPad [B] int32 → dPacked [B·T,3C], scratch [T,T] */
export const attentionBackward = defineHostKernel<AttentionShape>({
  name: 'LabAttentionBackward',
  outputs: (_, { batch, length, width }) => [
    [batch * length, 3 * width],
    [length, length],
  ],
  compute: ([packed, weights, dOut, leftPad], [dPacked, dScores], _, { batch, length, heads, width }, math) => {
    const size = width / heads;
    const stride = 3 * width;
    const scale = 1 / Math.sqrt(size);
    const [matrix, seen, dRows] = [packed, weights, dOut] as [Float32Array, Float32Array, Float32Array];
    for (let b = 0; b < batch; b++) {
      const pad = leftPad![b]!;
      for (let h = 0; h < heads; h++) {
        const query = b * length * stride + h * size; // of column 0; keys stand C further, values 2C
        const dOutAt = b * length * width + h * size;
        const seenAt = (b * heads + h) * length * length;
        for (let i = 0; i < length; i++) {
          const first = Math.min(pad, i);
          const count = i + 1 - first;
          const row = i * length + first;
          math.dotRows(
            dScores!,
            row,
            dRows,
            dOutAt + i * width,
            matrix,
            query + first * stride + 2 * width,
            stride,
            count,
            size,
          );
          softmaxGradient(dScores!, row, seen, seenAt + row, count, scale);
          math.weighRows(
            dPacked!,
            query + i * stride,
            dScores!,
            row,
            1,
            matrix,
            query + first * stride + width,
            stride,
            count,
            size,
          );
        }
        for (let j = 0; j < length; j++) {
          // rows that look at column j: itself and, unless it is padding, all later ones
          const count = j < pad ? 1 : length - j;
          const diagonal = j * length + j;
          const key = query + j * stride + width;
          math.weighRows(dPacked!, key, dScores!, diagonal, length, matrix, query + j * stride, stride, count, size);
          math.weighRows(
            dPacked!,
            key + width,
            seen,
            seenAt + diagonal,
            length,
            dRows,
            dOutAt + j * width,
            width,
            count,
            size,
          );
        }
      }
    }
  },
});
