/** Letting a network write on from any text, also from one that is longer than the prompts of its corpus. */
import type { ModelConfig, SamplingConfig } from '../contract/config';
import { append, maxOf } from '../contract/many';
import type { CausalNetwork } from '../core/model/causalNetwork';
import type { Random } from '../core/tensor/random';
import type { Corpus } from '../core/text/corpus';
import type { Breathe } from '../core/train/slices';
import { type Completion, complete } from '../core/train/texts';

/** rows that are written together: enough to keep a device busy, few enough that calls are answered in between */
const ROWS = 64;

/** the model needs one token to begin from; where texts have no beginning, padding is one */
export function promptIds({ encodePrompt, tokenizer }: Corpus, prompt: string, longest: number): number[] {
  const ids = encodePrompt(prompt);
  if (ids.length === 0) return [tokenizer.padId];
  return ids.length > longest ? ids.slice(-longest) : ids;
}

/**
 * the same corpus for a model of this context and these prompts: the end of a long one is kept, a completion gets what
 * is left
 */
export function fitted(
  corpus: Corpus,
  { contextLength }: Pick<ModelConfig, 'contextLength'>,
  prompts: readonly string[] = [],
): Corpus {
  const longest = maxOf(
    prompts.map((prompt) => corpus.encodePrompt(prompt).length),
    corpus.promptLength,
  );
  const leastCompletion = Math.max(1, Math.min(corpus.completionLength, contextLength >> 1));
  const promptLength = Math.max(1, Math.min(longest, contextLength - leastCompletion));
  return {
    ...corpus,
    promptLength,
    completionLength: Math.max(1, Math.min(corpus.completionLength, contextLength - promptLength)),
  };
}

/**
 * One completion per prompt, in order.
 * @param random one stream for all; the same stream gives the same texts
 * @param breathe called between slices and batches, so that the thread stays reachable
 */
export async function write(
  network: CausalNetwork,
  corpus: Corpus,
  prompts: readonly string[],
  sampling: SamplingConfig,
  random: Random,
  breathe?: Breathe,
): Promise<Completion[]> {
  const roomy = fitted(corpus, network.config, prompts);
  const written: Completion[] = [];
  for (let from = 0; from < prompts.length; from += ROWS) {
    if (from > 0) await breathe?.();
    append(written, await complete(network, roomy, prompts.slice(from, from + ROWS), sampling, random, breathe));
  }
  return written;
}
