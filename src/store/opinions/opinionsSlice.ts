import { NO_TASTE } from '../../contract/ownTaste';
import { groupsIn, votesIn } from '../../contract/preferences';
import { attempt, type Context } from '../context';
import { lineWriters } from '../page/fileReaders';
import { longWork } from '../page/longWork';
import type { OpinionsSlice } from '../state';
import { OPEN_PRETRAIN } from './dealer';
import { exportLines, JSON_LINES } from './exportLines';
import { imports } from './importOpinions';
import { addSimulated } from './simulate';

export function opinionsSlice(context: Context): OpinionsSlice {
  const patch = (fields: Partial<OpinionsSlice>) => context.patch('opinions', fields);
  const slice = () => context.get().opinions;

  return {
    all: [],
    rater: { name: 'happy' },
    own: NO_TASTE,
    noise: 0,
    simulating: false,
    pendingImport: null,
    error: null,

    async add(opinions) {
      const { forgotten } = context.get().session;
      await context.vault.opinions.put(opinions);
      if (context.get().session.forgotten > forgotten) return; // they went with everything else meanwhile
      patch({ all: [...slice().all, ...opinions] });
      if (opinions.some(({ source }) => source === 'human')) context.get().notices.withdraw(); // another one is the last now
    },

    async remove(rankingIds) {
      await context.vault.opinions.remove(rankingIds);
      const gone = new Set(rankingIds);
      patch({ all: slice().all.filter(({ rankingId }) => !gone.has(rankingId)) });
      context.get().notices.withdraw(); // they would take back the one before
    },

    setRater: (rater) => patch({ rater }),
    setOwn: (own) => patch({ own }),
    setNoise: (noise) => patch({ noise: Math.min(0.5, Math.max(0, noise)) }),

    async simulate(count, kind = 'votes') {
      if (slice().simulating) return;
      patch({ simulating: true, error: null });
      const error = await attempt(context, () => addSimulated(context, kind, count), OPEN_PRETRAIN);
      patch({ simulating: false, error });
    },

    exportFile(kind = 'votes') {
      const file = { fileName: `${kind}.jsonl`, type: JSON_LINES };
      return kind === 'votes'
        ? exportLines(context, file, votesIn(slice().all), async () => (await lineWriters()).votes)
        : exportLines(context, file, groupsIn(slice().all), async () => (await lineWriters()).rankings);
    },

    ...imports(context),

    clear: (source) =>
      longWork(context, 'clearVotes', async ({ commit }) => {
        commit('deleting'); // in one transaction
        const gone = slice().all.filter((one) => source === undefined || one.source === source);
        await slice().remove(gone.map(({ rankingId }) => rankingId));
        context.patch('taste', { result: null });
      }),
  };
}
