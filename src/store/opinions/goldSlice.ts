import type { Rater } from '../../contract/preferences';
import { attempt, type Context } from '../context';
import { writerId } from '../rounds/rounds';
import type { GoldSlice } from '../state';
import { agreementKey, heldAgainst, isAgreementDue, raterKey } from './goldStanding';

export function goldSlice(context: Context): GoldSlice {
  /** raters that are being asked */
  const asked = new Set<string>();

  const count = async (rater: Rater) => {
    const state = context.get();
    const [choices, policyId, key] = [heldAgainst(state, rater), writerId(state), agreementKey(state)];
    if (choices === null || policyId === null) return;
    const agreement = await context.call('taste/agreement', { opinions: choices, rater, policyId });
    context.patch('gold', { counted: { ...context.get().gold.counted, [raterKey(rater)]: { key, ...agreement } } });
  };

  return {
    counted: {},
    async weigh(rater) {
      const key = raterKey(rater);
      if (asked.has(key)) return;
      asked.add(key);
      let error = null;
      while (error === null && isAgreementDue(context.get(), rater)) error = await attempt(context, () => count(rater));
      asked.delete(key);
    },
  };
}
