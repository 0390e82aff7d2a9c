/**
 * GELU, Hendrycks & Gimpel 2016, in the form GPT-2 uses:
 *   gelu(x) = ½x(1 + tanh u) = x·σ(2u),   u = √(2/π)·(x + 0.044715x³)
 * The two forms are equal; tanh is twenty times slower than σ in tf.js's wasm. And as it is defined, x·Φ(x), which the
 * other comes near to within 0.001.
 */
import { TAIL } from '../../tensor/normalTail';
import { tf } from '../../tf';

const LINEAR = 2 * Math.sqrt(2 / Math.PI);
const CUBIC = LINEAR * 0.044715;

/** @param x any shape; @returns same shape; differentiable */
export function gelu<T extends tf.Tensor>(x: T): T {
  const op = tf.customGrad((x_, save) => {
    const square = tf.square(x_ as tf.Tensor);
    const gate = tf.sigmoid(tf.mul(x_ as tf.Tensor, tf.add(tf.mul(square, CUBIC), LINEAR)));
    const value = tf.mul(x_ as tf.Tensor, gate);
    (save as tf.GradSaveFunc)([square, gate, value]);
    return { value, gradFunc: (dy, saved) => slope(dy, saved) };
  });
  return op(x) as T;
}

/** d/dx x·σ(w) = σ + x·σ·(1−σ)·w′,   x·w′ = x(LINEAR + 3·CUBIC·x²), and x·σ is the value */
function slope(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor {
  const [square, gate, value] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
  const wSlope = tf.add(tf.mul(square, 3 * CUBIC), LINEAR);
  const bend = tf.mul(tf.mul(value, tf.sub(1, gate)), wSlope);
  return tf.mul(dy, tf.add(gate, bend));
}

/** e^(−x²/2) */
const bell = (x: tf.Tensor): tf.Tensor => tf.exp(tf.mul(tf.square(x), -0.5));

/** Φ(x), the share of a standard normal below x; see `tensor/normalTail.ts` */
function share(x: tf.Tensor): tf.Tensor {
  const t = tf.div(1, tf.add(tf.mul(tf.abs(x), TAIL.slope), 1));
  const powers = TAIL.factors.reduceRight<tf.Tensor>((sum, factor) => tf.mul(tf.add(sum, factor), t), tf.zerosLike(x));
  const above = tf.cast(tf.greater(x, 0), 'float32');
  // above 0 it is 1 − tail, below it is the tail
  return tf.add(above, tf.mul(tf.sub(1, tf.mul(above, 2)), tf.mul(powers, bell(x))));
}

/**
 *   x·Φ(x),   slope Φ + x·φ,   φ = e^(−x²/2) / √(2π)
 * @param x any shape; @returns same shape; differentiable
 */
export function geluErf<T extends tf.Tensor>(x: T): T {
  const op = tf.customGrad((x_, save) => {
    const below = share(x_ as tf.Tensor);
    (save as tf.GradSaveFunc)([x_ as tf.Tensor, below]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [kept, shares] = saved as [tf.Tensor, tf.Tensor];
      return tf.mul(dy, tf.add(shares, tf.mul(tf.mul(kept, bell(kept)), 1 / Math.sqrt(2 * Math.PI))));
    };
    return { value: tf.mul(x_ as tf.Tensor, below), gradFunc };
  });
  return op(x) as T;
}
