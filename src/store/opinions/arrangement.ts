/**
 * How a visitor puts completions in order. Places go from the best down, and completions of one place tie. At first all
 * share one place: only what the visitor moves is said, and nothing is learned from the order in which the texts
 * happened to be drawn.
 *
 *   places      [[2], [0, 3], [1]]      C is best, A and D tie, B is worst
 *   strengths   [1, 0]                  C is much better than A and D; how much better those are than B, nobody said
 */
import { maxOf } from '../../contract/many';
export interface Arrangement {
  /** every completion once, by its index */
  places: readonly (readonly number[])[];
  /** how much better each place is than the next, one less than there are places; 0 says nothing */
  strengths: readonly number[];
}

/**
 * Llama 2's small margins (Touvron et al. 2023, table 27), in units of `RewardConfig.strengthMargin`; 0 is what a plain
 * vote means.
 */
export const STRENGTHS = [
  { value: 0, label: 'not said' },
  { value: 1 / 3, label: 'slightly' },
  { value: 2 / 3, label: 'clearly' },
  { value: 1, label: 'much' },
] as const;

export const allTied = (count: number): Arrangement => ({
  places: [Array.from({ length: count }, (_, i) => i)],
  strengths: [],
});

/** @param ranks from 1, none left out; the opposite of `ranksOf` */
export function arrangementOf(ranks: readonly number[], strengths: readonly number[] | null): Arrangement {
  const places = Array.from({ length: maxOf(ranks) }, (_, place) =>
    ranks.flatMap((rank, i) => (rank === place + 1 ? [i] : [])),
  );
  return { places, strengths: strengths ?? new Array<number>(places.length - 1).fill(0) };
}

/** @returns of each completion its place, from 1 */
export function ranksOf({ places }: Arrangement): number[] {
  const ranks: number[] = [];
  for (const [place, members] of places.entries()) for (const item of members) ranks[item] = place + 1;
  return ranks;
}

/** @returns place of a completion, from 0 */
export const placeOf = ({ places }: Arrangement, item: number): number =>
  places.findIndex((members) => members.includes(item));
export const isTied = ({ places }: Arrangement, item: number): boolean =>
  places.some((members) => members.length > 1 && members.includes(item));
/** @returns the completions from the best down; those of one place as they were drawn */
export const orderOf = ({ places }: Arrangement): number[] => places.flat();
/** @returns comparisons with a better side: K(K−1)/2 without ties */
export const comparisonsIn = ({ places }: Arrangement): number =>
  places.reduce(
    (sum, members, i) => sum + members.length * places.slice(i + 1).reduce((below, { length }) => below + length, 0),
    0,
  );

/** what was said about two neighbouring places still holds while both are as they were */
function arranged(before: Arrangement, places: readonly (readonly number[])[]): Arrangement {
  const tidy = places
    .filter(({ length }) => length > 0)
    .map((members) => [...members].sort((one, other) => one - other));
  const keyOf = (upper: readonly number[] | undefined, lower: readonly number[] | undefined) =>
    `${upper?.join()} > ${lower?.join()}`;
  const said = new Map(
    before.strengths.map((strength, i) => [keyOf(before.places[i], before.places[i + 1]), strength]),
  );
  return { places: tidy, strengths: tidy.slice(1).map((lower, i) => said.get(keyOf(tidy[i], lower)) ?? 0) };
}

const without = ({ places }: Arrangement, item: number): number[][] =>
  places.map((members) => members.filter((one) => one !== item));

/** One step: out of a tie to a place of its own beside it, or past the next place. Nothing at the end. */
export function moved(arrangement: Arrangement, item: number, by: -1 | 1): Arrangement {
  const place = placeOf(arrangement, item);
  const beside = isTied(arrangement, item) ? place : place + by;
  if (beside < 0 || beside >= arrangement.places.length) return arrangement;
  const left = without(arrangement, item);
  left.splice(by < 0 ? beside : beside + 1, 0, [item]);
  return arranged(arrangement, left);
}

/** Joins the place above; a completion that ties already leaves its tie downwards. */
export function tieToggled(arrangement: Arrangement, item: number): Arrangement {
  if (isTied(arrangement, item)) return moved(arrangement, item, 1);
  const place = placeOf(arrangement, item);
  return place === 0 ? arrangement : tiedWith(arrangement, item, arrangement.places[place - 1]?.[0] ?? item);
}

/** @returns the completion in the place of the other */
export function tiedWith(arrangement: Arrangement, item: number, other: number): Arrangement {
  if (item === other || placeOf(arrangement, item) === placeOf(arrangement, other)) return arrangement;
  return arranged(
    arrangement,
    without(arrangement, item).map((members) => (members.includes(other) ? [...members, item] : members)),
  );
}

/** @returns the completion alone at this place, what was there and below it one further down; `rank` counts from 1 */
export function placedAt(arrangement: Arrangement, item: number, rank: number): Arrangement {
  const left = without(arrangement, item).filter(({ length }) => length > 0);
  left.splice(Math.min(Math.max(1, rank), left.length + 1) - 1, 0, [item]);
  return arranged(arrangement, left);
}

/** @returns the completion alone in a place of its own, right before or after that of the other */
export function placedBeside(
  arrangement: Arrangement,
  item: number,
  other: number,
  side: 'before' | 'after',
): Arrangement {
  if (item === other) return arrangement;
  const left = without(arrangement, item);
  const place = left.findIndex((members) => members.includes(other));
  left.splice(side === 'before' ? place : place + 1, 0, [item]);
  return arranged(arrangement, left);
}

/** @param gap place from 0 of the better side */
export const withStrength = ({ places, strengths }: Arrangement, gap: number, strength: number): Arrangement => ({
  places,
  strengths: strengths.map((old, i) => (i === gap ? strength : old)),
});
