/**
 * Whether models read the same tokens. A count says nothing: two texts of as many letters make vocabularies of one size,
 * and a model of the other would read every id as another letter, without a word.
 */
import type { TokenizerData } from '../core/text/corpus';

const written = new WeakMap<TokenizerData, string>();
/** a foreign tokenizer has megabytes */
function textOf(tokenizer: TokenizerData): string {
  const text = written.get(tokenizer) ?? JSON.stringify(tokenizer);
  written.set(tokenizer, text);
  return text;
}

export const sameTokens = (a: TokenizerData, b: TokenizerData): boolean => a === b || textOf(a) === textOf(b);
