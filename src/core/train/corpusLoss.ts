/**
 * Predicting the texts of the corpus: all that pre-training does, and what PPO-ptx mixes in so that a policy that is
 * paid for pleasing the reward model does not forget how texts are written. Ouyang et al. 2022, eq. 2.
 */
import { readNumbers } from '../kernels/readNumbers';
import { crossEntropy } from '../losses/crossEntropy';
import type { CausalNetwork } from '../model/causalNetwork';
import type { TokenRows } from '../text/corpus';
import { tf } from '../tf';
import { completionLogprobs } from './pairLogps';
import { readTexts } from './passes';
import type { Breathe } from './slices';
import { disposeTexts, type TextBatch } from './texts';

/** Rows of text as completions of their first token; owned by the caller. */
function textsOf({ rows, columns, tokens, mask }: TokenRows): TextBatch {
  const completionMask = tf.tidy(() => tf.slice(tf.tensor2d(mask, [rows, columns]), [0, 1], [rows, columns - 1]));
  const ends = Array.from(
    { length: rows },
    (_, row) => mask.subarray(row * columns, (row + 1) * columns).lastIndexOf(1) + 1,
  );
  return {
    batch: { tokens: tf.tensor2d(tokens, [rows, columns], 'int32'), leftPad: null, ends: tf.tensor1d(ends, 'int32') },
    promptLength: 1,
    completionMask,
  };
}

/**
 * −mean log π(token) over rows of text, at temperature 1; column 0 is never predicted.
 * @returns scalar owned by the caller, nats per token; differentiable
 */
export function corpusLoss(network: CausalNetwork, rows: TokenRows): tf.Scalar {
  return tf.tidy(() => {
    const texts = textsOf(rows);
    return crossEntropy(completionLogprobs(network, texts), texts.completionMask);
  });
}

/** The same number, not differentiated. @param breathe called between passes */
export async function corpusLossOf(network: CausalNetwork, rows: TokenRows, breathe?: Breathe): Promise<number> {
  const texts = textsOf(rows);
  try {
    const logprobs = await readTexts([network], texts, (some) => completionLogprobs(network, some), breathe);
    const loss = tf.tidy(() => crossEntropy(logprobs, texts.completionMask));
    logprobs.dispose();
    const [value] = await readNumbers(loss);
    return value!;
  } finally {
    disposeTexts(texts);
  }
}
