import type { Context } from '../context';
import { onDemand } from '../page/onDemand';
import type { ShelfSlice } from '../state';
import type { ForeignActs } from './foreignModels';

const parts = onDemand('opens and saves models of other programs', () =>
  import('./foreignModels').then(({ foreignModels }) => foreignModels),
);

/** What opens models of other programs, and saves for them, comes when it is asked for. */
export function foreignSlice(context: Context): Pick<ShelfSlice, keyof ForeignActs> {
  let known: ForeignActs | null = null;
  const acts = async () => {
    const foreignModels = await parts();
    known ??= foreignModels(context);
    return known;
  };
  return {
    importModel: async (files, trunkOf) => (await acts()).importModel(files, trunkOf),
    answerOffer: async (opens) => (await acts()).answerOffer(opens),
    saveForTransformers: async (checkpointId) => (await acts()).saveForTransformers(checkpointId),
  };
}
