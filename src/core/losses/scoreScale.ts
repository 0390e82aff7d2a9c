/**
 * A Bradley–Terry loss only sees differences, so scores may float anywhere and at any scale. After training they are
 * brought to mean 0 and standard deviation 1 on texts of the base model, which gives the KL coefficient a meaning.
 * lm-human-preferences, train_reward.py (normalize).
 */
export interface ScoreScale {
  /** of the raw scores */
  mean: number;
  /** biased, over n */
  std: number;
  /** score = gain · raw + bias */
  gain: number;
  bias: number;
}

/**
 * @param rawScores finite numbers; when they are all equal only the mean is moved (gain 1), none at all gives gain 1,
 * bias 0
 */
export function scoreScale(rawScores: ArrayLike<number>, targetMean = 0, targetStd = 1): ScoreScale {
  const scores = Array.from(rawScores);
  if (scores.length === 0) return { mean: 0, std: 0, gain: 1, bias: 0 };
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const std = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length);
  const varies = std > 1e-6 * Math.max(1, Math.abs(mean));
  const gain = varies ? targetStd / std : 1;
  return { mean, std, gain, bias: targetMean - gain * mean };
}
