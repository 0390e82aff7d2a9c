/**
 * Best of N: draw N completions, keep the one the judge likes most. No training at all, and on the plane of score
 * against distance the line that every trained policy is measured by.
 *
 * How good the best of N is on average can be told for every N ≤ M from the same M samples: of all sets of N of them,
 * the i-th worst (from 0) is the best one in C(i, N−1) sets of C(M, N). That average over all sets is unbiased and has
 * the least variance (Nakano et al. 2021, appendix I; the estimator of pass@k, Chen et al. 2021).
 */

/**
 * Upper bound of KL(best of N ‖ the policy that was sampled), nats per completion: ln N − (N−1)/N. Equality holds where
 * no two samples are ever the same (Beirami et al. 2024); Stiennon et al. 2020 give it as the distance itself.
 */
export const bestOfKl = (n: number): number => Math.log(n) - (n - 1) / n;

/**
 * @returns for the samples from worst to best, the share of sets of n in which each is the best one; they add up to 1
 */
export function bestOfWeights(samples: number, n: number): number[] {
  if (!(n >= 1 && n <= samples)) throw new Error(`the best of ${n} of ${samples} samples does not exist`);
  const weights = new Array<number>(samples).fill(0);
  let weight = n / samples; // of the best sample: C(M−1, N−1) / C(M, N)
  for (let i = samples - 1; i >= n - 1; i--) {
    weights[i] = weight;
    weight *= i === 0 ? 0 : (i - n + 1) / i;
  }
  return weights;
}

/** @returns positions from the lowest score to the highest; equal scores in the order drawn */
export const ascending = (scores: readonly number[]): number[] =>
  scores.map((_, i) => i).sort((a, b) => scores[a]! - scores[b]! || a - b);

/**
 * Mean over all sets of n samples of `values` at the set's best `scores`.
 * @param scores  what the judge says, @param values  what is wanted of the winner: the score itself, gold, length …
 */
export function expectedBest(scores: readonly number[], values: readonly number[], n: number): number {
  const weights = bestOfWeights(scores.length, n);
  const total = weights.reduce((sum, weight) => sum + weight, 0); // 1 but for rounding: a mean of ones stays 1
  return ascending(scores).reduce((sum, sample, rank) => sum + weights[rank]! * values[sample]!, 0) / total;
}

/** @returns which of the first n samples the judge likes most; the earlier of equals */
export function bestOfFirst(scores: readonly number[], n: number): number {
  let best = 0;
  for (let i = 1; i < Math.min(n, scores.length); i++) if (scores[i]! > scores[best]!) best = i;
  return best;
}
