import type { Ranking } from '../../../src/contract/preferences';

/** A pair that somebody decided. */
export interface Choice extends Pick<Ranking, 'source' | 'round'> {
  chosen: string;
  rejected: string;
}

/** every pair of a ranking with a better side; of a vote there is one at most */
export const choicesIn = (opinions: readonly Ranking[]): Choice[] =>
  opinions.flatMap(({ completions, ranks, source, round }) =>
    completions.flatMap((chosen, i) =>
      completions.flatMap((rejected, j): Choice[] =>
        (ranks[i] ?? 0) < (ranks[j] ?? 0) ? [{ chosen, rejected, source, ...(round !== undefined && { round }) }] : [],
      ),
    ),
  );
