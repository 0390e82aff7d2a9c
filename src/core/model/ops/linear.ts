/**
 * y = x·W + b with its own gradient. tf.js would compute dx = dy·Wᵀ and dW = xᵀ·dy through transpose flags, which the wasm
 * backend runs ten times slower than a plain product and WebGPU without its vector path; so the transposes are explicit.
 */
import { tf } from '../../tf';

/** Σ over rows as a product with ones: the fast matrix kernel, where a reduction over the outer axis is a slow one. */
export const sumRows = (x: tf.Tensor2D): tf.Tensor1D => tf.reshape(tf.matMul(tf.ones([1, x.shape[0]]), x), [x.shape[1]]);

/**
 * @param x [N,I], @param weight [I,O], @param bias [O]
 * @returns [N,O]; differentiable
 */
export function linear(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  const op = tf.customGrad((x_, weight_, bias_, save) => {
    const [a, b, c] = [x_, weight_, bias_] as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
    (save as tf.GradSaveFunc)([a, b]);
    return { value: tf.fused.matMul({ a, b, bias: c }), gradFunc: (dy, saved) => gradients(dy as tf.Tensor2D, saved) };
  });
  return op(x, weight, bias) as tf.Tensor2D;
}

/** the same without a bias */
export function project(x: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor2D {
  const op = tf.customGrad((x_, weight_, save) => {
    const [a, b] = [x_, weight_] as [tf.Tensor2D, tf.Tensor2D];
    (save as tf.GradSaveFunc)([a, b]);
    return { value: tf.matMul(a, b), gradFunc: (dy, saved) => gradients(dy as tf.Tensor2D, saved).slice(0, 2) };
  });
  return op(x, weight) as tf.Tensor2D;
}

function gradients(dy: tf.Tensor2D, saved: tf.Tensor[]): tf.Tensor[] {
  const [x, weight] = saved as [tf.Tensor2D, tf.Tensor2D];
  const dx = tf.matMul(dy, tf.transpose(weight)); // [N,I]
  const dWeight = tf.matMul(tf.transpose(x), dy); // [I,O]
  return [dx, dWeight, sumRows(dy)];
}
