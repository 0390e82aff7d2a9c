/**
 * Attention whose queries and keys may come from different texts, forward and backward: every query of row b reads the
 * first `seen[b]` keys, and under a causal mask none behind its own place.
 *
 *   weights[i,j] = softmax_j(q_i · k_j / √D)   over j < count(i)        out_i = Σ_j weights[i,j] v_j
 *   count(i) = seen[b], causal min(i + 1, seen[b])
 *
 * What is masked is never computed: its weight is exactly 0, and what stands there changes no number.
 */
import { softmaxGradient, softmaxInPlace } from './attentionKernels';
import { defineHostKernel } from './hostKernel';

export interface PrefixAttentionShape {
  batch: number;
  /** Q and K */
  queries: number;
  keys: number;
  heads: number;
  width: number;
  causal: boolean;
}

/** keys that query i of a row may read */
export const countOf = (i: number, seen: number, causal: boolean): number => (causal ? Math.min(i + 1, seen) : seen);

/** inputs: q [B·Q,C], kv [B·K,2C] (keys | values), seen [B] int32 → out [B·Q,C], weights [B,H,Q,K] */
export const prefixAttentionForward = defineHostKernel<PrefixAttentionShape>({
  name: 'LabPrefixAttentionForward',
  outputs: (_, { batch, queries, keys, heads, width }) => [
    [batch * queries, width],
    [batch, heads, queries, keys],
  ],
  compute: ([q, kv, seen], [out, weights], _, { batch, queries, keys, heads, width, causal }, math) => {
    const size = width / heads;
    const stride = 2 * width;
    const scale = 1 / Math.sqrt(size);
    const [asks, memory] = [q, kv] as [Float32Array, Float32Array];
    weights!.fill(0);
    for (let b = 0; b < batch; b++) {
      for (let h = 0; h < heads; h++) {
        const key = b * keys * stride + h * size;
        for (let i = 0; i < queries; i++) {
          const at = (b * queries + i) * width + h * size;
          const row = ((b * heads + h) * queries + i) * keys;
          const count = countOf(i, seen![b]!, causal);
          math.dotRows(weights!, row, asks, at, memory, key, stride, count, size);
          softmaxInPlace(weights!, row, count, scale);
          math.weighRows(out!, at, weights!, row, 1, memory, key + width, stride, count, size);
        }
      }
    }
  },
});

/** inputs: q, kv, weights, dOut [B·Q,C], seen → dq [B·Q,C], dkv [B·K,2C], scratch [Q,K] */
export const prefixAttentionBackward = defineHostKernel<PrefixAttentionShape>({
  name: 'LabPrefixAttentionBackward',
  outputs: (_, { batch, queries, keys, width }) => [
    [batch * queries, width],
    [batch * keys, 2 * width],
    [queries, keys],
  ],
  compute: (
    [q, kv, weights, dOut, seen],
    [dq, dkv, dScores],
    _,
    { batch, queries, keys, heads, width, causal },
    math,
  ) => {
    const size = width / heads;
    const stride = 2 * width;
    const scale = 1 / Math.sqrt(size);
    const [asks, memory, looked, dRows] = [q, kv, weights, dOut] as Float32Array[] as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    for (let b = 0; b < batch; b++) {
      for (let h = 0; h < heads; h++) {
        const ask = b * queries * width + h * size; // of query 0
        const key = b * keys * stride + h * size; // of key 0; values stand C further
        const lookedAt = (b * heads + h) * queries * keys;
        dScores!.fill(0);
        for (let i = 0; i < queries; i++) {
          const count = countOf(i, seen![b]!, causal);
          math.dotRows(dScores!, i * keys, dRows, ask + i * width, memory, key + width, stride, count, size);
          softmaxGradient(dScores!, i * keys, looked, lookedAt + i * keys, count, scale);
          math.weighRows(dq!, ask + i * width, dScores!, i * keys, 1, memory, key, stride, count, size);
        }
        for (let j = 0; j < keys; j++) {
          const at = key + j * stride;
          math.weighRows(dkv!, at, dScores!, j, keys, asks, ask, width, queries, size);
          math.weighRows(dkv!, at + width, looked, lookedAt + j, keys, dRows, ask, width, queries, size);
        }
      }
    }
  },
});
