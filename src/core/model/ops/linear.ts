/**
 * y = x·W + b with its own gradient. tf.js would compute dx = dy·Wᵀ and dW = xᵀ·dy through transpose flags, which the
 * wasm backend runs ten times slower than a plain product and WebGPU without its vector path; so the transposes are
 * explicit.
 */
import { hasHostKernels, runHostKernel } from '../../kernels/hostKernel';
import { columnSums } from '../../kernels/rowKernels';
import { tf } from '../../tf';

/**
 * from this many rows on, tf.js's webgpu adds parts of a product atomically, in an order that changes from run to run
 */
const ATOMIC_ROWS = 2000;

/** into how many equal parts rows must be cut to stay below; 1 when nothing needs cutting or nothing divides */
function partsOf(rows: number): number {
  if (hasHostKernels() || rows < ATOMIC_ROWS) return 1;
  for (let parts = 2; parts <= rows / 2; parts++) if (rows % parts === 0 && rows / parts < ATOMIC_ROWS) return parts;
  return 1;
}

/**
 * aᵀ·b, contracting the rows: the same numbers on every run, which a resumed run relies on.
 * The product packs its second matrix first, so the narrower of the two goes there: (bᵀ·a)ᵀ is the same.
 * @param a [N,I], @param b [N,O]
 * @returns [I,O]
 */
export function contractRows(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const [rows, columns] = a.shape;
  const parts = partsOf(rows);
  if (parts > 1) {
    const [first, second] = [
      tf.reshape(a, [parts, rows / parts, columns]),
      tf.reshape(b, [parts, rows / parts, b.shape[1]]),
    ];
    return tf.sum(tf.matMul(first, second, true, false), 0);
  }
  if (b.shape[1] <= columns) return tf.matMul(tf.transpose(a), b);
  return tf.transpose(tf.matMul(tf.transpose(b), a));
}

/**
 * Σ over rows, [N,C] → [C]; a product with ones where there is no loop for it: stock reductions over the outer axis are
 * slow
 */
export function sumRows(x: tf.Tensor2D): tf.Tensor1D {
  if (hasHostKernels()) return runHostKernel(columnSums, [x, tf.ones([1])], {})[0] as tf.Tensor1D;
  const [rows, columns] = x.shape;
  const parts = partsOf(rows);
  // [parts,1,C]
  const sums = tf.matMul(tf.ones([parts, 1, rows / parts]), tf.reshape(x, [parts, rows / parts, columns]));
  return parts > 1 ? tf.sum(sums, [0, 1]) : tf.reshape(sums, [columns]);
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

/** the same numbers through a matrix and a bias that do not learn: only x has a gradient */
export function frozenLinear(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return throughFrozen(x, weight, (a) => tf.fused.matMul({ a, b: weight, bias }));
}

/** the same without a bias */
export function frozenProject(x: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor2D {
  return throughFrozen(x, weight, (a) => tf.matMul(a, weight));
}

function throughFrozen(x: tf.Tensor2D, weight: tf.Tensor2D, value: (x: tf.Tensor2D) => tf.Tensor): tf.Tensor2D {
  const op = tf.customGrad((x_, save) => {
    (save as tf.GradSaveFunc)([weight]); // it may be made of another and be gone when the gradient is taken
    const gradFunc = (dy: tf.Tensor, [kept]: tf.Tensor[]): tf.Tensor =>
      tf.matMul(dy as tf.Tensor2D, tf.transpose(kept as tf.Tensor2D));
    return { value: value(x_ as tf.Tensor2D), gradFunc };
  });
  return op(x) as tf.Tensor2D;
}

/** [dx, dWeight] */
function gradients(dy: tf.Tensor2D, saved: tf.Tensor[]): tf.Tensor[] {
  const [x, weight] = saved as [tf.Tensor2D, tf.Tensor2D];
  return [tf.matMul(dy, tf.transpose(weight)), contractRows(x, dy)];
}
