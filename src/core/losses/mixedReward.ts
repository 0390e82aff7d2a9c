/**
 * What a text earns when two have a say: the reward model, whose score has mean 0 and deviation 1 over texts of the
 * base, and a rule, whose number is taken as it is.
 *   r = (1 − w) · score + w · rule
 * @param weight w of the rule, 0–1; at 0 the score itself, bit for bit
 */
export const mixedReward = (score: number, rule: number, weight: number): number =>
  weight === 0 ? score : (1 - weight) * score + weight * rule;
