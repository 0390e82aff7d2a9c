/**
 * Proximal policy optimisation: make tokens with a positive advantage likelier and the others rarer, but stop pushing
 * once the ratio of new to old probability has left 1 ± ε: the advantages were measured for the old policy and mean
 * little far from it. Schulman et al. 2017, eq. 7. All means run over the real tokens of the batch.
 */
import { maskedMean, maskedMoments } from '../tensor/masked';
import { assertSameShape } from '../tensor/shapes';
import { tf } from '../tf';
import { boundedExp } from './kl';

/** 1 where `clipped` is strictly larger. */
const isLarger = (clipped: tf.Tensor, unclipped: tf.Tensor): tf.Tensor =>
  tf.cast(tf.greater(clipped, unclipped), 'float32');

/** wide enough that no ratio reaches it: a bound of ∞ is not safe on every backend */
const NO_CLIP = 1e9;
/** @returns the range to clip to; 0 is off */
export const orOff = (range: number): number => (range > 0 ? range : NO_CLIP);

export interface PolicyLossInputs {
  /** [B,G] of the policy now; the only differentiated one */
  newLogprobs: tf.Tensor2D;
  /** [B,G] of the policy that sampled */
  logprobs: tf.Tensor2D;
  /** [B,G] */
  advantages: tf.Tensor2D;
  /** [B,G] */
  completionMask: tf.Tensor2D;
  clipRange: number;
}

/** π_new(a)/π_old(a), [B,G]; exactly 1 before the first update */
export function policyRatio(newLogprobs: tf.Tensor2D, logprobs: tf.Tensor2D): tf.Tensor2D {
  assertSameShape({ newLogprobs, logprobs });
  return tf.tidy(() => boundedExp(tf.sub(newLogprobs, logprobs) as tf.Tensor2D));
}

/** The two surrogates of which the larger is the loss, [B,G]. */
export function policySurrogates(inputs: PolicyLossInputs): { unclipped: tf.Tensor2D; clipped: tf.Tensor2D } {
  const { newLogprobs, logprobs, advantages, clipRange } = inputs;
  const ratio = policyRatio(newLogprobs, logprobs);
  const negated = tf.neg(advantages); // [B,G]
  return {
    unclipped: tf.mul(negated, ratio),
    clipped: tf.mul(negated, tf.clipByValue(ratio, 1 - clipRange, 1 + clipRange)),
  };
}

/**
 * L = masked mean of max(−A·ratio, −A·clip(ratio, 1±ε))
 * @returns scalar owned by the caller
 */
export function policyLoss(inputs: PolicyLossInputs): tf.Scalar {
  assertSameShape({ advantages: inputs.advantages, completionMask: inputs.completionMask, logprobs: inputs.logprobs });
  return tf.tidy(() => {
    const { unclipped, clipped } = policySurrogates(inputs);
    return maskedMean(tf.maximum(unclipped, clipped), inputs.completionMask);
  });
}

export interface ValueLossInputs {
  /** [B,G] of the critic now; the only differentiated one */
  newValues: tf.Tensor2D;
  /** [B,G] at rollout */
  values: tf.Tensor2D;
  /** [B,G] */
  returns: tf.Tensor2D;
  /** [B,G] */
  completionMask: tf.Tensor2D;
  clipRangeValue: number;
}

/** Squared errors with and without holding the critic near its old value, [B,G]. */
function valueBranches({ newValues, values, returns, clipRangeValue }: ValueLossInputs): {
  unclipped: tf.Tensor2D;
  clipped: tf.Tensor2D;
} {
  // bounds instead of values + clip(difference): inside the range the two branches must be equal to the last bit
  const clippedValues = tf.minimum(
    tf.maximum(newValues, tf.sub(values, clipRangeValue)),
    tf.add(values, clipRangeValue),
  );
  return { unclipped: tf.square(tf.sub(newValues, returns)), clipped: tf.square(tf.sub(clippedValues, returns)) };
}

/**
 * L = ½ masked mean of max((V−R)², (clip(V, V_old ± ε)−R)²)
 * @returns scalar owned by the caller
 */
export function valueLoss(inputs: ValueLossInputs): tf.Scalar {
  const { newValues, values, returns, completionMask } = inputs;
  assertSameShape({ newValues, values, returns, completionMask });
  return tf.tidy(() => {
    const { unclipped, clipped } = valueBranches(inputs);
    return tf.mul(0.5, maskedMean(tf.maximum(unclipped, clipped), completionMask));
  });
}

export interface PolicyStatistics {
  /** share of tokens whose clipped branch is strictly larger */
  clipFraction: tf.Scalar;
  /** ½ mean (new − old)², nats */
  approxKl: tf.Scalar;
  /** mean (old − new), nats */
  policyKl: tf.Scalar;
  meanRatio: tf.Scalar;
}

/** @returns scalars owned by the caller */
export function policyStatistics(inputs: PolicyLossInputs): PolicyStatistics {
  const { newLogprobs, logprobs, completionMask } = inputs;
  return tf.tidy(() => {
    const { unclipped, clipped } = policySurrogates(inputs);
    const logRatio = tf.sub(newLogprobs, logprobs); // [B,G]
    return {
      clipFraction: maskedMean<tf.Scalar>(isLarger(clipped, unclipped), completionMask),
      approxKl: tf.mul(0.5, maskedMean(tf.square(logRatio), completionMask)) as tf.Scalar,
      policyKl: tf.neg(maskedMean(logRatio, completionMask)) as tf.Scalar,
      meanRatio: maskedMean<tf.Scalar>(policyRatio(newLogprobs, logprobs), completionMask),
    };
  });
}

export interface ValueStatistics {
  clipFraction: tf.Scalar;
  /** mean (V−R)² */
  error: tf.Scalar;
  returnsMean: tf.Scalar;
  /** unbiased */
  returnsVariance: tf.Scalar;
  /** 1 − error / variance; 0 when the returns do not vary, as there is nothing to explain */
  explainedVariance: tf.Scalar;
}

/** @returns scalars owned by the caller */
export function valueStatistics(inputs: ValueLossInputs): ValueStatistics {
  const { newValues, returns, completionMask } = inputs;
  return tf.tidy(() => {
    const { unclipped, clipped } = valueBranches(inputs);
    const error = maskedMean(tf.square(tf.sub(newValues, returns)), completionMask);
    const { mean, variance } = maskedMoments(returns, completionMask);
    const varies = tf.cast(tf.greater(variance, 1e-12), 'float32');
    return {
      clipFraction: maskedMean<tf.Scalar>(isLarger(clipped, unclipped), completionMask),
      error,
      returnsMean: mean,
      returnsVariance: variance,
      explainedVariance: tf.mul(varies, tf.sub(1, tf.div(error, tf.maximum(variance, 1e-12)))) as tf.Scalar,
    };
  });
}
