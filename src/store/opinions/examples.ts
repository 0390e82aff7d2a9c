import type { Wish } from '../../contract/preferences';
import type { Context } from '../context';
import type { ExamplesSlice } from '../state';

const FIRST_WISH: Wish = { happy: false, polite: true, short: true, animal: null };

export function examplesSlice(context: Context): ExamplesSlice {
  const patch = (fields: Partial<ExamplesSlice>) => context.patch('examples', fields);
  return {
    demonstrations: [],
    wish: FIRST_WISH,
    rankings: [],
    setDemonstrations: (demonstrations) => patch({ demonstrations }),
    setWish: (wish) => patch({ wish: { ...context.get().examples.wish, ...wish } }),
    async addRankings(rankings) {
      await context.vault.putRankings(rankings);
      patch({ rankings: [...context.get().examples.rankings, ...rankings] });
      context.patch('taste', { outdated: true });
    },
    async removeRankings(rankingIds) {
      await context.vault.removeRankings(rankingIds);
      const gone = new Set(rankingIds);
      patch({ rankings: context.get().examples.rankings.filter(({ rankingId }) => !gone.has(rankingId)) });
      context.patch('taste', { outdated: true });
    },
  };
}
