/**
 * What a reward model is trained on: pairs with a chosen and a rejected side, split into training and held-out pairs by
 * prompt, so that no held-out pair shares its prompt with a training pair.
 */
import type { VoteSource } from '../../contract/preferences';
import type { Random } from '../tensor/random';

export type PairSource = VoteSource | 'rule';

export interface PreferencePair {
  prompt: string;
  chosen: string;
  rejected: string;
  source: PairSource;
  /** of votes and rankings, from 1 */
  round?: number | undefined;
}

/**
 * Prompts are shuffled and held out one after another until the held-out pairs reach their share. With two prompts or
 * more, both sides get at least one pair if anything is to be held out at all; with one prompt everything is for
 * training.
 */
export function splitByPrompt<T extends { prompt: string }>(
  pairs: readonly T[],
  heldOutShare: number,
  random: Random,
): { train: T[]; heldOut: T[] } {
  const prompts = random.shuffle([...new Set(pairs.map((pair) => pair.prompt))]);
  const countOf = new Map<string, number>();
  for (const { prompt } of pairs) countOf.set(prompt, (countOf.get(prompt) ?? 0) + 1);
  const wanted = heldOutShare > 0 ? Math.max(1, Math.round(pairs.length * heldOutShare)) : 0;
  const held = new Set<string>();
  let count = 0;
  for (const prompt of prompts.slice(1)) {
    if (count >= wanted) break;
    held.add(prompt);
    count += countOf.get(prompt) ?? 0;
  }
  return {
    train: pairs.filter((pair) => !held.has(pair.prompt)),
    heldOut: pairs.filter((pair) => held.has(pair.prompt)),
  };
}
