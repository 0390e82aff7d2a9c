/** Numbers that all samplers share, on whichever executor. */

/**
 * no network says more; what does, or is not a number, is brought here: divided by any temperature it still is a number
 */
export const LARGEST_LOGIT = 1e30;

/** a set of tokens that misses top-p by no more has reached it */
export const TOP_P_ROUNDING = 1e-6;
