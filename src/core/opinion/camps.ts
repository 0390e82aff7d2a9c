/**
 * Two camps among raters: each rater stands with the camp whose members agree with them most. It begins with the two
 * who agree least, and moves everybody until nobody wants to move (k-medoids' manner, with agreement for nearness).
 * Any class can be cut in two, so what is found is a guess; the agreement within and between tells what it is worth.
 */
import type { Camps } from '../../contract/agreement';
import type { Progress } from '../../contract/protocol';
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

/** of every two, once: what one shares with another the other shares with them */
function* comparing(voters: readonly Ratings[]): Generator<Progress, Shared[][]> {
  const table: Shared[][] = [];
  for (const [i, one] of voters.entries()) {
    yield { done: i, total: voters.length, label: 'comparing students' };
    table.push(voters.map((other, j) => (j < i ? table[j]![i]! : shared(one, other))));
  }
  return table;
}

const casesOf = (pairs: readonly Shared[]): number => pairs.reduce((total, pair) => total + pair.all, 0);

const shareOf = (pairs: readonly Shared[]): number | null => {
  const all = casesOf(pairs);
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
      const share = pair.same / pair.all; // of none: not a number, which is less than nothing
      if (j > i && share < least) [found, least] = [[i, j], share];
    }
  return found;
}

/** every pair of two different raters, once */
const pairsBetween = (table: readonly (readonly Shared[])[], ones: readonly number[], others: readonly number[]) =>
  ones.flatMap((i) => others.flatMap((j) => (ones !== others || i < j ? [table[i]![j]!] : [])));

function* settling(table: readonly (readonly Shared[])[], first: [number, number]): Generator<Progress, Camp[]> {
  let camps = table.map((row): Camp => ((shareOf([row[first[1]]!]) ?? 0) > (shareOf([row[first[0]]!]) ?? 0) ? 1 : 0));
  camps[first[0]] = 0;
  camps[first[1]] = 1;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const nearness = (i: number, camp: Camp) => shareOf(table[i]!.filter((_, j) => j !== i && camps[j] === camp)) ?? -1;
    const next: Camp[] = [];
    for (const [i, camp] of camps.entries()) {
      yield { done: i, total: camps.length, label: 'looking for two camps' };
      const [mine, other] = [nearness(i, camp), nearness(i, camp === 0 ? 1 : 0)];
      next.push(other > mine ? (camp === 0 ? 1 : 0) : camp);
    }
    if (next.every((camp, i) => camp === camps[i]) || new Set(next).size < 2) break;
    camps = next;
  }
  return camps;
}

/** @returns the larger camp as 0; null for fewer than four who voted, or where all agree */
export function* findingCamps(ratings: readonly Ratings[]): Generator<Progress, Camps | null> {
  const voters = ratings.flatMap((rating, i) => (rating.some((category) => category !== null) ? [i] : []));
  if (voters.length < FEWEST) return null;
  const table = yield* comparing(voters.map((i) => ratings[i]!));
  const first = mostApart(table);
  if (!first) return null;
  const found = yield* settling(table, first);
  const turned = found.filter((camp) => camp === 1).length > found.length / 2;
  const camps = turned ? found.map((camp): Camp => (camp === 0 ? 1 : 0)) : found;
  const placeOf = new Map(voters.map((i, k) => [i, camps[k]!]));
  const members = ([0, 1] as const).map((camp) => camps.flatMap((mine, i) => (mine === camp ? [i] : [])));
  const [ones, others] = members as [number[], number[]];
  const [mine, theirs, across] = [
    pairsBetween(table, ones, ones),
    pairsBetween(table, others, others),
    pairsBetween(table, ones, others),
  ];
  return {
    of: ratings.map((_, i) => placeOf.get(i) ?? null),
    within: [shareOf(mine), shareOf(theirs)],
    between: shareOf(across),
    cases: { within: [casesOf(mine), casesOf(theirs)], between: casesOf(across) },
  };
}
