import type { Wish } from '../../contract/preferences';
import { counted, type Share } from '../../contract/shares';
import type { Context } from '../context';
import type { ComparedRow, Comparison, LabState } from '../state';

/** prompts that both models complete: shares within about a tenth */
const COMPARED = 64;

/** What the fine-tuned model was shown, when it is known; otherwise what is wished for now. */
export function measuredWish({ runs, demonstrations }: LabState): Wish {
  const { spec } = runs.finetune;
  return spec?.kind === 'finetune' && spec.wish !== null ? spec.wish : demonstrations.wish;
}

/** Demonstrations that nobody wished for in words, written or from a file, are counted by no wish. */
const isCounted = ({ runs: { finetune }, corpus }: LabState): boolean =>
  corpus.summary?.kind === 'stories' && !(finetune.spec?.kind === 'finetune' && finetune.spec.wish === null);

/** @returns what a comparison made now would be made from; null while there are no two models */
export function comparisonKey(state: LabState): string | null {
  const { baseId, fineTunedId } = state.shelf.slots;
  const { seed, finetune } = state.config.value;
  if (baseId === null || fineTunedId === null) return null;
  return JSON.stringify([baseId, fineTunedId, measuredWish(state), seed, finetune.temperature]);
}

/**
 * Base and fine-tuned model complete the same prompts with the same random numbers, and both are held against the wish.
 */
export async function compareModels(context: Context, key: string): Promise<Comparison> {
  const state = context.get();
  const { seed, finetune } = state.config.value;
  const [baseId, fineTunedId] = [state.shelf.slots.baseId as string, state.shelf.slots.fineTunedId as string];
  const wish = measuredWish(state);
  const prompts = (await context.call('corpus/samples', { count: COMPARED, seed })).map(({ prompt }) => prompt);
  const sampling = { temperature: finetune.temperature, topK: 0, topP: 1 };
  const checkpointIds = [baseId, fineTunedId];
  const [before = [], after = []] = await context.call('inspect/complete', { checkpointIds, prompts, sampling, seed });
  const isMeasured = isCounted(state);
  const grantedTo = async (completions: readonly string[]) => {
    if (!isMeasured) return [];
    const texts = prompts.map((prompt, i) => ({ prompt, completion: completions[i] ?? '' }));
    return context.call('finetune/granted', { baseId, wish, texts });
  };
  const [was, is] = await Promise.all([grantedTo(before), grantedTo(after)]);
  const rows = prompts.map(
    (prompt, i): ComparedRow => ({
      prompt,
      before: before[i] ?? '',
      after: after[i] ?? '',
      beforeGranted: was[i] === true,
      afterGranted: is[i] === true,
    }),
  );
  return { key, wish, rows, before: isMeasured ? shareOf(was) : null, after: isMeasured ? shareOf(is) : null };
}

const shareOf = (granted: readonly boolean[]): Share => counted(granted.filter(Boolean).length, granted.length);
