import { saysSomething } from '../../contract/evidence';
import { attempt, type Context } from '../context';
import { type Course, longWork } from '../page/longWork';
import { writerId } from '../rounds/rounds';
import type { TasteSlice } from '../state';
import { hasAttributes, ownMeasure } from './raterInUse';
import { fitKey } from './tasteDue';

export function tasteSlice(context: Context): TasteSlice {
  const patch = (fields: Partial<TasteSlice>) => context.patch('taste', fields);
  const slice = () => context.get().taste;

  const fit = async ({ context: { call } }: Course) => {
    const state = context.get();
    const policyId = writerId(state);
    if (policyId === null || !hasAttributes(state)) return patch({ result: null });
    const opinions = state.opinions.all.filter(({ source }) => source !== 'simulated');
    const asked = { opinions, vetoed: slice().vetoed, policyId, seed: state.config.value.seed, ...ownMeasure(state) };
    const result = await call('taste/infer', asked);
    const { answered, useRule } = slice();
    patch({ result, fittedTo: fitKey(state), useRule: answered ? useRule : saysSomething(result) });
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
    fittedTo: null,
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
      // that of the rule that is shown
      if (slice().error?.code === 'work/cancelled' && slice().vetoed === wanted) patch({ vetoed });
    },
    setUseRule: (useRule) => patch({ useRule, answered: true }),
  };
}
