/** How likely a network finds both sides of pairs: log-probabilities summed over the completion, as DPO wants them. */
import { append } from '../../contract/many';
import type { CausalNetwork } from '../model/causalNetwork';
import { maskedSum } from '../tensor/masked';
import type { Corpus } from '../text/corpus';
import type { PreferencePair } from '../text/pairs';
import { tf } from '../tf';
import { readTexts } from './passes';
import type { Breathe } from './slices';
import { disposeTexts, encodeTexts, type TextBatch } from './texts';

/** pairs read at once outside training */
const PAIRS_AT_ONCE = 32;

/** All chosen sides, then all rejected ones. */
export const sidesOf = (pairs: readonly PreferencePair[]): { prompt: string; completion: string }[] =>
  (['chosen', 'rejected'] as const).flatMap((side) =>
    pairs.map((pair) => ({ prompt: pair.prompt, completion: pair[side] })),
  );

/** @returns what belongs to the chosen sides, and what belongs to the rejected ones */
export const halves = <T extends tf.Tensor>(sides: T): [T, T] => tf.split(sides, 2) as [T, T];

/** log π of every completion token at temperature 1, [2B,G]; differentiable */
export const completionLogprobs = (network: CausalNetwork, { batch, promptLength }: TextBatch): tf.Tensor2D =>
  network.logprobs(batch, promptLength, 1).logprobs;

/** [2B] Σ_t log π over the real tokens, <eos> included; padding counts nothing */
export const summedLogps = (logprobs: tf.Tensor2D, { completionMask }: TextBatch): tf.Tensor1D =>
  maskedSum<tf.Tensor1D>(logprobs, completionMask, 1);

/** [2B,2]; inside a tidy */
const logpsAndLengths = (network: CausalNetwork, texts: TextBatch): tf.Tensor2D =>
  tf.stack([summedLogps(completionLogprobs(network, texts), texts), tf.sum(texts.completionMask, 1)], 1) as tf.Tensor2D;

/** Of many pairs, all chosen sides first, then all rejected ones; [2B] each. */
export interface PairLogps {
  logps: number[];
  /** counted tokens */
  lengths: number[];
}

/** @param breathe called between passes */
export async function logpsOfPairs(
  network: CausalNetwork,
  corpus: Corpus,
  pairs: readonly PreferencePair[],
  breathe?: Breathe,
): Promise<PairLogps> {
  const sides = sidesOf(pairs);
  const found: PairLogps = { logps: [], lengths: [] };
  for (let from = 0; from < sides.length; from += 2 * PAIRS_AT_ONCE) {
    const texts = encodeTexts(corpus, sides.slice(from, from + 2 * PAIRS_AT_ONCE));
    try {
      const both = await readTexts([network], texts, (some) => logpsAndLengths(network, some), breathe);
      const values = await both.array();
      both.dispose();
      append(
        found.logps,
        values.map(([logps]) => logps!),
      );
      append(
        found.lengths,
        values.map(([, length]) => length!),
      );
    } finally {
      disposeTexts(texts);
    }
  }
  return found;
}
