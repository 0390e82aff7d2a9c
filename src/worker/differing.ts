/** Two models on one text: what the second finds likelier, and where it looks otherwise. */
import { LabError } from '../contract/errors';
import type { ModelDifference } from '../contract/inside';
import { softmax } from '../core/analysis/lens';
import type { Corpus, Tokenizer } from '../core/text/corpus';
import { changesOf } from './inside/layers';
import { type Executed, execute, readText } from './inside/onePass';
import { sameTokens } from './sameTokens';
import type { Model } from './session';

const BARS = 9;

function needSameTokens(before: Tokenizer, after: Tokenizer): void {
  if (!sameTokens(before.save(), after.save()))
    throw new LabError(
      'run/missingInput',
      'These two models read other tokens, so their numbers cannot be held against each other.',
    );
}

/** [T,V], each row a distribution */
function distributions({ logits }: Executed, length: number): Float32Array[] {
  const all = logits as Float32Array;
  const size = all.length / length;
  return Array.from({ length }, (_, row) => softmax(all.subarray(row * size, (row + 1) * size)));
}

/** the column after the first full stop, where a completion begins; column 1 where there is none */
function completionFrom({ tokenizer }: Corpus, ids: readonly number[]): number {
  const [fullStop] = tokenizer.kind === 'word' ? tokenizer.encode('.') : [];
  const end = fullStop === undefined ? -1 : ids.indexOf(fullStop);
  return end > 0 && end < ids.length - 1 ? end + 1 : 1;
}

/**
 * log π(token) under both, the bars after each token, and both attentions where the shapes agree.
 * @throws LabError when they read different tokens
 */
export async function differenceOf(
  before: Model,
  after: Model,
  text: string,
  step: number | null,
): Promise<ModelDifference> {
  needSameTokens(before.corpus.tokenizer, after.corpus.tokenizer);
  const [a, b] = [before.network.config, after.network.config];
  const { ids, tokens, unknownWords } = readText(a.contextLength <= b.contextLength ? before : after, text);
  const [first, second] = await Promise.all([execute(before.network, ids), execute(after.network, ids)]);
  const [from, to] = [distributions(first, ids.length), distributions(second, ids.length)];
  const log = (shares: Float32Array[], t: number) => Math.log(shares[t - 1]?.[ids[t] as number] as number);
  const sameShape = a.layers === b.layers && a.heads === b.heads;
  return {
    tokens,
    unknownWords,
    from: completionFrom(before.corpus, ids),
    logprobs: ids.map((_, t) => (t === 0 ? null : { before: log(from, t), after: log(to, t) })),
    next: from.map((shares, t) => changesOf(before.corpus, shares, to[t] as Float32Array, BARS)),
    maps: sameShape ? { layers: a.layers, heads: a.heads, before: first.maps, after: second.maps } : null,
    step,
  };
}
