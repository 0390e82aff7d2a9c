/**
 * Rows of a table by number. Its gradient in tf.js needs a kernel that wasm lacks and that is not deterministic on
 * WebGPU.
 */
import { gatherRows, scatterAddRows } from '../../kernels/embeddingKernels';
import { hasHostKernels, runHostKernel } from '../../kernels/hostKernel';
import { oneHot } from '../../tensor/oneHot';
import { tf } from '../../tf';
import { contractRows } from './linear';

/**
 * @param table [V,C], @param ids [N] int32, each in 0 … V−1
 * @returns [N,C]; differentiable in the table
 */
export function embedding(table: tf.Tensor2D, ids: tf.Tensor1D): tf.Tensor2D {
  const op = tf.customGrad((table_, save) => {
    (save as tf.GradSaveFunc)([ids]); // whoever made them may be gone when the gradient is taken
    const gradFunc = (dy: tf.Tensor, [kept]: tf.Tensor[]): tf.Tensor =>
      addUp(dy as tf.Tensor2D, kept as tf.Tensor1D, table.shape[0]);
    return { value: lookUp(table_ as tf.Tensor2D, ids), gradFunc };
  });
  return op(table) as tf.Tensor2D;
}

function lookUp(table: tf.Tensor2D, ids: tf.Tensor1D): tf.Tensor2D {
  if (hasHostKernels()) return runHostKernel(gatherRows, [table, ids], {})[0] as tf.Tensor2D;
  return tf.gather(table, ids);
}

function addUp(dy: tf.Tensor2D, ids: tf.Tensor1D, rowCount: number): tf.Tensor2D {
  if (hasHostKernels()) return runHostKernel(scatterAddRows, [dy, ids], { rowCount })[0] as tf.Tensor2D;
  return contractRows(oneHot(ids, rowCount) as tf.Tensor2D, dy); // [V,C]
}
