/**
 * Multi-head attention of one text to another, or to itself, Vaswani et al. 2017, eq. 1, as one differentiable
 * operation: the attention of an encoder–decoder. On cpu and wasm it runs the loops of
 * `kernels/prefixAttentionKernels.ts`, elsewhere the composed twin below.
 */
import { hasHostKernels, runHostKernel } from '../../kernels/hostKernel';
import {
  type PrefixAttentionShape,
  prefixAttentionBackward,
  prefixAttentionForward,
} from '../../kernels/prefixAttentionKernels';
import '../../kernels/wasmRepairs';
import { tf } from '../../tf';
import { type Attended, MASKED, softmaxRows } from './attention';

export interface PrefixAttentionPath {
  /** weights [B,H,Q,K] */
  forward(q: tf.Tensor2D, kv: tf.Tensor2D, seen: tf.Tensor1D, shape: PrefixAttentionShape): Attended;
  /** [dq, dkv] */
  backward(
    q: tf.Tensor2D,
    kv: tf.Tensor2D,
    weights: tf.Tensor4D,
    dOut: tf.Tensor2D,
    seen: tf.Tensor1D,
    shape: PrefixAttentionShape,
  ): tf.Tensor[];
}

export const hostPrefixAttention: PrefixAttentionPath = {
  forward(q, kv, seen, shape) {
    const [out, weights] = runHostKernel(prefixAttentionForward, [q, kv, seen], shape);
    return { out: out as tf.Tensor2D, weights: weights as tf.Tensor4D };
  },
  backward: (q, kv, weights, dOut, seen, shape) =>
    runHostKernel(prefixAttentionBackward, [q, kv, weights, dOut, seen], shape).slice(0, 2),
};

/** [B·T,parts·C] → parts × [B,H,T,D] */
function split(rows: tf.Tensor2D, length: number, parts: number, { batch, heads, width }: PrefixAttentionShape) {
  const apart = tf.transpose(tf.reshape(rows, [batch, length, parts * heads, width / heads]), [0, 2, 1, 3]);
  return tf.split(apart, parts, 1) as tf.Tensor4D[];
}

/** parts × [B,H,T,D] → [B·T,parts·C] */
function join(parts: tf.Tensor4D[], length: number, { batch, width }: PrefixAttentionShape): tf.Tensor2D {
  const together = tf.transpose(tf.concat(parts, 1), [0, 2, 1, 3]);
  return tf.reshape(together, [batch * length, parts.length * width]);
}

/** 0 where query i may read key j, MASKED elsewhere; [B,1,1 or Q,K] */
function maskOf(seen: tf.Tensor1D, { queries, keys, causal }: PrefixAttentionShape): tf.Tensor4D {
  const key = tf.reshape(tf.range(0, keys, 1, 'int32'), [1, 1, 1, keys]);
  let reads: tf.Tensor = tf.less(key, tf.reshape(seen, [-1, 1, 1, 1]));
  if (causal)
    reads = tf.logicalAnd(reads, tf.lessEqual(key, tf.reshape(tf.range(0, queries, 1, 'int32'), [1, 1, queries, 1])));
  return tf.mul(tf.sub(1, tf.cast(reads, 'float32')), MASKED) as tf.Tensor4D;
}

const scaleOf = ({ heads, width }: PrefixAttentionShape): number => 1 / Math.sqrt(width / heads);

export const composedPrefixAttention: PrefixAttentionPath = {
  forward(q, kv, seen, shape) {
    const [asks] = split(q, shape.queries, 1, shape) as [tf.Tensor4D];
    const [keys, values] = split(kv, shape.keys, 2, shape) as [tf.Tensor4D, tf.Tensor4D];
    const scores = tf.matMul(tf.mul(asks, scaleOf(shape)), keys, false, true); // [B,H,Q,K]
    const weights = softmaxRows(tf.add(scores, maskOf(seen, shape))) as tf.Tensor4D;
    return { out: join([tf.matMul(weights, values)], shape.queries, shape), weights };
  },
  backward(q, kv, weights, dOut, _seen, shape) {
    const [asks] = split(q, shape.queries, 1, shape) as [tf.Tensor4D];
    const [keys, values] = split(kv, shape.keys, 2, shape) as [tf.Tensor4D, tf.Tensor4D];
    const [dHeads] = split(dOut, shape.queries, 1, shape) as [tf.Tensor4D];
    const dWeights = tf.matMul(dHeads, values, false, true);
    const mean = tf.sum(tf.mul(weights, dWeights), -1, true);
    const dScores = tf.mul(tf.mul(weights, tf.sub(dWeights, mean)), scaleOf(shape)) as tf.Tensor4D;
    return [
      join([tf.matMul(dScores, keys)], shape.queries, shape),
      join([tf.matMul(dScores, asks, true, false), tf.matMul(weights, dHeads, true, false)], shape.keys, shape),
    ];
  },
};

/**
 * @param q [B·Q,C] queries, @param kv [B·K,2C] keys and values side by side, heads as slices of width D
 * @param seen [B] int32, keys of each row that are no padding; at least 1
 * @param onWeights borrows the attention weights [B,H,Q,K] when someone is looking
 * @returns [B·Q,C]; differentiable in q and kv
 */
export function prefixAttention(
  q: tf.Tensor2D,
  kv: tf.Tensor2D,
  seen: tf.Tensor1D,
  shape: PrefixAttentionShape,
  onWeights?: (weights: tf.Tensor4D) => void,
): tf.Tensor2D {
  const path = hasHostKernels() ? hostPrefixAttention : composedPrefixAttention;
  const op = tf.customGrad((q_, kv_, save) => {
    const { out, weights } = path.forward(q_ as tf.Tensor2D, kv_ as tf.Tensor2D, seen, shape);
    (save as tf.GradSaveFunc)([q_ as tf.Tensor, kv_ as tf.Tensor, weights, seen]);
    onWeights?.(weights);
    const gradFunc = (dOut: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [asks, memory, looked, kept] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor4D, tf.Tensor1D];
      return path.backward(asks, memory, looked, dOut as tf.Tensor2D, kept, shape);
    };
    return { value: out, gradFunc };
  });
  return op(q, kv) as tf.Tensor2D;
}
