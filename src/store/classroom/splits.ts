/** What a class says of each pair, counted. */
import { CLASS_CHOICES, type ClassChoice, type ClassVotes } from '../../contract/classroom';

export type Split = Record<ClassChoice, number>;

/** @returns of each pair how often everything was said of it */
export const splitsOf = (votes: readonly Pick<ClassVotes, 'choices'>[], pairs: number): Split[] =>
  Array.from({ length: pairs }, (_, i) => {
    const split = Object.fromEntries(CLASS_CHOICES.map((choice) => [choice, 0])) as Split;
    for (const { choices } of votes) split[choices[i] ?? 'none']++;
    return split;
  });

/** @returns the side that more chose; the first where as many chose either */
export const favourite = ({ first, second }: Split): 'first' | 'second' => (second > first ? 'second' : 'first');
export const otherSide = (side: 'first' | 'second'): 'first' | 'second' => (side === 'first' ? 'second' : 'first');

/** @returns places of the pairs, those that most agree on first, those with fewer than two votes last */
export const byAgreement = (agreement: readonly (number | null)[]): number[] =>
  agreement.map((_, i) => i).sort((i, j) => (agreement[j] ?? -1) - (agreement[i] ?? -1) || i - j);

/** @returns places of the pairs that divide a class most */
export const dividing = (agreement: readonly (number | null)[], most: number): number[] =>
  byAgreement(agreement)
    .filter((i) => agreement[i] !== null && agreement[i]! < 1)
    .reverse()
    .slice(0, most);

/** @returns how many votes there are, and how many pairs were skipped */
export function totalsOf(splits: readonly Split[]): { votes: number; skipped: number } {
  const skipped = splits.reduce((sum, { none }) => sum + none, 0);
  const all = splits.reduce((sum, split) => sum + Object.values(split).reduce((a, b) => a + b, 0), 0);
  return { votes: all - skipped, skipped };
}

/** @returns how many pairs of votes there are on one pair of texts */
export function votePairs({ none: _, ...cast }: Split): number {
  const votes = Object.values(cast).reduce((sum, count) => sum + count, 0);
  return (votes * (votes - 1)) / 2;
}

/** @returns of how many pairs of votes the agreement of a class is a share */
export const votePairsIn = (splits: readonly Split[]): number =>
  splits.reduce((sum, split) => sum + votePairs(split), 0);
