/**
 * Two camps among raters: each rater stands with the camp whose members agree with them most. It begins with the two
 * who agree least, and moves everybody until nobody wants to move (k-medoids' manner, with agreement for nearness).
 * Any class can be cut in two, so what is found is a guess; the agreement within and between tells what it is worth.
 */
import type { Camps } from '../../contract/agreement';
import type { Ratings } from './agreement';

type Camp = 0 | 1;

/** units that both rated, and on how many of them they said the same */
interface Shared {
  same: number;
  all: number;
}

function shared(one: Ratings, other: Ratings): Shared {
  const found = { same: 0, all: 0 };
  for (const [unit, category] of one.entries()) {
    if (category === null || (other[unit] ?? null) === null) continue;
    found.all++;
    if (category === other[unit]) found.same++;
  }
  return found;
}

const shareOf = (pairs: readonly Shared[]): number | null => {
  const all = pairs.reduce((total, pair) => total + pair.all, 0);
  return all === 0 ? null : pairs.reduce((total, pair) => total + pair.same, 0) / all;
};

/** fewer make no two camps */
const FEWEST = 4;
const MOST_ROUNDS = 50;

/** @returns the two who agree least, as far as they can be compared; null when all agree */
function mostApart(table: readonly (readonly Shared[])[]): [number, number] | null {
  let [found, least]: [[number, number] | null, number] = [null, 1];
  for (const [i, row] of table.entries())
    for (const [j, pair] of row.entries()) {
      const share = shareOf([pair]);
      if (j > i && share !== null && share < least) [found, least] = [[i, j], share];
    }
  return found;
}

/** every pair of two different raters, once */
const pairsBetween = (table: readonly (readonly Shared[])[], ones: readonly number[], others: readonly number[]) =>
  ones.flatMap((i) => others.flatMap((j) => (ones !== others || i < j ? [table[i]![j]!] : [])));

function settled(table: readonly (readonly Shared[])[], first: [number, number]): Camp[] {
  let camps = table.map((row): Camp => ((shareOf([row[first[1]]!]) ?? 0) > (shareOf([row[first[0]]!]) ?? 0) ? 1 : 0));
  camps[first[0]] = 0;
  camps[first[1]] = 1;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const nearness = (i: number, camp: Camp) => shareOf(table[i]!.filter((_, j) => j !== i && camps[j] === camp)) ?? -1;
    const next = camps.map((camp, i): Camp => {
      const [mine, other] = [nearness(i, camp), nearness(i, camp === 0 ? 1 : 0)];
      return other > mine ? (camp === 0 ? 1 : 0) : camp;
    });
    if (next.every((camp, i) => camp === camps[i]) || new Set(next).size < 2) break;
    camps = next;
  }
  return camps;
}

/** @returns the larger camp as 0; null for fewer than four who voted, or where all agree */
export function campsOf(ratings: readonly Ratings[]): Camps | null {
  const voters = ratings.flatMap((rating, i) => (rating.some((category) => category !== null) ? [i] : []));
  if (voters.length < FEWEST) return null;
  const table = voters.map((i) => voters.map((j) => shared(ratings[i]!, ratings[j]!)));
  const first = mostApart(table);
  if (!first) return null;
  const found = settled(table, first);
  const turned = found.filter((camp) => camp === 1).length > found.length / 2;
  const camps = turned ? found.map((camp): Camp => (camp === 0 ? 1 : 0)) : found;
  const members = ([0, 1] as const).map((camp) => camps.flatMap((mine, i) => (mine === camp ? [i] : [])));
  const [ones, others] = members as [number[], number[]];
  return {
    of: ratings.map((_, i) => (voters.includes(i) ? camps[voters.indexOf(i)]! : null)),
    within: [shareOf(pairsBetween(table, ones, ones)), shareOf(pairsBetween(table, others, others))],
    between: shareOf(pairsBetween(table, ones, others)),
  };
}
