/** The obvious way to search: every text there is, and the best of them. */
import type { Hypothesis, NextLogprobs, SearchLimits } from '../../../src/core/translate/search';

/** @returns all that end within `maxTokens` and all that are cut there, the likeliest first */
export async function exhaustiveSearch(next: NextLogprobs, { eosId, maxTokens }: SearchLimits): Promise<Hypothesis[]> {
  const done: Hypothesis[] = [];
  let open: Hypothesis[] = [{ tokens: [], logProbability: 0, ended: false }];
  for (let length = 0; length < maxTokens; length++) {
    const logprobs = await next(open.map(({ tokens }) => tokens));
    const longer = open.flatMap(({ tokens, logProbability }, i) =>
      Array.from(logprobs[i]!, (logprob, token) => ({
        tokens: [...tokens, token],
        logProbability: logProbability + logprob,
        ended: token === eosId,
      })),
    );
    done.push(...longer.filter(({ ended }) => ended));
    open = longer.filter(({ ended }) => !ended);
  }
  return [...done, ...open].sort((a, b) => b.logProbability - a.logProbability);
}
