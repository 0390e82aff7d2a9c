import { attempt, type Context } from '../context';
import { type Course, longWork } from '../page/longWork';
import { writerId } from '../rounds/rounds';
import type { TasteSlice } from '../state';
import { saysSomething } from './evidence';
import { opinionsKey } from './opinions';

export function tasteSlice(context: Context): TasteSlice {
  const patch = (fields: Partial<TasteSlice>) => context.patch('taste', fields);
  const slice = () => context.get().taste;

  const fit = async ({ context: { call } }: Course) => {
    const state = context.get();
    const policyId = writerId(state);
    if (policyId === null || state.corpus.summary?.kind === 'text') return patch({ result: null, outdated: false });
    const votes = state.votes.votes.filter(({ source }) => source !== 'simulated');
    const key = opinionsKey(state);
    const rankings = state.examples.rankings.filter(({ source }) => source !== 'simulated');
    const opinion = { votes, rankings, vetoed: slice().vetoed };
    const result = await call('taste/infer', { ...opinion, policyId, seed: state.config.value.seed });
    const { answered, useRule } = slice();
    patch({ result, outdated: key !== opinionsKey(context.get()), useRule: answered ? useRule : saysSomething(result) });
  };
  let fitting: Promise<void> | null = null;
  let again = false;

  /** what changes while a fit is under way is fitted right after it */
  const fitAll = async () => {
    patch({ busy: true });
    do {
      again = false;
      patch({ error: await attempt(context, () => longWork(context, 'taste', fit)) });
    } while (again && slice().error?.code !== 'work/cancelled');
    patch({ busy: false });
  };

  return {
    result: null,
    outdated: false,
    vetoed: [],
    useRule: true,
    answered: false,
    busy: false,
    error: null,

    infer() {
      again = fitting !== null;
      fitting ??= fitAll().finally(() => {
        fitting = null;
      });
      return fitting;
    },
    async toggleVeto(attribute) {
      const { vetoed } = slice();
      const wanted = vetoed.includes(attribute) ? vetoed.filter((one) => one !== attribute) : [...vetoed, attribute];
      patch({ vetoed: wanted });
      await slice().infer();
      if (slice().error?.code === 'work/cancelled' && slice().vetoed === wanted) patch({ vetoed }); // that of the rule that is shown
    },
    setUseRule: (useRule) => patch({ useRule, answered: true }),
  };
}
