import type { Context } from '../context';
import type { ShelfSlice } from '../state';
import type { ForeignActs } from './foreignModels';

/** What opens models of other programs, and saves for them, comes when it is asked for. */
export function foreignSlice(context: Context): Pick<ShelfSlice, keyof ForeignActs> {
  let coming: Promise<ForeignActs> | null = null;
  const acts = () => {
    coming ??= import('./foreignModels').then(
      ({ foreignModels }) => foreignModels(context),
      (error) => {
        coming = null; // tried again the next time
        throw error;
      },
    );
    return coming;
  };
  return {
    importModel: async (files, trunkOf) => (await acts()).importModel(files, trunkOf),
    answerOffer: async (opens) => (await acts()).answerOffer(opens),
    saveForTransformers: async (checkpointId) => (await acts()).saveForTransformers(checkpointId),
  };
}
