/** The token embedding as words: what a model adds to the stream where it reads one. */
import type { CausalNetwork } from '../model/causalNetwork';
import type { Tokenizer } from '../text/corpus';
import { weightOf } from './forward';
import { pickRows, type Vectors } from './wordVectors';

export interface WordVectors extends Vectors {
  /** of each row */
  words: string[];
}

/** <pad>, <bos>: no words */
const isSpecial = (token: string): boolean => /^<\w+>$/.test(token);

/** All that the model knows, special tokens left out; the weights are read and stay as they are. */
export async function wordVectors(network: CausalNetwork, tokenizer: Tokenizer): Promise<WordVectors> {
  const { vocabSize, width } = network.config;
  const table = weightOf(await network.savePlain(), 'tokenEmbedding');
  const all = { rows: vocabSize, width, data: Float64Array.from(table) };
  const tokens = Array.from({ length: vocabSize }, (_, id) => tokenizer.tokenText(id));
  const rows = [...tokens.keys()].filter((id) => !isSpecial(tokens[id] as string));
  return { ...pickRows(all, rows), words: rows.map((id) => tokens[id] as string) };
}
