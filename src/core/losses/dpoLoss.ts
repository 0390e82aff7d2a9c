/**
 * Direct preference optimisation: the optimal policy of the KL-penalised objective implies a reward, β·(log π − log
 * π_ref), so a preference can be fitted without a reward model. Rafailov et al. 2023, eq. 7.
 */
import { logSigmoid } from '../tensor/logprobs';
import { assertSameShape } from '../tensor/shapes';
import { tf } from '../tf';

/** `ipoMean` and `sigmoidMean` take log-probabilities per token instead of summed: TRL's `ipo` and `sigmoid_norm`. */
export type DpoVariant = 'sigmoid' | 'sigmoidMean' | 'robust' | 'ipo' | 'ipoMean' | 'hinge';

export interface DpoInputs {
  /** [B] summed over the completion, <eos> included; policy ones are differentiated */
  policyChosenLogps: tf.Tensor1D;
  policyRejectedLogps: tf.Tensor1D;
  refChosenLogps: tf.Tensor1D;
  refRejectedLogps: tf.Tensor1D;
  beta: number;
  /** share of flipped labels assumed: conservative DPO (Mitchell 2023), or `robust` */
  labelSmoothing?: number;
  variant?: DpoVariant;
  /** [B] tokens, for what is taken per token */
  chosenLengths?: tf.Tensor1D;
  rejectedLengths?: tf.Tensor1D;
}

const perToken = (logps: tf.Tensor, lengths: tf.Tensor | undefined): tf.Tensor =>
  lengths ? tf.div(logps, tf.maximum(lengths, 1)) : logps;

/** h = (log π − log π_ref) of chosen minus rejected, [B]. */
function logRatioDifference(inputs: DpoInputs): tf.Tensor1D {
  const byLength = inputs.variant === 'ipoMean' || inputs.variant === 'sigmoidMean';
  const chosen = tf.sub(inputs.policyChosenLogps, inputs.refChosenLogps);
  const rejected = tf.sub(inputs.policyRejectedLogps, inputs.refRejectedLogps);
  if (!byLength) return tf.sub(chosen, rejected);
  return tf.sub(perToken(chosen, inputs.chosenLengths), perToken(rejected, inputs.rejectedLengths));
}

/**
 * sigmoid  −(1−e) log σ(βh) − e log σ(−βh)         Rafailov et al. 2023; e is the label smoothing
 * robust   (−(1−e) log σ(βh) + e log σ(−βh)) / (1−2e)   Chowdhury et al. 2024, unbiased under flipped labels
 * ipo      (h − 1/(2β))²                            Azar et al. 2023, eq. 17
 * hinge    max(0, 1 − βh)                           SLiC, Zhao et al. 2023
 * @returns [B], owned by the caller; ln 2 each when policy and reference agree (sigmoid)
 */
export function dpoLosses(inputs: DpoInputs): tf.Tensor1D {
  const {
    policyChosenLogps,
    policyRejectedLogps,
    refChosenLogps,
    refRejectedLogps,
    beta,
    labelSmoothing = 0,
    variant = 'sigmoid',
  } = inputs;
  assertSameShape({ policyChosenLogps, policyRejectedLogps, refChosenLogps, refRejectedLogps });
  return tf.tidy(() => {
    const h = logRatioDifference(inputs); // [B]
    if (variant === 'hinge') return tf.relu(tf.sub(1, tf.mul(h, beta)));
    if (variant === 'ipo' || variant === 'ipoMean') return tf.square(tf.sub(h, 1 / (2 * beta)));
    const right = logSigmoid(tf.mul(h, beta) as tf.Tensor1D);
    if (labelSmoothing === 0) return tf.neg(right);
    const wrong = logSigmoid(tf.mul(h, -beta) as tf.Tensor1D);
    if (variant === 'robust')
      return tf.div(tf.sub(tf.mul(wrong, labelSmoothing), tf.mul(right, 1 - labelSmoothing)), 1 - 2 * labelSmoothing);
    return tf.neg(tf.add(tf.mul(right, 1 - labelSmoothing), tf.mul(wrong, labelSmoothing)));
  });
}

/** @returns scalar mean of dpoLosses */
export function dpoLoss(inputs: DpoInputs): tf.Scalar {
  return tf.tidy(() => tf.mean<tf.Scalar>(dpoLosses(inputs)));
}

/** The implied reward β·(logps − refLogps), [B], always on summed log-probabilities. */
export function impliedRewards(logps: tf.Tensor1D, refLogps: tf.Tensor1D, beta: number): tf.Tensor1D {
  assertSameShape({ refLogps, logps });
  return tf.tidy(() => tf.mul(tf.sub(logps, refLogps), beta));
}
