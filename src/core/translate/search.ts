/**
 * Finding a translation in a model that only says how likely each next word is. Greedy takes the likeliest word every
 * time and may regret it; beam search keeps several beginnings alive and compares them by their whole log-probability.
 *
 *   log p(y) = Σ log p(y_t | y_1 … y_{t−1})        no normalisation by length: outputs of all lengths compete
 */

/** A text in the making or finished; tokens without <bos>, with <eos> where it ended. */
export interface Hypothesis {
  tokens: number[];
  /** nats */
  logProbability: number;
  ended: boolean;
}

/** @returns for every prefix, all of one length, log p of each token that could follow, [V] */
export type NextLogprobs = (prefixes: readonly (readonly number[])[]) => Promise<readonly Float32Array[]>;

export interface SearchLimits {
  eosId: number;
  /** longer ones are cut */
  maxTokens: number;
}

const EMPTY: Hypothesis = { tokens: [], logProbability: 0, ended: false };

const extended = (
  { tokens, logProbability }: Hypothesis,
  token: number,
  logprob: number,
  eosId: number,
): Hypothesis => ({
  tokens: [...tokens, token],
  logProbability: logProbability + logprob,
  ended: token === eosId,
});

/** of equals the lowest id */
function likeliest(logprobs: Float32Array): number {
  let best = 0;
  for (let token = 1; token < logprobs.length; token++) if (logprobs[token]! > logprobs[best]!) best = token;
  return best;
}

export async function greedySearch(next: NextLogprobs, { eosId, maxTokens }: SearchLimits): Promise<Hypothesis> {
  let text = EMPTY;
  while (!text.ended && text.tokens.length < maxTokens) {
    const [logprobs] = (await next([text.tokens])) as [Float32Array];
    const token = likeliest(logprobs);
    text = extended(text, token, logprobs[token]!, eosId);
  }
  return text;
}

/**
 * Finished texts keep their place among the best and compete with the unfinished until the end.
 * @param width beginnings that are kept; 1 is greedy search
 * @returns at most `width` texts, the likeliest first
 */
export async function beamSearch(
  next: NextLogprobs,
  width: number,
  { eosId, maxTokens }: SearchLimits,
): Promise<Hypothesis[]> {
  let beam = [EMPTY];
  for (let length = 0; length < maxTokens && beam.some(({ ended }) => !ended); length++) {
    const open = beam.filter(({ ended }) => !ended);
    const logprobs = await next(open.map(({ tokens }) => tokens));
    const longer = open.flatMap((text, i) =>
      Array.from(logprobs[i]!, (logprob, token) => extended(text, token, logprob, eosId)),
    );
    const all = [...beam.filter(({ ended }) => ended), ...longer];
    beam = all.sort((a, b) => b.logProbability - a.logProbability).slice(0, width); // stable: of equals the lower id
  }
  return beam;
}
