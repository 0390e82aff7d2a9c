/** The models that can be rated beside each other, and what the page shows of each. */
import type { BoardRow, OpenPair, RatedDuel, RatingOptions } from '../../../contract/arena';
import { minOf } from '../../../contract/many';
import { Random } from '../../tensor/random';
import { bootstrapping } from './bootstrap';
import { finiteGroups, islandsOf } from './connected';
import { countTable, type Meeting } from './meetings';
import { type Between, rankIntervals } from './ranks';
import { type Rated, rate, resampledStrengths } from './rate';
import { pointsOf, ratingOf } from './scale';
import { isSeparated, votesNeeded, Z } from './votesNeeded';

export const RESAMPLES = 400;

/** Of one model, in a group that is rated. */
type Numbers = Pick<BoardRow, 'rating' | 'low' | 'high' | 'best' | 'worst'>;
export const NO_NUMBERS: Numbers = { rating: null, low: null, high: null, best: null, worst: null };

export interface RatedGroup {
  /** [models] of all models */
  numbers: Numbers[];
  /** share of wins of one model against another that the ratings foretell; null where one has no rating */
  winRate: (model: number, other: number) => number | null;
  open: OpenPair | null;
  length: Rated['length'];
  tiesAs: Rated['tiesAs'];
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/**
 * The group that is rated: of those with more than one model the one with the most duels; none is an empty list. Under a
 * prior any chain of duels makes a group: no difference runs away.
 */
export function ratedGroup(meetings: readonly Meeting[], models: number, hasPrior: boolean): number[] {
  const between = countTable(meetings, models);
  const duelsIn = (group: readonly number[]) => sum(group.map((i) => sum(group.map((j) => between[i]![j]!))));
  return (hasPrior ? islandsOf : finiteGroups)(meetings, models)
    .filter((group) => group.length > 1)
    .reduce<number[]>((best, group) => (duelsIn(group) > duelsIn(best) ? group : best), []);
}

/** the duels between models of a group, numbered by their places in it */
const within = (duels: readonly RatedDuel[], group: readonly number[]): RatedDuel[] =>
  duels
    .filter(({ first, second }) => group.includes(first) && group.includes(second))
    .map((duel) => ({ ...duel, first: group.indexOf(duel.first), second: group.indexOf(duel.second) }));

/** Votes of many on the same two texts are drawn together: they are not as many duels as they are votes. */
function byPair(duels: readonly RatedDuel[]): RatedDuel[][] {
  const pairs = new Map<number | RatedDuel, RatedDuel[]>();
  for (const duel of duels) {
    const together = pairs.get(duel.pair ?? duel);
    if (together) together.push(duel);
    else pairs.set(duel.pair ?? duel, [duel]);
  }
  return [...pairs.values()];
}

/**
 * The wider of the bootstrap's interval and that of the standard error. Resamples of few duels are too much alike: of
 * 6 to 1 nearly all have a winner, and two that differ by less than chance would not share a place.
 */
const widened = (resampled: readonly Between[], { strengths, errors }: Rated): Between[] =>
  resampled.map(({ low, high }, i) => ({
    low: ratingOf(Math.min(low, strengths[i]! - Z * errors[i]!)),
    high: ratingOf(Math.max(high, strengths[i]! + Z * errors[i]!)),
  }));

/** The neighbours of the rated that the fewest further duels would tell apart. */
function openPair({ strengths, variance }: Rated, group: readonly number[]): OpenPair | null {
  const order = [...strengths.keys()].sort((i, j) => strengths[j]! - strengths[i]!);
  const pairs = order.slice(1).flatMap((second, i) => {
    const first = order[i]!;
    const difference = strengths[first]! - strengths[second]!;
    const spread = variance(first, second);
    if (isSeparated(difference, spread)) return [];
    return [{ first, second, difference, votes: votesNeeded(difference, spread) }];
  });
  const fewest = minOf(pairs.map(({ votes }) => votes));
  const found = pairs.find(({ votes }) => votes === fewest && Number.isFinite(votes));
  return found
    ? { ...found, first: group[found.first]!, second: group[found.second]!, difference: pointsOf(found.difference) }
    : null;
}

/**
 * Stops after every resample, so that a thread can do something else.
 * @param duels  counted
 * @param group  what `ratedGroup` found, not empty
 * @param models N of all
 */
export function* rating(
  duels: readonly RatedDuel[],
  group: readonly number[],
  models: number,
  options: RatingOptions,
): Generator<{ done: number; total: number }, RatedGroup> {
  const mine = within(duels, group);
  const rated = rate(mine, group.length, options);
  const rule = { ...options, ties: rated.tiesAs };
  const resampled = yield* bootstrapping(
    byPair(mine),
    (resample) => resampledStrengths(resample.flat(), mine, group.length, rule),
    Random.fromSeed(options.seed).fork('resamples'),
    RESAMPLES,
  );
  const intervals = widened(resampled, rated);
  const places = rankIntervals(intervals);
  const numbers = Array.from({ length: models }, (_, model): Numbers => {
    const at = group.indexOf(model);
    return at < 0 ? NO_NUMBERS : { rating: ratingOf(rated.strengths[at]!), ...intervals[at]!, ...places[at]! };
  });
  const winRate = (model: number, other: number) => {
    const [i, j] = [group.indexOf(model), group.indexOf(other)];
    return i < 0 || j < 0 || i === j ? null : rated.winRate(i, j);
  };
  return { numbers, winRate, open: openPair(rated, group), length: rated.length, tiesAs: rated.tiesAs };
}
