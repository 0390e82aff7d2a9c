/**
 * Tokenizers with a vocabulary, for the visitor's own text: one token per character, or per word with the space before
 * it.
 *   ids   0 <pad>   1 <unk>   2 … the characters by code point, or the words by frequency
 * Nothing is trimmed: tokens joined together are the text again, but for what became <unk>.
 */
import { LabError } from '../../contract/errors';
import { maxOf } from '../../contract/many';
import { createBpeTokenizer } from './bpeTokenizer';
import type { TextTokenizer, Tokenizer, TokenizerData } from './corpus';
import { createForeignTokenizer } from './huggingFace/foreignText';
import { Int32List } from './int32List';
import { wordPieces } from './splitting';
import { finish, type TrainingProgress } from './steps';
import { createStoryTokenizer } from './wordTokenizer';

const PAD = '<pad>';
const UNKNOWN = '<unk>';
const SPECIALS = [PAD, UNKNOWN];
const UNKNOWN_ID = 1;
/** how <unk> reads in a text; a word takes the space before it along */
const REPLACEMENT = { char: '\uFFFD', word: ' \uFFFD' };

/** what <unk> reads as is known as <unk> */
const isReplacement = (piece: string): boolean => piece.trim() === '\uFFFD';

type Split = (text: string) => Iterable<string>;
const splitCharacters: Split = (text) => text;

/** characters between two reports */
const CHARACTERS_PER_STEP = 200_000;

/** Visits the pieces of a text in order; stops now and then with the number of characters that are read. */
function* eachPiece(text: string, split: Split, visit: (piece: string) => void): Generator<number, void> {
  let [read, told] = [0, 0];
  for (const piece of split(text)) {
    visit(piece);
    read += piece.length;
    if (read - told < CHARACTERS_PER_STEP) continue;
    told = read;
    yield read;
  }
}

/**
 * A model may write tokens that the text never had side by side, "cat" and "the" as "catthe": read again, they are one
 * unknown piece.
 * @returns the fewest known tokens that joined together are the text; null when there are none such
 */
function coverByTokens(text: string, idOf: (piece: string) => number | undefined, longest: number): number[] | null {
  const best: ({ from: number; id: number; count: number } | undefined)[] = [{ from: 0, id: -1, count: 0 }];
  for (let from = 0; from < text.length; from++) {
    const reached = best[from];
    if (!reached) continue;
    for (let end = from + 1; end <= Math.min(text.length, from + longest); end++) {
      const id = idOf(text.slice(from, end));
      if (id !== undefined && reached.count + 1 < (best[end]?.count ?? Number.POSITIVE_INFINITY))
        best[end] = { from, id, count: reached.count + 1 };
    }
  }
  const ids: number[] = [];
  for (let at = text.length; at > 0; at = best[at]!.from) {
    if (!best[at]) return null;
    ids.push(best[at]!.id);
  }
  return ids.reverse();
}

function createVocabularyTokenizer(kind: 'char' | 'word', tokens: readonly string[], split: Split): TextTokenizer {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  for (const special of SPECIALS) ids.delete(special);
  const longest = maxOf(tokens.map(({ length }) => length));
  /** a lone space is no word, though it may be no token: a prompt is left with one where <unk> was cut off its end */
  const isKnown = (piece: string): boolean =>
    ids.has(piece) || isReplacement(piece) || (kind === 'word' && piece.trim() === '');
  const idOf = (piece: string): number | undefined =>
    ids.get(piece) ?? (piece === REPLACEMENT[kind] ? UNKNOWN_ID : undefined);
  /** by other tokens than its pieces, for a text with pieces that are none */
  const covered = (text: string): number[] | null =>
    kind === 'char' || Array.from(split(text)).every(isKnown) ? null : coverByTokens(text, idOf, longest);
  function* encodeInSteps(text: string): Generator<number, Int32Array> {
    const encoded = new Int32List();
    yield* eachPiece(text, split, (piece) => encoded.push(ids.get(piece) ?? UNKNOWN_ID));
    return encoded.view();
  }
  return {
    kind,
    vocabSize: tokens.length,
    padId: 0,
    bosId: null,
    eosId: null,
    encode: (text) => covered(text) ?? Array.from(finish(encodeInSteps(text))),
    encodeInSteps,
    decode: (all) =>
      Array.from(all, (id) => (id === UNKNOWN_ID ? REPLACEMENT[kind] : id === 0 ? '' : (tokens[id] ?? ''))).join(''),
    tokenText: (id) => tokens[id] ?? '',
    unknownWords(text) {
      const unknown = [...new Set(Array.from(split(text)).filter((piece) => !isKnown(piece)))];
      return unknown.length === 0 || covered(text) ? [] : unknown.map((piece) => piece.trim() || piece);
    },
    save: (): TokenizerData => ({ kind, tokens: [...tokens] }),
  };
}

function* countPieces(text: string, split: Split, label: string): Generator<TrainingProgress, Map<string, number>> {
  const counts = new Map<string, number>();
  const count = (piece: string) => counts.set(piece, (counts.get(piece) ?? 0) + 1);
  for (const done of eachPiece(text, split, count)) yield { done, total: text.length, label };
  return counts;
}

/** Every character of the text, emoji included (those made of several code points are several tokens). */
export function* learnCharTokenizer(text: string): Generator<TrainingProgress, TextTokenizer> {
  const counts = yield* countPieces(text, splitCharacters, 'counting characters');
  const characters = [...counts.keys()].sort((a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0));
  return createVocabularyTokenizer('char', [...SPECIALS, ...characters], splitCharacters);
}

/** @param vocabSize most tokens, the two special ones included; of equally frequent words the one met first */
export function* learnWordTokenizer(text: string, vocabSize: number): Generator<TrainingProgress, TextTokenizer> {
  const counts = [...(yield* countPieces(text, wordPieces, 'counting words'))].sort((a, b) => b[1] - a[1]);
  const kept = counts.slice(0, Math.max(0, vocabSize - SPECIALS.length)).map(([piece]) => piece);
  return createVocabularyTokenizer('word', [...SPECIALS, ...kept], wordPieces);
}

export function restoreForeign({ foreign, ...data }: TokenizerData): TextTokenizer {
  if (foreign) return createForeignTokenizer({ ...data, foreign });
  throw new LabError('file/checkpoint', 'its tokenizer is missing');
}

/** The tokenizer of a checkpoint, from what was saved with it. */
export function restoreTokenizer(data: TokenizerData): Tokenizer {
  switch (data.kind) {
    case 'bpe':
      return createBpeTokenizer(data.merges ?? []);
    case 'char':
      return createVocabularyTokenizer('char', data.tokens, splitCharacters);
    case 'word':
      return data.tokens[1] === UNKNOWN
        ? createVocabularyTokenizer('word', data.tokens, wordPieces)
        : createStoryTokenizer(data.tokens);
    case 'foreign':
      return restoreForeign(data);
    default:
      return data.kind satisfies never;
  }
}
