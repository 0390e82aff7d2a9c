/**
 * A gate that a number is its own argument of, x·σ(βx): Ramachandran, Zoph & Le 2017. β = 1 is SiLU (Hendrycks & Gimpel
 * 2016); β = 1.702 comes near to GELU and is called quick_gelu.
 */
import { tf } from '../../tf';

/** @returns a function of any shape to the same shape; differentiable */
export const swish =
  (beta: number) =>
  <T extends tf.Tensor>(x: T): T =>
    tf.mul(x, tf.sigmoid(tf.mul(x, beta)));

/** β by which x·σ(βx) comes nearest to x·Φ(x): Hendrycks & Gimpel 2016 */
export const NEAR_GELU = 1.702;
