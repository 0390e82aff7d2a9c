/**
 * A few texts of the model that writes, scored by the visitor's own rater while they say what it likes; nothing of it
 * outlives the tab.
 */
import { type StoreApi, useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { OwnTaste, TastedText } from '../../contract/ownTaste';
import { latest, toReport } from '../context';
import { type Lab, useLabStore } from '../lab';
import { onePerLab } from '../onePerLab';
import { writerId } from '../rounds/rounds';

interface PlainText {
  prompt: string;
  completion: string;
}

export interface Tasting {
  /** null before any were written */
  texts: PlainText[] | null;
  /** of each text; null until they are scored, and where the expression cannot be used */
  tasted: TastedText[] | null;
  writing: boolean;
  /** why there is nothing to see, in words */
  trouble: string | null;
  /** others than are here */
  write(): Promise<void>;
  /** the last one wins */
  score(taste: OwnTaste): Promise<void>;
  /** why the expression that was typed last is not in use; null where it is */
  patternTrouble: string | null;
  /** takes the expression into the taste if it can be used: what cannot would end every run that it stands in */
  tryPattern(pattern: string): Promise<void>;
}

const SHOWN = 6;

function createTasting(lab: Lab): StoreApi<Tasting> {
  const [newest, newestPattern] = [latest(), latest()];
  let round = 0;
  return createStore<Tasting>()((patch, get) => ({
    texts: null,
    tasted: null,
    writing: false,
    trouble: null,
    patternTrouble: null,

    async write() {
      const policyId = writerId(lab.getState());
      if (policyId === null || get().writing) return;
      const { seed, sampling } = lab.getState().config.value;
      const drawn = seed + ++round;
      patch({ writing: true, trouble: null });
      try {
        const prompts = (await lab.call('corpus/samples', { count: SHOWN, seed: drawn })).map(({ prompt }) => prompt);
        const asked = { checkpointIds: [policyId], prompts, sampling, seed: drawn };
        const [completions = []] = await lab.call('inspect/complete', asked);
        const texts = prompts.map((prompt, i) => ({ prompt, completion: completions[i] ?? '' }));
        patch({ texts, tasted: null, writing: false });
        await get().score(lab.getState().opinions.own);
      } catch (error) {
        patch({ writing: false, trouble: toReport(error).message });
      }
    },

    async tryPattern(pattern) {
      const [policyId, isNewest] = [writerId(lab.getState()), newestPattern()];
      if (policyId === null) return;
      const { own, setOwn } = lab.getState().opinions;
      try {
        const weights = { ...own.weights, pattern: own.weights.pattern || 1 }; // one of weight 0 is not looked at
        const asked = { taste: { ...own, pattern, weights }, texts: [], policyId };
        const { trouble } = await lab.call('taste/own', asked);
        if (!isNewest()) return;
        patch({ patternTrouble: trouble });
        if (trouble === null) setOwn({ ...lab.getState().opinions.own, pattern });
      } catch (error) {
        if (isNewest()) patch({ patternTrouble: toReport(error).message });
      }
    },

    async score(taste) {
      const [policyId, isNewest] = [writerId(lab.getState()), newest()];
      const texts = get().texts ?? [];
      if (policyId === null) return;
      try {
        const { tasted, trouble } = await lab.call('taste/own', { taste, texts, policyId });
        if (isNewest()) patch({ tasted: trouble === null ? tasted : null, trouble });
      } catch (error) {
        if (isNewest()) patch({ tasted: null, trouble: toReport(error).message });
      }
    },
  }));
}

/** the one of this lab */
export const tastingOf = onePerLab(createTasting);

/** Select the smallest thing, as with `useLab`. */
export function useTasting<T>(selector: (state: Tasting) => T): T {
  return useStore(tastingOf(useLabStore()), selector);
}
