/** One group of models that are all connected both ways, rated by the rule that was asked for. */
import type { RatedDuel, RatingOptions, TieRule } from '../../../contract/arena';
import { finiteGroups } from './connected';
import { fitWithLength, lengthError } from './lengthControl';
import { meetingsOf, tiedDuels, withHalves } from './meetings';
import { type Fit, varianceOf } from './newton';
import { logStrengthOf, sigmoid } from './scale';
import { fitWithTies, isBounded } from './ties';

export interface Rated {
  /** [N] log strengths, mean 0 */
  strengths: number[];
  /** share of wins of the first against the second, a tie half a win */
  winRate: (first: number, second: number) => number;
  /** [N] standard errors of the strengths */
  errors: number[];
  /** how ties were counted */
  tiesAs: TieRule;
  /** of the difference of their log strengths */
  variance: (first: number, second: number) => number;
  length: { coefficient: number; standardError: number } | null;
}

const errorsOf = ({ covariance }: Fit, models: number): number[] =>
  covariance.slice(0, models).map((row, i) => Math.sqrt(row[i]!));

type Rule = Pick<RatingOptions, 'ties' | 'lengthHeldEqual' | 'prior'>;

/** @param duels counted, between models of one group, numbered from 0 */
export function rate(duels: readonly RatedDuel[], models: number, { ties, lengthHeldEqual, prior }: Rule): Rated {
  const meetings = meetingsOf(duels);
  const sd = prior === null ? null : logStrengthOf(prior);
  const withLength = lengthHeldEqual ? fitWithLength(duels, models, sd) : null;
  if (withLength) {
    const { strengths, shared } = withLength;
    return {
      strengths,
      winRate: (first, second) => sigmoid(strengths[first]! - strengths[second]!),
      errors: errorsOf(withLength, models),
      tiesAs: 'half',
      variance: (first, second) => varianceOf(withLength, first, second),
      length: { coefficient: shared, standardError: lengthError(withLength) },
    };
  }
  const fit = fitWithTies(meetings, models, lengthHeldEqual ? 'half' : ties, sd);
  const { strengths, chances } = fit;
  return {
    strengths,
    winRate(first, second) {
      const { win, tie } = chances(strengths[first]! - strengths[second]!);
      return win + tie / 2;
    },
    errors: errorsOf(fit, models),
    tiesAs: fit.rule,
    variance: (first, second) => varianceOf(fit, first, second),
    length: null,
  };
}

/**
 * The strengths of a resample. One that by chance connects the models no longer, or leaves the rule for ties no highest
 * likelihood, gets half a win each way for every pair that met among all duels: without it a difference would have no
 * bound, and leaving such resamples out would make the intervals too narrow.
 * @param all the duels that the resample is drawn from
 */
export function resampledStrengths(
  resample: readonly RatedDuel[],
  all: readonly RatedDuel[],
  models: number,
  rule: Rule,
): number[] {
  const { ties, lengthHeldEqual, prior } = rule;
  const meetings = meetingsOf(resample);
  const isBound = finiteGroups(meetings, models).length === 1 && (lengthHeldEqual || isBounded(meetings, models, ties));
  if (prior !== null || isBound) return rate(resample, models, rule).strengths;
  if (lengthHeldEqual) return rate([...resample, ...tiedDuels(all, 1)], models, rule).strengths;
  return fitWithTies(withHalves(meetings, meetingsOf(all)), models, ties).strengths;
}
