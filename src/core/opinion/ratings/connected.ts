/**
 * What can be compared with what. The strengths of Bradley and Terry are finite where every model beat or tied every
 * other through some chain, and the other back through another (Ford 1957): where a chain leads one way only, no
 * difference is large enough.
 */
import type { Meeting } from './meetings';

export type Relation = 'same' | 'finite' | 'above' | 'below' | 'apart';

/** @returns [N][N] whether a chain of such steps leads from the row to the column; everyone reaches himself */
function reach(models: number, steps: readonly (readonly [from: number, to: number])[]): boolean[][] {
  const table = Array.from({ length: models }, (_, i) => Array.from({ length: models }, (_, j) => i === j));
  for (const [from, to] of steps) table[from]![to] = true;
  for (const through of table.keys())
    for (const row of table) if (row[through]) for (const [j, isThere] of table[through]!.entries()) row[j] ||= isThere;
  return table;
}

/** from whoever won or tied to whoever lost or tied */
const winsAndTies = (meetings: readonly Meeting[]): [number, number][] =>
  meetings.flatMap(({ first, second, wins, losses, ties }) => [
    ...(wins + ties > 0 ? [[first, second] as [number, number]] : []),
    ...(losses + ties > 0 ? [[second, first] as [number, number]] : []),
  ]);

/** models that reach each other, as lists, by their smallest numbers */
const mutual = (table: readonly (readonly boolean[])[]): number[][] =>
  table.flatMap((row, i) => {
    const group = [...row.keys()].filter((j) => row[j] && table[j]![i]);
    return group[0] === i ? [group] : [];
  });

/** @returns models that any chain of duels connects */
export const islandsOf = (meetings: readonly Meeting[], models: number): number[][] =>
  mutual(
    reach(
      models,
      meetings.flatMap(({ first, second }) => [[first, second] as const, [second, first] as const]),
    ),
  );

/** @returns groups within which every difference is a number */
export const finiteGroups = (meetings: readonly Meeting[], models: number): number[][] =>
  mutual(reach(models, winsAndTies(meetings)));

/** @returns [N][N] how the row stands to the column: above and below have no bound, apart is not comparable */
export function relations(meetings: readonly Meeting[], models: number): Relation[][] {
  const table = reach(models, winsAndTies(meetings));
  return table.map((row, i) =>
    row.map((isThere, j) => {
      const isBack = table[j]![i]!;
      if (i === j) return 'same';
      if (isThere && isBack) return 'finite';
      if (isThere) return 'above';
      return isBack ? 'below' : 'apart';
    }),
  );
}
