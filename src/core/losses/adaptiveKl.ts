/**
 * A thermostat for the leash: when the policy strays further than the target the KL coefficient grows, otherwise it
 * shrinks, by at most a fifth of episodes/horizon per update. Ziegler et al. 2019, section 2.2.
 *
 * 1 + error · episodes/horizon is e^… to first order, so it is meant for updates of far fewer episodes than the
 * horizon. With five times as many it reaches 0, and then goes on to pay the policy for distance, for ever. What may be
 * set keeps away from there (contract/ppoVariants.ts); the floor below holds for runs that were begun before it did.
 */
import { KL_COEF, KL_ERROR_CLIP } from '../../contract/config';

export interface KlTarget {
  /** nats per completion, above 0 */
  target: number;
  /** episodes over which the coefficient may change e-fold, roughly; above 0 */
  horizon: number;
}

/** an update has seen one batch: that moves β by an order of magnitude at most */
const FACTOR = { least: 0.1, most: 10 };

const clip = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** 1 + clip(kl/target − 1, ±0.2) · episodes/horizon, within its bounds; 1 when the KL is not a number */
function factorOf(observedKl: number, { target, horizon }: KlTarget, episodes: number): number {
  const error = clip(observedKl / target - 1, -KL_ERROR_CLIP, KL_ERROR_CLIP);
  const factor = 1 + (error * episodes) / horizon;
  return Number.isNaN(factor) ? 1 : clip(factor, FACTOR.least, FACTOR.most);
}

/**
 * klCoef · (1 + clip(kl/target − 1, ±0.2) · episodes/horizon), within bounds: factors alone would let it vanish or
 * overflow after some thousand updates, and from 0 none leads back
 * @param observedKl nats per completion, mean of the last batch
 * @throws when target or horizon is not positive
 */
export function nextKlCoef(klCoef: number, observedKl: number, control: KlTarget, episodes: number): number {
  const { target, horizon } = control;
  if (!(target > 0) || !(horizon > 0))
    throw new Error(`KL target and horizon must be positive, got ${target} and ${horizon}`);
  return clip(klCoef * factorOf(observedKl, control, episodes), KL_COEF.least, KL_COEF.most);
}
