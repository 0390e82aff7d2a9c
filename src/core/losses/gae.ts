/**
 * How much better was this token than the critic expected? One step looks at the surprise of the next state (little
 * noise, trusts the critic), the whole return trusts nobody (much noise). λ mixes them. Schulman et al. 2016.
 *
 *   δ_t = r_t + γ V_{t+1} − V_t            V after the last token is 0
 *   A_t = δ_t + γλ δ_{t+1} + (γλ)² δ_{t+2} + …
 *   returns = A + V                         what the critic should have said
 */
import { assertSameShape } from '../tensor/shapes';
import { tf } from '../tf';

/** [G,G] with (γλ)^(later − t) at [later, t] and 0 above: one product with it is the whole recursion. */
function discounts(length: number, decay: number): tf.Tensor2D {
  const weights = new Float32Array(length * length);
  for (let t = 0; t < length; t++) {
    for (let later = t, weight = 1; later < length; later++, weight *= decay) weights[later * length + t] = weight;
  }
  return tf.tensor2d(weights, [length, length]);
}

/**
 * The surprise of each step: δ_t = r_t + γ V_{t+1} − V_t, with V 0 after the last token.
 * @param values, rewards, mask [B,G]; values and rewards are set to 0 at padding first
 * @returns [B,G], owned by the caller
 */
export function tdErrors(values: tf.Tensor2D, rewards: tf.Tensor2D, mask: tf.Tensor2D, gamma: number): tf.Tensor2D {
  return tf.tidy(() => {
    const [batch, length] = values.shape;
    const real = tf.mul(values, mask) as tf.Tensor2D;
    // [B,G] V_{t+1}
    const next = tf.concat([tf.slice(real, [0, 1], [batch, length - 1]), tf.zeros<tf.Rank.R2>([batch, 1])], 1);
    return tf.sub(tf.add(tf.mul(rewards, mask), tf.mul(next, gamma)), real) as tf.Tensor2D;
  });
}

/**
 * Generalised advantage estimation over completion tokens.
 * @param values, rewards, mask [B,G]; values and rewards are set to 0 at padding first
 * @returns advantages and returns, [B,G], 0 at padding, owned by the caller
 */
export function gae(
  values: tf.Tensor2D,
  rewards: tf.Tensor2D,
  mask: tf.Tensor2D,
  gamma: number,
  lam: number,
): { advantages: tf.Tensor2D; returns: tf.Tensor2D } {
  assertSameShape({ rewards, values, mask });
  return tf.tidy(() => {
    const real = tf.mul(values, mask) as tf.Tensor2D;
    const delta = tdErrors(values, rewards, mask, gamma); // [B,G] δ_t
    const advantages = tf.mul(tf.matMul(delta, discounts(values.shape[1], gamma * lam)), mask) as tf.Tensor2D;
    return { advantages, returns: tf.mul(tf.add(advantages, real), mask) as tf.Tensor2D };
  });
}
