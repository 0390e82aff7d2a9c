/** Own text, as the page takes it at Data's defaults. */
import { presetConfig } from '../contract/config';
import { needTwoWindows, tokenizeText } from '../core/text/textCorpus';
import { decodeText } from '../formats/text';
import { refusalOf, type Verdict } from './verdict';

const { text: DEFAULTS, model } = presetConfig('tiny');

async function countTokens(text: string): Promise<NonNullable<Verdict['tokens']>> {
  const count = async (tokenizer: 'char' | 'word' | 'bpe') =>
    (await tokenizeText(text, { ...DEFAULTS, tokenizer })).stream.length;
  return { char: await count('char'), word: await count('word'), bpe: await count('bpe') };
}

export async function judgeOwnText(bytes: Uint8Array): Promise<Verdict> {
  let tokens: Verdict['tokens'];
  try {
    const text = decodeText(bytes);
    tokens = await countTokens(text);
    needTwoWindows(tokens[DEFAULTS.tokenizer], model.contextLength);
  } catch (error) {
    return { ...refusalOf('text', error), ...(tokens && { tokens }) };
  }
  return { kind: 'text', rows: 1, kept: 1, notes: [], refused: [], tokens };
}
