/**
 * What one batch of steps asks of a table of logits: its gradient as REINFORCE and A2C take it, and the clipped
 * objective of PPO (Schulman et al. 2017, eq. 7), whose gradient is 0 where a step has already gone far enough.
 */
import { softmaxPolicy, type Table } from './values';

/** One decision, and how much better than expected it turned out. */
export interface Sample {
  state: number;
  action: number;
  advantage: number;
}

const zeros = (logits: Table): number[][] => logits.map((row) => row.map(() => 0));

/** adds weight · ∇ log π(action | state): one minus the probability at the action, minus it elsewhere */
function push(gradient: number[][], policy: Table, { state, action }: Sample, weight: number): void {
  for (const [other, p] of policy[state]!.entries())
    gradient[state]![other]! += weight * ((other === action ? 1 : 0) - p);
}

/** The mean of A ∇ log π over the samples. @param logits [S][A] @returns [S][A] */
export function scoreGradient(logits: Table, samples: readonly Sample[]): number[][] {
  const [policy, gradient] = [softmaxPolicy(logits), zeros(logits)];
  for (const sample of samples) push(gradient, policy, sample, sample.advantage / samples.length);
  return gradient;
}

export interface Clipped {
  /** [N] new ÷ old probability of the action */
  ratio: number[];
  /** [N] ratio · A */
  unclipped: number[];
  /** [N] clip(ratio, 1 ± ε) · A */
  clipped: number[];
  /** [N] the smaller of the two */
  perSample: number[];
  /** [N] the clipped one is strictly smaller, and its gradient 0 */
  silenced: boolean[];
  /** mean of the smaller; to be made large */
  objective: number;
  /** [S][A] of that mean */
  gradient: number[][];
}

/**
 *   mean of min( ratio · A, clip(ratio, 1 − ε, 1 + ε) · A )
 * @param oldPolicy [S][A] under which the samples were drawn
 * @param logits [S][A] of the policy as it stands
 * @param clipRange ε; null for no clip
 */
export function clippedObjective(
  oldPolicy: Table,
  logits: Table,
  samples: readonly Sample[],
  clipRange: number | null,
): Clipped {
  const policy = softmaxPolicy(logits);
  const ratio = samples.map(({ state, action }) => policy[state]![action]! / oldPolicy[state]![action]!);
  const unclipped = samples.map(({ advantage }, i) => ratio[i]! * advantage);
  const clipped = samples.map(({ advantage }, i) => clip(ratio[i]!, clipRange) * advantage);
  const silenced = unclipped.map((value, i) => clipped[i]! < value);
  const perSample = unclipped.map((value, i) => Math.min(value, clipped[i]!));
  const gradient = zeros(logits);
  for (const [i, sample] of samples.entries())
    if (!silenced[i]) push(gradient, policy, sample, unclipped[i]! / samples.length);
  return { ratio, unclipped, clipped, perSample, silenced, objective: mean(perSample), gradient };
}

const clip = (ratio: number, range: number | null): number =>
  range === null ? ratio : Math.min(1 + range, Math.max(1 - range, ratio));

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
