import type { AgreementReport } from '../../contract/agreement';
import type { Progress } from '../../contract/protocol';
import {
  bootstrapInterval,
  cohenKappa,
  countsOf,
  krippendorffAlpha,
  percentAgreement,
  type Ratings,
  unitAgreement,
} from './agreement';
import { findingCamps } from './camps';

/**
 * All that is said of a class, in steps: each of a thousand students is compared with all others.
 * @param categories numbers that a rating may be, from 0
 * @param next uniform in [0, 1), for the intervals
 */
export function* agreeing(
  ratings: readonly Ratings[],
  units: number,
  categories: number,
  next: () => number,
): Generator<Progress, AgreementReport> {
  const counts = countsOf(ratings, units, categories);
  const voters = ratings.filter((rating) => rating.some((category) => category !== null));
  const [one, other] = voters;
  const camps = yield* findingCamps(ratings);
  return {
    percent: percentAgreement(counts),
    percentInterval: bootstrapInterval(counts, percentAgreement, next),
    kappa: one && other && voters.length === 2 ? cohenKappa(one, other) : null,
    alpha: krippendorffAlpha(counts),
    alphaInterval: bootstrapInterval(counts, krippendorffAlpha, next),
    units: counts.map(unitAgreement),
    camps,
  };
}
