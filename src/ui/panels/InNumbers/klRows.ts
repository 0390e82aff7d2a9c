/** The distance of one text told four ways, token by token, and what the whole batch says on average. */
import type { PpoBatch } from '../../../contract/ppoBatch';

export interface FourKls {
  k1: number;
  k2: number;
  k3: number;
  exact: number;
}

/** below this e^(−d) − 1 + d loses its digits even in doubles; its series does not */
const NEAR = 1e-3;

/** @param d log π(a) − log π_ref(a) @returns e^(−d) − 1 + d, never below 0 */
export const k3Of = (d: number): number =>
  Math.abs(d) < NEAR ? d * d * (1 / 2 - d * (1 / 6 - d / 24)) : Math.expm1(-d) + d;

export const klsOf = (d: number, exact: number): FourKls => ({ k1: d, k2: d ** 2 / 2, k3: k3Of(d), exact });

const sum = (rows: readonly FourKls[]): FourKls =>
  rows.reduce(
    (all, row) => ({ k1: all.k1 + row.k1, k2: all.k2 + row.k2, k3: all.k3 + row.k3, exact: all.exact + row.exact }),
    { k1: 0, k2: 0, k3: 0, exact: 0 },
  );

/** each token of a text */
export const tokenKls = ({ rollouts, tokens, length }: PpoBatch, row: number): FourKls[] =>
  rollouts[row]!.tokens.map((_, token) => {
    const i = row * length + token;
    return klsOf(tokens.logprobs[i]! - tokens.refLogprobs[i]!, tokens.exactKl[i]!);
  });

export const textKl = (batch: PpoBatch, row: number): FourKls => sum(tokenKls(batch, row));

/** per text, over the batch */
export function batchKl(batch: PpoBatch): FourKls {
  const { k1, k2, k3, exact } = sum(batch.rollouts.map((_, row) => textKl(batch, row)));
  const count = Math.max(1, batch.rollouts.length);
  return { k1: k1 / count, k2: k2 / count, k3: k3 / count, exact: exact / count };
}

/** What one estimate becomes as a loss: its slope by log π(a). */
export const slopesOf = (d: number): Omit<FourKls, 'exact'> => ({ k1: 1, k2: d, k3: -Math.expm1(-d) });

/**
 * Two words, where a mean over what the policy would write is a sum of two.
 * @param policy, reference [2] probabilities
 * @returns mean of each estimator, and its pull as a loss on the first logit: Σ_a π(a) slope(a) ∂log π(a)/∂logit
 */
export function byHand(policy: readonly [number, number], reference: readonly [number, number]) {
  const ratios = policy.map((p, a) => Math.log(p / reference[a]!));
  const mean = (of: (d: number, a: number) => number) => ratios.reduce((sum, d, a) => sum + policy[a]! * of(d, a), 0);
  const first = (a: number) => (a === 0 ? 1 : 0) - policy[0];
  const each = (kind: 'k1' | 'k2' | 'k3') => ({
    mean: mean((d) => klsOf(d, 0)[kind]),
    pull: mean((d, a) => slopesOf(d)[kind] * first(a)),
  });
  return { k1: each('k1'), k2: each('k2'), k3: each('k3') };
}

/** The price of distance on the same batch, paid in either place. */
export interface BothPlaces {
  /** −β · Σ k1 of a text, its mean over the batch: part of the score that is to be earned; no gradient of its own */
  inReward: number;
  /** β · mean k over the tokens, by the policy as an epoch saw it: part of the loss, differentiated */
  inLoss: FourKls;
}

export function bothPlaces(batch: PpoBatch, epoch: number): BothPlaces {
  const { config, rollouts, tokens, length, epochs } = batch;
  const newLogprobs = epochs[epoch]?.newLogprobs ?? tokens.logprobs;
  const each = rollouts.flatMap((rollout, row) =>
    rollout.tokens.map((_, token) => {
      const i = row * length + token;
      return klsOf(newLogprobs[i]! - tokens.refLogprobs[i]!, tokens.exactKl[i]!);
    }),
  );
  const scale = config.klCoef / Math.max(1, each.length);
  const { k1, k2, k3, exact } = sum(each);
  return {
    inReward: -config.klCoef * batchKl(batch).k1,
    inLoss: { k1: scale * k1, k2: scale * k2, k3: scale * k3, exact: scale * exact },
  };
}
