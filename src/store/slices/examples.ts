import type { Wish } from '../../contract/domain';
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
    setRankings(rankings) {
      patch({ rankings });
      context.patch('taste', { outdated: true });
    },
  };
}
