/** A tokenizer that another program made, in the shape that every corpus of the lab asks for. */
import { BYTE_LETTERS } from '../../../contract/byteLetters';
import type { ForeignTokens, TokenizerData } from '../../../contract/checkpoint';
import { LabError } from '../../../contract/errors';
import { inWords } from '../../../contract/limits';
import { maxOf } from '../../../contract/many';
import { fewestOf } from '../bpeTokenizer';
import type { TextTokenizer } from '../corpus';
import { Int32List } from '../int32List';
import { quoted } from './kinds';
import { ForeignTokenizer } from './tokenizer';

/** characters encoded between two reports */
const CHARACTERS_PER_STEP = 20_000;

/** pieces between two reports of a section that is not cut by itself */
const PIECES_PER_STEP = 2000;

/** Unicode’s, of which U+FEFF is none */
const SPACE = /\p{White_Space}/u;

/** Pieces that end before white space; all of it where the tokenizer looks beyond. */
function* piecesOf(text: string, { inParts }: ForeignTokenizer): Generator<string> {
  for (let from = 0; from < text.length; ) {
    let end = inParts ? Math.min(text.length, from + CHARACTERS_PER_STEP) : text.length;
    while (end < text.length && !(SPACE.test(text[end]!) && !SPACE.test(text[end - 1]!))) end++;
    yield text.slice(from, end);
    from = end;
  }
}

function* encodeInSteps(tokenizer: ForeignTokenizer, text: string): Generator<number, Int32Array> {
  const ids = new Int32List(text.length >> 2);
  let read = 0;
  let told = 0;
  for (const piece of piecesOf(text, tokenizer)) {
    let pieces = 0;
    for (const step of tokenizer.encodeInSteps(piece)) {
      ids.append(step.ids);
      const now = read + Math.floor(step.share * piece.length);
      if (step.ids.length > 0 && now - told < CHARACTERS_PER_STEP && ++pieces % PIECES_PER_STEP > 0) continue;
      told = now;
      yield now;
    }
    read += piece.length;
    told = read;
    yield read;
  }
  return ids.view();
}

/** @returns how few tokens of bytes a text can be written in; undefined where tokens are no bytes */
function fewestTokensOf(json: ForeignTokens['json']): TextTokenizer['fewestTokens'] {
  if ((json.decoder as { type?: unknown } | null)?.type !== 'ByteLevel') return undefined;
  let known: { tokens: Set<string>; longest: number } | null = null;
  const tokensOf = () => {
    const byteOf = new Map(BYTE_LETTERS.map((letter, byte) => [letter, String.fromCharCode(byte)]));
    const vocab = Object.keys((json.model as { vocab: object }).vocab);
    const tokens = new Set(vocab.map((token) => Array.from(token, (letter) => byteOf.get(letter) ?? letter).join('')));
    return { tokens, longest: maxOf(vocab.map(({ length }) => length)) };
  };
  return (text) => {
    known ??= tokensOf();
    return fewestOf(text, known.tokens, known.longest);
  };
}

/**
 * @param data as a checkpoint holds it
 * @throws LabError('file/checkpoint') that names what cannot be computed, or that the model has too few rows for it
 */
export function createForeignTokenizer(data: TokenizerData & { foreign: ForeignTokens }): TextTokenizer {
  const { json, vocabSize, eosId, padId } = data.foreign;
  const tokenizer = ForeignTokenizer.from(json);
  const [first] = tokenizer.beyond(vocabSize);
  const behind = first === undefined ? '' : `: ${quoted(first)} stands behind them`;
  if (tokenizer.vocabSize > vocabSize)
    throw new LabError(
      'file/checkpoint',
      `its tokenizer has ${inWords(tokenizer.vocabSize)} tokens, and the model knows ${inWords(vocabSize)}${behind}`,
    );
  const fewestTokens = fewestTokensOf(json);
  const isShown = (id: number): boolean => id !== eosId && id !== padId && !tokenizer.isSpecial(id);
  return {
    kind: 'foreign',
    vocabSize,
    padId,
    bosId: tokenizer.begin,
    eosId,
    encode: (text) => tokenizer.encodeBare(text),
    encodeInSteps: (text) => encodeInSteps(tokenizer, text),
    decode: (ids) => tokenizer.decode(Array.from(ids).filter(isShown)),
    tokenText: (id) => tokenizer.decode([id]),
    unknownWords: () => [],
    ...(fewestTokens && { fewestTokens }),
    save: () => data,
  };
}
