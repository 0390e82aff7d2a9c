import { attempt, type Context } from '../context';
import { votesKey } from '../selectors';
import type { TasteSlice } from '../state';

export function tasteSlice(context: Context): TasteSlice {
  const patch = (fields: Partial<TasteSlice>) => context.patch('taste', fields);
  const slice = () => context.get().taste;

  const fit = async () => {
    const state = context.get();
    const { baseId } = state.shelf.slots;
    if (baseId === null || state.corpus.summary?.kind === 'text') return patch({ result: null, outdated: false });
    const votes = state.votes.votes.filter(({ source }) => source !== 'simulated');
    const key = votesKey(state.votes.votes);
    const result = await context.call('taste/infer', { votes, vetoed: slice().vetoed, policyId: baseId, seed: state.config.value.seed });
    patch({ result, outdated: key !== votesKey(context.get().votes.votes) });
  };

  return {
    result: null,
    outdated: false,
    vetoed: [],
    useRule: true,
    busy: false,
    error: null,

    async infer() {
      if (slice().busy) return;
      patch({ busy: true });
      const error = await attempt(context, fit);
      patch({ busy: false, error });
    },
    async toggleVeto(attribute) {
      const { vetoed } = slice();
      patch({ vetoed: vetoed.includes(attribute) ? vetoed.filter((one) => one !== attribute) : [...vetoed, attribute] });
      await slice().infer();
    },
    setUseRule: (useRule) => patch({ useRule }),
  };
}
