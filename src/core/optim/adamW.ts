/**
 * Adam keeps two running averages per weight, of the gradient (m) and of its square (v), and moves each weight by their
 * quotient: the direction the gradient agrees on, in steps of about one learning rate whatever the gradient's size.
 * AdamW shrinks the weights themselves (weight decay) beside that step instead of through the gradient.
 *
 *   m ← β₁m + (1−β₁)g        v ← β₂v + (1−β₂)g²        both start at 0, so early averages are too small by 1−βᵗ
 *   w ← w − lr·decay·w − lr · (m / (1−β₁ᵗ)) / (√(v / (1−β₂ᵗ)) + ε)
 *
 * Kingma & Ba 2015; Loshchilov & Hutter 2019 for the decay.
 */
import type { OptimizerConfig } from '../../contract/config';
import { wholePower } from '../tensor/exact';
import { tf } from '../tf';

/**
 * Where ε stands. PyTorch adds it after the correction of v. TensorFlow 1, and with it the RLHF of 2019, adds it
 * before, which makes the first steps smaller: lr·√(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√v + ε).
 */
export type AdamStyle = 'torch' | 'tensorflow';

export interface AdamSettings extends Pick<OptimizerConfig, 'beta1' | 'beta2' | 'epsilon' | 'weightDecay'> {
  style?: AdamStyle;
}

/**
 * The two averages after seeing one more gradient.
 * @param gradient, m, v tensors of one shape, borrowed
 * @returns new tensors owned by the caller
 */
export function updateMoments<T extends tf.Tensor>(
  gradient: T,
  m: T,
  v: T,
  beta1: number,
  beta2: number,
): { m: T; v: T } {
  return tf.tidy(() => ({
    m: tf.add(m, tf.mul(tf.sub(gradient, m), 1 - beta1)) as T,
    v: tf.add(v, tf.mul(tf.sub(tf.square(gradient), v), 1 - beta2)) as T,
  }));
}

/**
 * One AdamW step of one tensor.
 * @param step counts from 1
 * @returns weights and averages after the step, new tensors owned by the caller
 */
export function adamWStep<T extends tf.Tensor>(
  weights: T,
  gradient: T,
  moments: { m: T; v: T },
  step: number,
  learningRate: number,
  settings: AdamSettings,
): { weights: T; m: T; v: T } {
  const { beta1, beta2, epsilon, weightDecay, style = 'torch' } = settings;
  const root = Math.sqrt(1 - wholePower(beta2, step));
  const rate = (learningRate * root) / (1 - wholePower(beta1, step));
  // √(v/(1−β₂ᵗ)) + ε = (√v + ε√(1−β₂ᵗ)) / √(1−β₂ᵗ): the correction goes into the rate and into ε, one operation less
  // per weight
  const floor = style === 'torch' ? epsilon * root : epsilon;
  return tf.tidy(() => {
    const { m, v } = updateMoments(gradient, moments.m, moments.v, beta1, beta2);
    const change = tf.mul(tf.div(m, tf.add(tf.sqrt(v), floor)), rate);
    const kept = weightDecay > 0 ? tf.mul(weights, 1 - learningRate * weightDecay) : weights;
    return { weights: tf.sub(kept, change) as T, m, v };
  });
}
