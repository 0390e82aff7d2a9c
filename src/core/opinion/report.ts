import type { AgreementReport } from '../../contract/agreement';
import {
  bootstrapInterval,
  cohenKappa,
  countsOf,
  krippendorffAlpha,
  percentAgreement,
  type Ratings,
  unitAgreement,
} from './agreement';
import { campsOf } from './camps';

/**
 * All that is said of a class.
 * @param categories numbers that a rating may be, from 0
 * @param next uniform in [0, 1), for the intervals
 */
export function agreementReport(
  ratings: readonly Ratings[],
  units: number,
  categories: number,
  next: () => number,
): AgreementReport {
  const counts = countsOf(ratings, units, categories);
  const voters = ratings.filter((rating) => rating.some((category) => category !== null));
  const [one, other] = voters;
  return {
    percent: percentAgreement(counts),
    percentInterval: bootstrapInterval(counts, percentAgreement, next),
    kappa: one && other && voters.length === 2 ? cohenKappa(one, other) : null,
    alpha: krippendorffAlpha(counts),
    alphaInterval: bootstrapInterval(counts, krippendorffAlpha, next),
    units: counts.map(unitAgreement),
    camps: campsOf(ratings),
  };
}
