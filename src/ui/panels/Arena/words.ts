import type { ArenaBoard, BoardRow, Duel, Standing } from '../../../contract/arena';
import { inWords } from '../../../contract/limits';
import { countOf, fixed, plural } from '../../../contract/numbers';
import { choiceOf } from '../../../contract/preferences';
import { isOfClass, writersOfSides } from '../../../store/arena/rated';
import { formatCounted } from '../../primitives/format';

/** "1,118": ratings are read in whole points */
export const points = (rating: number): string => fixed(rating, 0);

/** "2", or "1–3" where the duels leave it open */
export const placeWords = ({ best, worst }: Pick<BoardRow, 'best' | 'worst'>): string =>
  best === worst ? `${best ?? '–'}` : `${best}–${worst}`;

/** wins with ties as halves: "10", "8.5" */
export const halves = (score: number): string => fixed(score, score % 1 === 0 ? 0 : 1);

/** What the vote was, now that it cannot sway anyone. */
export function lastWords(duel: Duel, nameOf: (id: string) => string): string {
  const [left, right] = writersOfSides(duel).map(nameOf);
  switch (choiceOf(duel)) {
    case 'a':
      return `A, by ${left}, beat B, by ${right}.`;
    case 'b':
      return `B, by ${right}, beat A, by ${left}.`;
    case 'tie':
      return `A tie of ${left} (A) and ${right} (B).`;
    case 'bothBad':
      return `Both bad: ${left} (A) and ${right} (B).`;
  }
}

/** "DPO beats Base, 10 of 12" */
export function cellWords(row: string, column: string, score: number, of: number): string {
  if (of === 0) return `${row} and ${column} have not met`;
  const share = `${halves(score)} of ${inWords(of)}`;
  if (score * 2 === of) return `${row} is even with ${column}, ${share}`;
  return score * 2 > of ? `${row} beats ${column}, ${share}` : `${row} loses to ${column}, ${share}`;
}

/** " The longer text won 3 of 4 decided duels (30–95 %).", of many as a share; nothing where none was decided */
export const longerWords = ({ won, of }: ArenaBoard['wonByLonger']): string =>
  of === 0 ? '' : ` The longer text won ${formatCounted(won / of, of, plural(of, 'decided duel'))}.`;

/** Why a model has no number. @param island whether some chain of duels leads to those that are rated */
export function standingWords(
  { won, lost, tied, duels }: BoardRow,
  standing: Exclude<Standing, 'rated'>,
  isOnIsland: boolean,
): string {
  switch (standing) {
    case 'unmet':
      return 'no duel yet';
    case 'unbeaten':
      return `no bound above: it won ${inWords(won)} of ${inWords(duels)}; one loss or tie is needed before it has a number`;
    case 'winless':
      return `no bound below: it lost ${inWords(lost)} of ${inWords(duels)}; one win or tie is needed before it has a number`;
    case 'apart': {
      const met = countOf(won + lost + tied, 'duel');
      return isOnIsland
        ? `not comparable: no chain of wins and ties leads there and back (${met})`
        : `not comparable: no chain of duels leads to those above (${met})`;
    }
  }
}

/** Who stands where, as the table lists them: those with a number first, the best on top. */
export function orderOf({ rows }: ArenaBoard): number[] {
  const worth = ({ rating, standing, elo }: BoardRow): number =>
    rating ?? { rated: 0, unbeaten: -1e6, winless: -2e6, apart: -3e6, unmet: -4e6 }[standing] + elo;
  return [...rows.keys()].sort((i, j) => worth(rows[j]!) - worth(rows[i]!) || i - j);
}

/** points: what is read as the same number is no order */
export const LEAST_GAP = 0.5;

/** two that Elo puts the other way round than the ratings, the better rated first */
export function disagreement({ rows }: ArenaBoard, order: readonly number[]): [number, number] | null {
  const rated = order.filter((model) => rows[model]!.rating !== null);
  const isBelow = (model: number, other: number) => rows[other]!.rating! - rows[model]!.rating! >= LEAST_GAP;
  const at = rated.findIndex((model, index) => {
    const above = rated[index - 1];
    return above !== undefined && isBelow(model, above) && rows[model]!.elo > rows[above]!.elo;
  });
  return at > 0 ? [rated[at - 1]!, rated[at]!] : null;
}

/** "160 duels: 48 by hand, 112 simulated; 16 ties", "0 duels"; votes of a class stay its own in a file too */
export function duelsWords(duels: readonly Duel[], { ties, bothBad }: ArenaBoard): string {
  const of = (source: Duel['source']) => duels.filter((duel) => duel.source === source).length;
  const ofClass = duels.filter(isOfClass).length;
  const files = of('imported') - ofClass;
  const sources = [
    of('human') > 0 && `${inWords(of('human'))} by hand`,
    of('simulated') > 0 && `${inWords(of('simulated'))} simulated`,
    ofClass > 0 && `${inWords(ofClass)} by a class`,
    files > 0 && `${inWords(files)} from files`,
  ].filter(Boolean);
  const outcomes = [ties > 0 && countOf(ties, 'tie'), bothBad > 0 && `${inWords(bothBad)} both bad`].filter(Boolean);
  const told = sources.length > 0 ? `: ${sources.join(', ')}` : '';
  return [countOf(duels.length, 'duel') + told, ...outcomes].join('; ');
}

/** What the duels say, in a line. */
export function verdict({ rows }: ArenaBoard, order: readonly number[], nameOf: (model: number) => string): string {
  const rated = order.filter((model) => rows[model]!.rating !== null);
  const first = rated.filter((model) => rows[model]!.best === 1);
  if (rated.length === 0)
    return 'Nobody has a number yet: two models need to have won against each other, or tied, in both directions.';
  if (first.length === 1) return `${nameOf(first[0]!)} is the best of those that can be compared.`;
  if (first.length === rated.length) return 'No two of them can be told apart yet: all share the first place.';
  return `${first.slice(0, -1).map(nameOf).join(', ')} and ${nameOf(first.at(-1)!)} share the first place: these duels do not tell them apart.`;
}
