/**
 * A thermostat for the leash: when the policy strays further than the target the KL coefficient grows, otherwise it shrinks,
 * by at most a fifth of episodes/horizon per update. Ziegler et al. 2019, section 2.2.
 */
export interface KlTarget {
  /** nats per completion, above 0 */
  target: number;
  /** episodes over which the coefficient may change e-fold, roughly; above 0 */
  horizon: number;
}

/**
 * klCoef · (1 + clip(kl/target − 1, ±0.2) · episodes/horizon)
 * @param observedKl nats per completion, mean of the last batch
 * @throws when target or horizon is not positive
 */
export function nextKlCoef(klCoef: number, observedKl: number, { target, horizon }: KlTarget, episodes: number): number {
  if (!(target > 0) || !(horizon > 0)) throw new Error(`KL target and horizon must be positive, got ${target} and ${horizon}`);
  const error = Math.min(0.2, Math.max(-0.2, observedKl / target - 1));
  return klCoef * (1 + (error * episodes) / horizon);
}
