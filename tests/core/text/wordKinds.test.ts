import { describe, expect, it } from 'vitest';
import { WORD_KINDS } from '../../../src/contract/inside';
import { KIND_OF_WORD } from '../../../src/core/text/wordKinds';
import { ANIMAL_NAMES, MOOD_OF_WORD, OBJECTS } from '../../../src/core/text/words';
import { storyVocabulary } from '../../../src/core/text/wordTokenizer';

describe('what the grammar knows of a word', () => {
  it('is one kind at most, of words that a model knows', () => {
    const known = storyVocabulary();
    expect([...KIND_OF_WORD.keys()].filter((word) => !known.includes(word))).toEqual([]);
    expect([...new Set(KIND_OF_WORD.values())].sort()).toEqual([...WORD_KINDS].sort());
  });

  it('agrees with its lists, and leaves out what only holds a sentence together', () => {
    for (const word of ANIMAL_NAMES) expect(KIND_OF_WORD.get(word)).toBe('animal');
    for (const word of OBJECTS) expect(KIND_OF_WORD.get(word)).toBe('thing');
    for (const [word, mood] of MOOD_OF_WORD) expect(KIND_OF_WORD.get(word)).toBe(mood === 1 ? 'joy' : 'sorrow');
    for (const word of ['the', 'of', 'after', '.', 'story', '<bos>']) expect(KIND_OF_WORD.has(word)).toBe(false);
  });
});
