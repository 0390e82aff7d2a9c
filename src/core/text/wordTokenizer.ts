/**
 * One token per word of the stories. The vocabulary is complete and its order is fixed: a checkpoint depends on it.
 *   ids   0 <pad>   1 <bos>   2 <eos>   3 … the words, in the order of `words.ts` and `templates.ts`
 */
import type { Tokenizer, TokenizerData } from './corpus';
import { ENDINGS, MIDDLES, PROMPTS } from './templates';
import { ANIMAL_NAMES, CHOICES, OBJECTS } from './words';

export const SPECIAL_TOKENS = ['<pad>', '<bos>', '<eos>'] as const;

/** words that slots bind to, beside animals and objects */
const PRONOUN_WORDS = ['he', 'she', 'they', 'him', 'her', 'them', 'was', 'were', 'his', 'their', 'friend'];

/** @returns every token of the stories in id order */
export function storyVocabulary(): string[] {
  const literal = [...PROMPTS, ...MIDDLES, ...ENDINGS].flatMap((template) =>
    template.parts.flatMap((part) => (part.type === 'word' ? [part.word] : [])),
  );
  const words = [...ANIMAL_NAMES, ...OBJECTS, ...Object.values(CHOICES).flat(), ...PRONOUN_WORDS, ...literal];
  return [...SPECIAL_TOKENS, ...new Set(words)];
}

/** Forgives capitals and punctuation that touches its word, so that a visitor may type "The fox was glad." */
export const storyWords = (text: string): string[] =>
  text
    .toLowerCase()
    .replace(/([^\s\p{L}\p{N}<>])/gu, ' $1 ')
    .split(/\s+/)
    .filter((word) => word !== '');

/** @param tokens as saved with a checkpoint; the special tokens first */
export function createStoryTokenizer(tokens: readonly string[] = storyVocabulary()): Tokenizer {
  const specials = SPECIAL_TOKENS.length;
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const idOf = (word: string): number | undefined => {
    const id = ids.get(word);
    return id === undefined || id < specials ? undefined : id;
  };
  /** words of which nothing would be forgiven: a text of these alone, as stories are, need not be looked through */
  const exact = new Map(
    [...ids].filter(([token, id]) => id >= specials && storyWords(token).join(' ') === token && !token.includes(' ')),
  );
  const encode = (text: string): number[] => {
    const found = text.split(' ').map((word) => exact.get(word) ?? -1);
    return found.includes(-1) ? storyWords(text).flatMap((word) => idOf(word) ?? []) : found;
  };
  return {
    kind: 'word',
    vocabSize: tokens.length,
    padId: 0,
    bosId: 1,
    eosId: 2,
    encode,
    decode: (all) => [...all].flatMap((id) => (id < specials ? [] : (tokens[id] ?? []))).join(' '),
    tokenText: (id) => tokens[id] ?? '',
    unknownWords: (text) => [...new Set(storyWords(text).filter((word) => idOf(word) === undefined))],
    save: (): TokenizerData => ({ kind: 'word', tokens: [...tokens] }),
  };
}
