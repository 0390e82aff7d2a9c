import type { Ranking, Vote } from '../../../src/contract/preferences';

export type Choice = Pick<Vote, 'a' | 'b' | 'choice' | 'source' | 'round'>;

const pairsOf = ({ completions, ranks, source, round }: Ranking): Choice[] =>
  completions.flatMap((a, i) =>
    completions.flatMap((b, j): Choice[] =>
      (ranks[i] ?? 0) < (ranks[j] ?? 0) ? [{ a, b, choice: 'a', source, ...(round !== undefined && { round }) }] : [],
    ),
  );

/** votes for one side, and every pair of a ranking as such a vote */
export const choicesIn = (votes: readonly Vote[], rankings: readonly Ranking[]): Choice[] =>
  [...votes, ...rankings.flatMap(pairsOf)].filter(({ choice }) => choice === 'a' || choice === 'b');
