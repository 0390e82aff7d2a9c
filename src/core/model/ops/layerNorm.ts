/**
 * Layer normalisation: every position's vector is shifted to mean 0, scaled to variance 1, then scaled and shifted by
 * learned vectors. Ba, Kiros & Hinton 2016. The gradient is written out; tf.js would take twenty operations to find it.
 */
import { hasHostKernels, runHostKernel } from '../../kernels/hostKernel';
import { layerNormBackward, layerNormForward } from '../../kernels/rowKernels';
import { tf } from '../../tf';
import { sumRows } from './linear';

/** GPT-2's */
const EPSILON = 1e-5;

interface Normalised {
  /** [N,C] */
  y: tf.Tensor2D;
  normalised: tf.Tensor2D;
  /** 1/√(variance + ε), [N,1] */
  scale: tf.Tensor2D;
}
interface LayerNormPath {
  forward(x: tf.Tensor2D, gain: tf.Tensor1D, bias: tf.Tensor1D, epsilon: number): Normalised;
  /** [dx, dGain, dBias] */
  backward(dy: tf.Tensor2D, normalised: tf.Tensor2D, scale: tf.Tensor2D, gain: tf.Tensor1D): tf.Tensor[];
}

export const composedLayerNorm: LayerNormPath = {
  forward(x, gain, bias, epsilon) {
    const centred = tf.sub(x, tf.mean(x, 1, true));
    const scale = tf.rsqrt<tf.Tensor2D>(tf.add(tf.mean(tf.square(centred), 1, true), epsilon));
    const normalised = tf.mul<tf.Tensor2D>(centred, scale);
    return { y: tf.add(tf.mul(normalised, gain), bias), normalised, scale };
  },
  /** dx = (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) / √(variance + ε),   dx̂ = dy · gain */
  backward(dy, normalised, scale, gain) {
    const dNormalised = tf.mul(dy, gain);
    const along = tf.mul(normalised, tf.mean(tf.mul(dNormalised, normalised), 1, true));
    const dx = tf.mul(tf.sub(tf.sub(dNormalised, tf.mean(dNormalised, 1, true)), along), scale);
    return [dx, sumRows(tf.mul(dy, normalised)), sumRows(dy)];
  },
};

export const hostLayerNorm: LayerNormPath = {
  forward(x, gain, bias, epsilon) {
    const [y, normalised, scale] = runHostKernel(layerNormForward, [x, gain, bias], { epsilon }) as tf.Tensor2D[];
    return { y: y as tf.Tensor2D, normalised: normalised as tf.Tensor2D, scale: scale as tf.Tensor2D };
  },
  backward: (dy, normalised, scale, gain) => runHostKernel(layerNormBackward, [dy, normalised, scale, gain], {}),
};

/**
 *   y = gain · x̂ + bias,   x̂ = (x − mean) / √(variance + ε), biased variance over the last axis
 * @param x [N,C], @param gain [C], @param bias [C]
 * @returns [N,C]; differentiable
 */
export function layerNorm(x: tf.Tensor2D, gain: tf.Tensor1D, bias: tf.Tensor1D, epsilon = EPSILON): tf.Tensor2D {
  const path = hasHostKernels() ? hostLayerNorm : composedLayerNorm;
  const op = tf.customGrad((x_, gain_, bias_, save) => {
    const { y, normalised, scale } = path.forward(
      x_ as tf.Tensor2D,
      gain_ as tf.Tensor1D,
      bias_ as tf.Tensor1D,
      epsilon,
    );
    (save as tf.GradSaveFunc)([normalised, scale, gain_ as tf.Tensor]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [kept, scales, gains] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
      return path.backward(dy as tf.Tensor2D, kept, scales, gains);
    };
    return { value: y, gradFunc };
  });
  return op(x, gain, bias) as tf.Tensor2D;
}
