/** Own text, as the page takes it at Data's defaults. */
import { presetConfig } from '../contract/config';
import { needTwoWindows, tokenizeText } from '../core/text/textCorpus';
import { isTableHead } from '../formats/otherForms';
import { decodeText } from '../formats/text';
import { refusalOf, type Verdict } from './verdict';

const { text: DEFAULTS, model } = presetConfig('tiny');

async function countTokens(text: string): Promise<NonNullable<Verdict['tokens']>> {
  const count = async (tokenizer: 'char' | 'word' | 'bpe') =>
    (await tokenizeText(text, { ...DEFAULTS, tokenizer })).stream.length;
  return { char: await count('char'), word: await count('word'), bpe: await count('bpe') };
}

/** a text all the same: what is in it can be learned */
const TABLE =
  'Its first line names the columns of a table; votes, rankings and demonstrations are read from JSON Lines.';

export async function judgeText(bytes: Uint8Array): Promise<Verdict> {
  let tokens: Verdict['tokens'];
  const notes: string[] = [];
  try {
    const text = decodeText(bytes);
    if (isTableHead(text.slice(0, Math.max(0, text.indexOf('\n'))))) notes.push(TABLE);
    tokens = await countTokens(text);
    needTwoWindows(tokens[DEFAULTS.tokenizer], model.contextLength);
  } catch (error) {
    return { ...refusalOf('text', error), notes, ...(tokens && { tokens }) };
  }
  return { kind: 'text', rows: 1, kept: 1, notes, refused: [], tokens };
}
