/**
 * Layer normalisation: every position's vector is shifted to mean 0, scaled to variance 1, then scaled and shifted by learned
 * vectors. Ba, Kiros & Hinton 2016. The gradient is written out; tf.js would take twenty operations to find it.
 */
import { tf } from '../../tf';
import { sumRows } from './linear';

/** GPT-2's */
const EPSILON = 1e-5;

/**
 *   y = gain · x̂ + bias,   x̂ = (x − mean) / √(variance + 1e-5), biased variance over the last axis
 * @param x [N,C], @param gain [C], @param bias [C]
 * @returns [N,C]; differentiable
 */
export function layerNorm(x: tf.Tensor2D, gain: tf.Tensor1D, bias: tf.Tensor1D): tf.Tensor2D {
  const op = tf.customGrad((x_, gain_, bias_, save) => {
    const centred = tf.sub(x_ as tf.Tensor, tf.mean(x_ as tf.Tensor, 1, true));
    const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), EPSILON)); // [N,1]
    const normalised = tf.mul(centred, scale);
    (save as tf.GradSaveFunc)([normalised, scale, gain_ as tf.Tensor]);
    const value = tf.add(tf.mul(normalised, gain_ as tf.Tensor), bias_ as tf.Tensor);
    return { value, gradFunc: (dy, saved) => gradients(dy as tf.Tensor2D, saved) };
  });
  return op(x, gain, bias) as tf.Tensor2D;
}

/** dx = (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) / √(variance + ε),   dx̂ = dy · gain */
function gradients(dy: tf.Tensor2D, saved: tf.Tensor[]): tf.Tensor[] {
  const [normalised, scale, gain] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
  const dNormalised = tf.mul(dy, gain);
  const along = tf.mul(normalised, tf.mean(tf.mul(dNormalised, normalised), 1, true));
  const dx = tf.mul(tf.sub(tf.sub(dNormalised, tf.mean(dNormalised, 1, true)), along), scale);
  return [dx, sumRows(tf.mul(dy, normalised) as tf.Tensor2D), sumRows(dy)];
}
