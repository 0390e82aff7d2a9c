/**
 * Causal multi-head attention, Vaswani et al. 2017, eq. 1, as one differentiable operation on the packed [q | k | v].
 * On cpu and wasm it runs the loops of `kernels/attentionKernels.ts`, elsewhere the composed twin below.
 */
import { type AttentionShape, attentionBackward, attentionForward } from '../../kernels/attentionKernels';
import { hasHostKernels, runHostKernel } from '../../kernels/hostKernel';
import '../../kernels/wasmRepairs';
import { tf } from '../../tf';

export interface Attended {
  /** [B·T,C] */
  out: tf.Tensor2D;
  /** [B,H,T,T], row looks, column is looked at */
  weights: tf.Tensor4D;
}
export interface AttentionPath {
  /** who may see whom, made once for all layers of a pass; owned by the caller */
  mask(leftPad: tf.Tensor1D | null, shape: AttentionShape): tf.Tensor;
  forward(packed: tf.Tensor2D, mask: tf.Tensor, shape: AttentionShape): Attended;
  backward(
    packed: tf.Tensor2D,
    weights: tf.Tensor4D,
    dOut: tf.Tensor2D,
    mask: tf.Tensor,
    shape: AttentionShape,
  ): tf.Tensor2D;
}

/** in place of −∞, which WGSL may assume away; exp gives exactly 0 */
export const MASKED = -1e9;
/** above this tf.js's webgpu softmax overwrites its last value */
export const SOFTMAX_ROWS = 65_535;

/** 0 where column i may look at column j, MASKED elsewhere: j ≤ i and not padding, or j = i; [1 or B,1,T,T] */
export function attentionMask(length: number, leftPad: tf.Tensor1D | null): tf.Tensor4D {
  return tf.tidy(() => {
    const column = tf.range(0, length, 1, 'int32');
    const row = tf.reshape(column, [1, 1, length, 1]);
    const key = tf.reshape(column, [1, 1, 1, length]);
    let seen = tf.lessEqual(key, row);
    if (leftPad) {
      const real = tf.greaterEqual(key, tf.reshape(leftPad, [-1, 1, 1, 1]));
      seen = tf.logicalAnd(seen, tf.logicalOr(real, tf.equal(key, row)));
    }
    return tf.mul(tf.sub(1, tf.cast(seen, 'float32')), MASKED) as tf.Tensor4D;
  });
}

export function softmaxRows<T extends tf.Tensor>(scores: T): T {
  const width = scores.shape[scores.rank - 1] as number;
  if (scores.size / width <= SOFTMAX_ROWS) return tf.softmax(scores);
  const powers = tf.exp(tf.sub(scores, tf.max(scores, -1, true)));
  return tf.div(powers, tf.sum(powers, -1, true)) as T;
}

/** [B·T, parts·C] → parts × [B,H,T,D] */
export function splitHeads(
  packed: tf.Tensor2D,
  parts: number,
  { batch, length, heads, width }: AttentionShape,
): tf.Tensor4D[] {
  const apart = tf.transpose(tf.reshape(packed, [batch, length, parts * heads, width / heads]), [0, 2, 1, 3]);
  return tf.split(apart, parts, 1) as tf.Tensor4D[];
}

/** parts × [B,H,T,D] → [B·T, parts·C] */
function joinHeads(parts: tf.Tensor4D[], { batch, length, width }: AttentionShape): tf.Tensor2D {
  const together = parts.length === 1 ? (parts[0] as tf.Tensor4D) : tf.concat(parts, 1);
  return tf.reshape(tf.transpose(together, [0, 2, 1, 3]), [batch * length, parts.length * width]);
}

const scaleOf = ({ heads, width }: AttentionShape): number => 1 / Math.sqrt(width / heads);

export const composedAttention: AttentionPath = {
  mask: (leftPad, { length }) => attentionMask(length, leftPad),
  forward(packed, mask, shape) {
    const [q, k, v] = splitHeads(packed, 3, shape) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
    const scores = tf.matMul(tf.mul(q, scaleOf(shape)), k, false, true); // [B,H,T,T]
    const weights = softmaxRows(tf.add(scores, mask)) as tf.Tensor4D;
    return { out: joinHeads([tf.matMul(weights, v)], shape), weights };
  },
  backward(packed, weights, dOut, _mask, shape) {
    const [q, k, v] = splitHeads(packed, 3, shape) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
    const [dHeads] = splitHeads(dOut, 1, shape) as [tf.Tensor4D];
    const dWeights = tf.matMul(dHeads, v, false, true);
    const mean = tf.sum(tf.mul(weights, dWeights), -1, true);
    const dScores = tf.mul(tf.mul(weights, tf.sub(dWeights, mean)), scaleOf(shape)) as tf.Tensor4D;
    return joinHeads(
      [tf.matMul(dScores, k), tf.matMul(dScores, q, true, false), tf.matMul(weights, dHeads, true, false)],
      shape,
    );
  },
};

/** here the mask is the number of padding columns of each row, [B] int32 */
export const hostAttention: AttentionPath = {
  mask: (leftPad, { batch }) => (leftPad ? tf.clone(leftPad) : tf.zeros([batch], 'int32')),
  forward(packed, leftPad, shape) {
    const [out, weights] = runHostKernel(attentionForward, [packed, leftPad], shape);
    return { out: out as tf.Tensor2D, weights: weights as tf.Tensor4D };
  },
  backward(packed, weights, dOut, leftPad, shape) {
    return runHostKernel(attentionBackward, [packed, weights, dOut, leftPad], shape)[0] as tf.Tensor2D;
  },
};

/** loops where tensors are visible memory */
export const attentionPath = (): AttentionPath => (hasHostKernels() ? hostAttention : composedAttention);

/**
 * @param packed [B·T,3C]: queries, keys, values side by side, heads as slices of width D
 * @param mask from the same path
 * @param onWeights borrows the attention weights [B,H,T,T] when someone is looking
 * @returns [B·T,C]; differentiable
 */
export function attention(
  packed: tf.Tensor2D,
  mask: tf.Tensor,
  shape: AttentionShape,
  onWeights?: (weights: tf.Tensor4D) => void,
): tf.Tensor2D {
  const path = attentionPath();
  const op = tf.customGrad((packed_, save) => {
    const { out, weights } = path.forward(packed_ as tf.Tensor2D, mask, shape);
    (save as tf.GradSaveFunc)([packed_ as tf.Tensor, weights, mask]);
    onWeights?.(weights);
    return {
      value: out,
      gradFunc: (dOut, [saved, weights, savedMask]) =>
        path.backward(saved as tf.Tensor2D, weights as tf.Tensor4D, dOut as tf.Tensor2D, savedMask as tf.Tensor, shape),
    };
  });
  return op(packed) as tf.Tensor2D;
}
