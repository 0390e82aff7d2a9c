/** Everything that the duels of an arena say, put together: who can be rated, how good they are, and what is open. */
import type { ArenaBoard, BoardRow, RatedDuel, RatingOptions, Standing } from '../../../contract/arena';
import { Random } from '../../tensor/random';
import { islandsOf, type Relation, relations } from './connected';
import { eloOf, eloSpread, shuffled } from './elo';
import { NO_NUMBERS, type RatedGroup, RESAMPLES, ratedGroup, rating } from './group';
import { wonByLonger } from './lengthControl';
import { badAsTie, counted, countTable, type Meeting, meetingsOf, scoreTable } from './meetings';

const MOST_ORDERS = 1000;
const LEAST_ORDERS = 100;
/** duels that are gone through for all orders together: some tenths of a second */
const DUELS_OF_ORDERS = 2_000_000;

/** how many orders of so many duels are gone through */
export const ordersOf = (duels: number): number =>
  Math.max(LEAST_ORDERS, Math.min(MOST_ORDERS, Math.floor(DUELS_OF_ORDERS / Math.max(1, duels))));

/** @param group those that are rated; where nobody is, one is held against everybody */
function standingOf(model: number, group: readonly number[], relation: readonly Relation[], met: boolean): Standing {
  if (group.includes(model)) return 'rated';
  if (!met) return 'unmet';
  const others = group.length > 0 ? group.map((other) => relation[other]!) : relation.filter((one) => one !== 'same');
  const isAll = (wanted: Relation) =>
    others.includes(wanted) && (group.length > 0 || !others.includes(wanted === 'above' ? 'below' : 'above'));
  if (isAll('above')) return 'unbeaten';
  return isAll('below') ? 'winless' : 'apart';
}

type EloOfRow = Pick<BoardRow, 'elo' | 'eloLow' | 'eloHigh'>;

function* eloRows(
  duels: readonly RatedDuel[],
  models: number,
  { k, seed, shuffle }: RatingOptions,
): Generator<{ done: number; total: number }, EloOfRow[]> {
  const order = shuffle === 0 ? duels : shuffled(duels, Random.fromSeed(shuffle));
  const spread = yield* eloSpread(duels, models, { k, seed, orders: ordersOf(duels.length) });
  return eloOf(order, models, k).map((elo, i) => ({ elo, eloLow: spread[i]!.low, eloHigh: spread[i]!.high }));
}

type Tally = Pick<BoardRow, 'duels' | 'won' | 'lost' | 'tied'>;

const tallies = (meetings: readonly Meeting[], models: number): Tally[] =>
  Array.from({ length: models }, (_, model) => {
    const tally = { duels: 0, won: 0, lost: 0, tied: 0 };
    for (const { first, second, wins, losses, ties } of meetings) {
      if (model !== first && model !== second) continue;
      tally.duels += wins + losses + ties;
      tally.won += model === first ? wins : losses;
      tally.lost += model === first ? losses : wins;
      tally.tied += ties;
    }
    return tally;
  });

const NOBODY: Omit<RatedGroup, 'tiesAs'> = { numbers: [], winRate: () => null, open: null, length: null };

/**
 * Stops now and then, so that a thread can do something else.
 * @param duels  in the order they were voted
 * @param models N
 */
export function* ratingBoard(
  duels: readonly RatedDuel[],
  models: number,
  options: RatingOptions,
): Generator<{ done: number; total: number }, ArenaBoard> {
  const valid = counted(options.bothBadTies ? badAsTie(duels) : duels);
  const meetings = meetingsOf(valid);
  const group = ratedGroup(meetings, models, options.prior !== null);
  const { numbers, winRate, open, length, tiesAs } =
    group.length > 0 ? yield* rating(valid, group, models, options) : { ...NOBODY, tiesAs: options.ties };
  const relation = relations(meetings, models);
  const islands = islandsOf(meetings, models);
  const elo = yield* eloRows(valid, models, options);
  const all = [...Array(models).keys()];
  return {
    counted: valid.length,
    ties: valid.filter(({ choice }) => choice === 'tie').length,
    bothBad: duels.filter(({ choice }) => choice === 'bothBad').length,
    rows: tallies(meetings, models).map((tally, model) => ({
      ...(numbers[model] ?? NO_NUMBERS),
      ...elo[model]!,
      ...tally,
      standing: standingOf(model, group, relation[model]!, tally.duels > 0),
      island: islands.findIndex((island) => island.includes(model)),
    })),
    score: scoreTable(meetings, models),
    between: countTable(meetings, models),
    predicted: all.map((row) => all.map((column) => winRate(row, column))),
    open,
    length,
    tiesAs,
    wonByLonger: wonByLonger(valid),
    orders: ordersOf(valid.length),
    resamples: RESAMPLES,
  };
}
