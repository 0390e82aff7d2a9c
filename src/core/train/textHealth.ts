/**
 * Whether what a model writes are still texts: readable, ended, and not all the same. Watched beside every reward,
 * because a reward model from few votes knows none of it and pays for texts that have lost it.
 */

import type { MetricValues } from '../../contract/metrics';
import type { TextHealth } from '../../contract/observations';
import type { Corpus } from '../text/corpus';
import { distinctNgrams, distinctShare, duplicateShare } from '../text/diversity';
import { type Completion, shareOf } from './texts';

/** @param texts at least one; shares of repetition compare only between equally many */
export function textHealth(texts: readonly Completion[], { tokenizer: { eosId } }: Corpus): TextHealth {
  const completions = texts.map(({ completion }) => completion);
  const words = texts.map(({ tokens }) => tokens.filter((id) => id !== eosId));
  const stories = texts.every(({ attributes }) => attributes !== null);
  return {
    distinct: distinctShare(completions),
    distinctNgrams: [distinctNgrams(words, 1), distinctNgrams(words, 2), distinctNgrams(words, 3)],
    duplicates: duplicateShare(completions),
    grammatical: stories ? shareOf(texts, ({ parses }) => parses) : null,
    coherent: stories ? shareOf(texts, ({ coherent }) => coherent) : null,
    finished: eosId === null ? null : texts.filter(({ finished }) => finished).length / texts.length,
    length: texts.reduce((sum, { tokens }) => sum + tokens.length, 0) / texts.length,
  };
}

/** The same under the names by which every method reports it. */
export function healthMetrics({
  distinct,
  distinctNgrams,
  duplicates,
  grammatical,
  finished,
  length,
}: TextHealth): MetricValues {
  return {
    'completion/distinct': distinct,
    'completion/distinct2': distinctNgrams[1],
    'completion/duplicates': duplicates,
    'completion/length': length,
    ...(finished !== null && { 'val/num_eos_tokens': finished }),
    ...(grammatical !== null && { 'completion/grammatical': grammatical }),
  };
}

/** Share of prompts on which the first text is the better one, ties one half. */
export function winRate(gold: readonly number[], baseGold: readonly number[]): number {
  const wins = gold.reduce((sum, score, i) => sum + (score > baseGold[i]! ? 1 : score === baseGold[i]! ? 0.5 : 0), 0);
  return wins / Math.max(1, gold.length);
}
