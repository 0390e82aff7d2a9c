/**
 * How a visitor puts completions in order. Tiers go from the best down, and completions of one tier tie. At first all
 * share one tier: only what the visitor moves is said, and nothing is learned from the order in which the texts
 * happened to be drawn.
 *
 *   tiers      [[2], [0, 3], [1]]      C is best, A and D tie, B is worst
 *   strengths   [1, 0]                  C is much better than A and D; how much better those are than B, nobody said
 */
import { maxOf } from '../../contract/many';
export interface Arrangement {
  /** every completion once, by its index */
  tiers: readonly (readonly number[])[];
  /** how much better each tier is than the next, one less than there are tiers; 0 says nothing */
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
  tiers: [Array.from({ length: count }, (_, i) => i)],
  strengths: [],
});

/** @param ranks from 1, none left out; the opposite of `ranksOf` */
export function arrangementOf(ranks: readonly number[], strengths: readonly number[] | null): Arrangement {
  const tiers = Array.from({ length: maxOf(ranks) }, (_, tier) =>
    ranks.flatMap((rank, i) => (rank === tier + 1 ? [i] : [])),
  );
  return { tiers, strengths: strengths ?? new Array<number>(tiers.length - 1).fill(0) };
}

/** @returns of each completion its tier, from 1 */
export function ranksOf({ tiers }: Arrangement): number[] {
  const ranks: number[] = [];
  for (const [tier, members] of tiers.entries()) for (const item of members) ranks[item] = tier + 1;
  return ranks;
}

/** @returns tier of a completion, from 0 */
export const tierOf = ({ tiers }: Arrangement, item: number): number =>
  tiers.findIndex((members) => members.includes(item));
export const isTied = ({ tiers }: Arrangement, item: number): boolean =>
  tiers.some((members) => members.length > 1 && members.includes(item));
/** @returns the completions from the best down; those of one tier as they were drawn */
export const orderOf = ({ tiers }: Arrangement): number[] => tiers.flat();
/** @returns comparisons with a better side: K(K−1)/2 without ties */
export const comparisonsIn = ({ tiers }: Arrangement): number =>
  tiers.reduce(
    (sum, members, i) => sum + members.length * tiers.slice(i + 1).reduce((below, { length }) => below + length, 0),
    0,
  );

/** what was said about two neighbouring tiers still holds while both are as they were */
function arranged(before: Arrangement, tiers: readonly (readonly number[])[]): Arrangement {
  const tidy = tiers
    .filter(({ length }) => length > 0)
    .map((members) => [...members].sort((one, other) => one - other));
  const keyOf = (upper: readonly number[] | undefined, lower: readonly number[] | undefined) =>
    `${upper?.join()} > ${lower?.join()}`;
  const said = new Map(before.strengths.map((strength, i) => [keyOf(before.tiers[i], before.tiers[i + 1]), strength]));
  return { tiers: tidy, strengths: tidy.slice(1).map((lower, i) => said.get(keyOf(tidy[i], lower)) ?? 0) };
}

const without = ({ tiers }: Arrangement, item: number): number[][] =>
  tiers.map((members) => members.filter((one) => one !== item));

/** One step: out of a tie to a tier of its own beside it, or past the next tier. Nothing at the end. */
export function moved(arrangement: Arrangement, item: number, by: -1 | 1): Arrangement {
  const tier = tierOf(arrangement, item);
  const beside = isTied(arrangement, item) ? tier : tier + by;
  if (beside < 0 || beside >= arrangement.tiers.length) return arrangement;
  const left = without(arrangement, item);
  left.splice(by < 0 ? beside : beside + 1, 0, [item]);
  return arranged(arrangement, left);
}

/** Joins the tier above; a completion that ties already leaves its tie downwards. */
export function tieToggled(arrangement: Arrangement, item: number): Arrangement {
  if (isTied(arrangement, item)) return moved(arrangement, item, 1);
  const tier = tierOf(arrangement, item);
  return tier === 0 ? arrangement : tiedWith(arrangement, item, arrangement.tiers[tier - 1]?.[0] ?? item);
}

/** @returns the completion in the tier of the other */
export function tiedWith(arrangement: Arrangement, item: number, other: number): Arrangement {
  if (item === other || tierOf(arrangement, item) === tierOf(arrangement, other)) return arrangement;
  return arranged(
    arrangement,
    without(arrangement, item).map((members) => (members.includes(other) ? [...members, item] : members)),
  );
}

/** @returns the completion alone at this tier, what was there and below it one further down; `rank` counts from 1 */
export function placedAt(arrangement: Arrangement, item: number, rank: number): Arrangement {
  const left = without(arrangement, item).filter(({ length }) => length > 0);
  left.splice(Math.min(Math.max(1, rank), left.length + 1) - 1, 0, [item]);
  return arranged(arrangement, left);
}

/** @returns the completion alone in a tier of its own, right before or after that of the other */
export function placedBeside(
  arrangement: Arrangement,
  item: number,
  other: number,
  side: 'before' | 'after',
): Arrangement {
  if (item === other) return arrangement;
  const left = without(arrangement, item);
  const tier = left.findIndex((members) => members.includes(other));
  left.splice(side === 'before' ? tier : tier + 1, 0, [item]);
  return arranged(arrangement, left);
}

/** @param gap tier from 0 of the better side */
export const withStrength = ({ tiers, strengths }: Arrangement, gap: number, strength: number): Arrangement => ({
  tiers,
  strengths: strengths.map((old, i) => (i === gap ? strength : old)),
});
