/**
 * Tokenizers with a vocabulary, for the visitor's own text: one token per character, or per word with the space before it.
 *   ids   0 <pad>   1 <unk>   2 … the characters by code point, or the words by frequency
 * Nothing is trimmed: tokens joined together are the text again, but for what became <unk>.
 */
import { createBpeTokenizer } from './bpeTokenizer';
import type { Tokenizer, TokenizerData } from './corpus';
import { createStoryTokenizer } from './wordTokenizer';

const PAD = '<pad>';
const UNKNOWN = '<unk>';
const SPECIALS = [PAD, UNKNOWN];
const UNKNOWN_ID = 1;
/** how <unk> reads in a text; a word takes the space before it along */
const REPLACEMENT = { char: '\uFFFD', word: ' \uFFFD' };

/** words and numbers with the space before them, single signs, white space */
const WORD_PIECES = / ?[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*| ?[^\s\p{L}\p{M}\p{N}]|\s/gu;

type Split = (text: string) => Iterable<string>;
const splitCharacters: Split = (text) => text;
const splitWordPieces: Split = (text) => text.match(WORD_PIECES) ?? [];

function createVocabularyTokenizer(kind: 'char' | 'word', tokens: readonly string[], split: Split): Tokenizer {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  for (const special of SPECIALS) ids.delete(special);
  return {
    kind,
    vocabSize: tokens.length,
    padId: 0,
    bosId: null,
    eosId: null,
    encode: (text) => Array.from(split(text), (piece) => ids.get(piece) ?? UNKNOWN_ID),
    decode: (all) => Array.from(all, (id) => (id === UNKNOWN_ID ? REPLACEMENT[kind] : id === 0 ? '' : (tokens[id] ?? ''))).join(''),
    tokenText: (id) => tokens[id] ?? '',
    unknownWords: (text) => [...new Set(Array.from(split(text)).filter((piece) => !ids.has(piece)))].map((piece) => piece.trim() || piece),
    save: (): TokenizerData => ({ kind, tokens: [...tokens] }),
  };
}

const countPieces = (pieces: Iterable<string>): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const piece of pieces) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  return counts;
};

/** Every character of the text, emoji included (those made of several code points are several tokens). */
export function learnCharTokenizer(text: string): Tokenizer {
  const characters = [...countPieces(text).keys()].sort((a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0));
  return createVocabularyTokenizer('char', [...SPECIALS, ...characters], splitCharacters);
}

function* wordPiecesOf(slabs: Iterable<string>): Generator<string> {
  for (const slab of slabs) yield* splitWordPieces(slab);
}

/** @param vocabSize most tokens, the two special ones included; of equally frequent words the one met first */
export function learnWordTokenizer(slabs: Iterable<string>, vocabSize: number): Tokenizer {
  const counts = [...countPieces(wordPiecesOf(slabs))].sort((a, b) => b[1] - a[1]);
  const kept = counts.slice(0, Math.max(0, vocabSize - SPECIALS.length)).map(([piece]) => piece);
  return createVocabularyTokenizer('word', [...SPECIALS, ...kept], splitWordPieces);
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
        ? createVocabularyTokenizer('word', data.tokens, splitWordPieces)
        : createStoryTokenizer(data.tokens);
    default:
      return data.kind satisfies never;
  }
}
