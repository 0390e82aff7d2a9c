/**
 * What fine-tuning sees of one demonstration, for people to look at:
 *
 *   · <bos> the fox found a kite . | thank you , said the owl . <eos> ·
 *   0   0    0   0    0   0   0  0 |   1    1  1   1    1   1   1    1   0      the mask: what the loss is the mean of
 */
import type { RowToken } from '../../contract/observations';
import type { CausalNetwork } from '../model/causalNetwork';
import type { Corpus } from '../text/corpus';
import { completionLogprobs } from './pairLogps';
import { disposeTexts, encodeTexts } from './texts';

/** @returns the P + G columns of one demonstration, as they are trained on; nothing is trained */
export async function trainingRow(
  network: CausalNetwork,
  corpus: Corpus,
  demonstration: { prompt: string; completion: string },
): Promise<RowToken[]> {
  const texts = encodeTexts(corpus, [demonstration]);
  const logprobs = completionLogprobs(network, texts); // [1,G]
  try {
    const pads = texts.batch.leftPad ? ((await texts.batch.leftPad.data())[0] ?? 0) : 0;
    const [ids, mask, logps] = await Promise.all([
      texts.batch.tokens.data(),
      texts.completionMask.data(),
      logprobs.data(),
    ]);
    return Array.from(ids, (id, t): RowToken => {
      const text = corpus.tokenizer.tokenText(id);
      const column = t - texts.promptLength;
      if (t < pads) return { text, part: 'padding', logprob: null };
      if (column < 0) return { text, part: 'prompt', logprob: null };
      return mask[column]
        ? { text, part: 'completion', logprob: logps[column] ?? null }
        : { text, part: 'padding', logprob: null };
    });
  } finally {
    logprobs.dispose();
    disposeTexts(texts);
  }
}
