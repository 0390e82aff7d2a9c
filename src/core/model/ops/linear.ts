/**
 * y = x·W + b with its own gradient. tf.js would compute dx = dy·Wᵀ and dW = xᵀ·dy through transpose flags, which the wasm
 * backend runs ten times slower than a plain product and WebGPU without its vector path; so the transposes are explicit.
 */
import { hasHostKernels, runHostKernel } from '../../kernels/hostKernel';
import { columnSums } from '../../kernels/rowKernels';
import { tf } from '../../tf';

/** Σ over rows, [N,C] → [C]; a product with ones where there is no loop for it: stock reductions over the outer axis are slow */
export function sumRows(x: tf.Tensor2D): tf.Tensor1D {
  if (hasHostKernels()) return runHostKernel(columnSums, [x, tf.ones([1])], {})[0] as tf.Tensor1D;
  return tf.reshape(tf.matMul(tf.ones([1, x.shape[0]]), x), [x.shape[1]]);
}

/** xᵀ·dy. The product packs its second matrix first, so the narrower of the two goes there: (dyᵀ·x)ᵀ is the same. */
function weightGradient(x: tf.Tensor2D, dy: tf.Tensor2D): tf.Tensor2D {
  if (dy.shape[1] <= x.shape[1]) return tf.matMul(tf.transpose(x), dy);
  return tf.transpose(tf.matMul(tf.transpose(dy), x));
}

/**
 * @param x [N,I], @param weight [I,O], @param bias [O]
 * @returns [N,O]; differentiable
 */
export function linear(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  const op = tf.customGrad((x_, weight_, bias_, save) => {
    const [a, b, c] = [x_, weight_, bias_] as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
    (save as tf.GradSaveFunc)([a, b]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => [
      ...gradients(dy as tf.Tensor2D, saved),
      sumRows(dy as tf.Tensor2D),
    ];
    return { value: tf.fused.matMul({ a, b, bias: c }), gradFunc };
  });
  return op(x, weight, bias) as tf.Tensor2D;
}

/** the same without a bias */
export function project(x: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor2D {
  const op = tf.customGrad((x_, weight_, save) => {
    const [a, b] = [x_, weight_] as [tf.Tensor2D, tf.Tensor2D];
    (save as tf.GradSaveFunc)([a, b]);
    return { value: tf.matMul(a, b), gradFunc: (dy, saved) => gradients(dy as tf.Tensor2D, saved) };
  });
  return op(x, weight) as tf.Tensor2D;
}

/** [dx, dWeight] */
function gradients(dy: tf.Tensor2D, saved: tf.Tensor[]): tf.Tensor[] {
  const [x, weight] = saved as [tf.Tensor2D, tf.Tensor2D];
  return [tf.matMul(dy, tf.transpose(weight)), weightGradient(x, dy)];
}
