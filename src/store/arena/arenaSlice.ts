import type { Context } from '../context';
import type { ArenaSlice } from '../state';

/** nobody has met anybody */
export const EMPTY_ARENA: Pick<ArenaSlice, 'duels' | 'names' | 'out'> = { duels: [], names: {}, out: [] };

export function arenaSlice(context: Context): ArenaSlice {
  const patch = (fields: Partial<ArenaSlice>) => context.patch('arena', fields);
  const slice = () => context.get().arena;

  return {
    ...EMPTY_ARENA,

    async add(duels, names) {
      const { forgotten } = context.get().session;
      await context.vault.duels.put(duels);
      if (context.get().session.forgotten > forgotten) return; // they went with everything else meanwhile
      patch({ duels: [...slice().duels, ...duels], names: { ...slice().names, ...names } });
    },

    async remove(rankingIds) {
      await context.vault.duels.remove(rankingIds);
      const gone = new Set(rankingIds);
      patch({ duels: slice().duels.filter(({ rankingId }) => !gone.has(rankingId)) });
    },

    setOut(checkpointId, isOut) {
      const others = slice().out.filter((id) => id !== checkpointId);
      patch({ out: isOut ? [...others, checkpointId] : others });
    },
  };
}
