/** Duels counted by pairs of models: all that ratings but Elo look at, so neither order nor names can change them. */
import { MOST_MODELS, type RatedDuel } from '../../../contract/arena';

/** What happened between two models that met; `first` < `second`. */
export interface Meeting {
  first: number;
  second: number;
  /** of the first */
  wins: number;
  /** of the first */
  losses: number;
  ties: number;
}

/** those that say who is better, or that nobody is */
export const counted = (duels: readonly RatedDuel[]): RatedDuel[] => duels.filter(({ choice }) => choice !== 'bothBad');

export const badAsTie = (duels: readonly RatedDuel[]): RatedDuel[] =>
  duels.map((duel) => (duel.choice === 'bothBad' ? { ...duel, choice: 'tie' } : duel));

/** @param duels that are counted @returns one for each pair that met, the smallest numbers first */
export function meetingsOf(duels: readonly RatedDuel[]): Meeting[] {
  const found = new Map<number, Meeting>();
  for (const { first, second, choice } of duels) {
    const [low, high] = first < second ? [first, second] : [second, first];
    const key = low * MOST_MODELS + high;
    const meeting = found.get(key) ?? { first: low, second: high, wins: 0, losses: 0, ties: 0 };
    found.set(key, meeting);
    if (choice === 'tie') meeting.ties++;
    else if ((choice === 'a') === (first === low)) meeting.wins++;
    else meeting.losses++;
  }
  return [...found.values()].sort((one, other) => one.first - other.first || one.second - other.second);
}

/** @returns so many tied duels for every pair that met: a prior that keeps every chain of duels finite */
export const tiedDuels = (duels: readonly RatedDuel[], ties: number): RatedDuel[] =>
  meetingsOf(duels).flatMap(({ first, second }) =>
    Array.from({ length: ties }, (): RatedDuel => ({ first, second, choice: 'tie', lengths: [1, 1] })),
  );

/** @returns the meetings with half a win and half a loss more for every pair that met in others: nobody never lost then */
export const withHalves = (meetings: readonly Meeting[], others: readonly Meeting[]): Meeting[] =>
  others.map(({ first, second }) => {
    const met = meetings.find((one) => one.first === first && one.second === second);
    const { wins, losses, ties } = met ?? { wins: 0, losses: 0, ties: 0 };
    return { first, second, wins: wins + 0.5, losses: losses + 0.5, ties };
  });

const square = (size: number): number[][] => Array.from({ length: size }, () => Array(size).fill(0));

/** @returns [N][N] wins of the row against the column, a tie half a win */
export function scoreTable(meetings: readonly Meeting[], models: number): number[][] {
  const table = square(models);
  for (const { first, second, wins, losses, ties } of meetings) {
    table[first]![second] = wins + ties / 2;
    table[second]![first] = losses + ties / 2;
  }
  return table;
}

/** @returns [N][N] duels between the two */
export function countTable(meetings: readonly Meeting[], models: number): number[][] {
  const table = square(models);
  for (const { first, second, wins, losses, ties } of meetings) {
    table[first]![second] = wins + losses + ties;
    table[second]![first] = wins + losses + ties;
  }
  return table;
}
