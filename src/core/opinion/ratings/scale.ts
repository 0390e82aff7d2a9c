/**
 * Strength on two scales. Bradley and Terry 1952: the first of two wins with probability σ(d), d the difference of log
 * strengths. Elo writes the same in base 10 and steps of 400, so that 400 points are odds of 10 to 1.
 */

/** points for each unit of log strength */
const POINTS_PER_UNIT = 400 / Math.LN10;
/** what an average model has */
export const MEAN_RATING = 1000;

/** logarithm of σ, which does not overflow */
export const logSigmoid = (x: number): number => (x < 0 ? x - Math.log1p(Math.exp(x)) : -Math.log1p(Math.exp(-x)));
/** chance of a win, ties aside, from the difference of log strengths */
export const sigmoid = (x: number): number => Math.exp(logSigmoid(x));

export const pointsOf = (logStrength: number): number => POINTS_PER_UNIT * logStrength;
export const logStrengthOf = (points: number): number => points / POINTS_PER_UNIT;
export const ratingOf = (logStrength: number): number => MEAN_RATING + pointsOf(logStrength);
