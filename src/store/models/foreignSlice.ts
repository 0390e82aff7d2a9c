import type { Context } from '../context';
import { madeOnDemand, onDemand } from '../page/onDemand';
import type { ShelfSlice } from '../state';
import type { ForeignActs } from './foreignModels';

const parts = onDemand('opens models and saves them for other programs', () =>
  import('./foreignModels').then(({ foreignModels }) => foreignModels),
);

/** What opens models, and saves them for other programs, comes when it is asked for. */
export function foreignSlice(context: Context): Pick<ShelfSlice, keyof ForeignActs> {
  const acts = madeOnDemand(parts, context);
  return {
    importFile: async (bytes, name, trunkOf) => (await acts.get()).importFile(bytes, name, trunkOf),
    importModel: async (files, trunkOf) => (await acts.get()).importModel(files, trunkOf),
    answerOffer: async (opens) => (await acts.get()).answerOffer(opens),
    saveForTransformers: async (checkpointId) => (await acts.get()).saveForTransformers(checkpointId),
  };
}
