/**
 * The page Taste: what the chosen reward model pays for, beside what the votes ask for. It comes with its page and is
 * asked again where model or votes are others; nothing of it outlives the tab.
 */
import { type StoreApi, useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Progress } from '../../contract/protocol';
import type { LearnedTaste } from '../../contract/taste';
import { latest, toReport } from '../context';
import { type Lab, useLabStore } from '../lab';
import { onePerLab } from '../onePerLab';
import { ownMeasure } from '../opinions/raterInUse';
import { fitKey } from '../opinions/tasteDue';
import { writerId } from '../rounds/rounds';
import type { LabState } from '../state';

export interface Learned {
  /** the last one stays until the next is known */
  taste: LearnedTaste | null;
  /** how far the look is; null while none goes on */
  working: Progress | null;
  /** why there is nothing to see, in words */
  trouble: string | null;
  /** looks again, unless the same was looked at already */
  look(): Promise<void>;
  cancel(): void;
}

/** what the answer depends on; null while there is nobody to ask */
export function lookedAt(state: LabState): string | null {
  const [policyId, { rewardId }] = [writerId(state), state.shelf.slots];
  return policyId === null || rewardId === null ? null : [policyId, rewardId, fitKey(state)].join(' ');
}

const ANYTHING: Progress = { done: 0, total: 0, label: 'writing texts to look at' };

function createLearned(lab: Lab): StoreApi<Learned> {
  const newest = latest();
  let asking = new AbortController();
  let seen: string | null = null;
  return createStore<Learned>()((patch) => ({
    taste: null,
    working: null,
    trouble: null,

    async look() {
      const state = lab.getState();
      const key = lookedAt(state);
      if (key === seen) return;
      seen = key;
      const isNewest = newest();
      asking.abort();
      asking = new AbortController();
      if (key === null) return patch({ taste: null, working: null, trouble: null });
      const asked = {
        opinions: state.opinions.all,
        rewardId: state.shelf.slots.rewardId!,
        policyId: writerId(state)!,
        seed: state.config.value.seed,
        ...ownMeasure(state),
      };
      const onProgress = (working: Progress) => isNewest() && patch({ working });
      patch({ working: ANYTHING, trouble: null });
      try {
        const taste = await lab.call('taste/learned', asked, { signal: asking.signal, onProgress });
        if (isNewest()) patch({ taste, working: null });
      } catch (error) {
        if (!isNewest()) return;
        seen = null;
        const { code, message } = toReport(error);
        patch({ working: null, trouble: code === 'work/cancelled' ? 'You cancelled the look.' : message });
      }
    },

    cancel: () => asking.abort(),
  }));
}

/** the one of this lab */
export const learnedOf = onePerLab(createLearned);

/** Select the smallest thing, as with `useLab`. */
export function useLearned<T>(selector: (state: Learned) => T): T {
  return useStore(learnedOf(useLabStore()), selector);
}
