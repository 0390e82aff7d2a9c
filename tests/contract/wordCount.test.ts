import { describe, expect, it } from 'vitest';
import type { CorpusSummary } from '../../src/contract/domain';
import { joinBytes } from '../../src/contract/many';
import { areOfOneLength, countWords, countWordsAndMarks, lengthIn, lengthUnit } from '../../src/contract/wordCount';

describe('words of a text', () => {
  it.each([
    ['', 0, 0],
    ['  ', 0, 0],
    ['she laughed . the 2 owls , too !', 6, 9],
    ['She laughed. Twice!', 3, 3],
  ])('are counted without and with the marks that stand alone: %j', (text, words, withMarks) => {
    expect([countWords(text), countWordsAndMarks(text)]).toEqual([words, withMarks]);
  });
});

describe('how long a text is', () => {
  const own = (config: object) => ({ kind: 'text', config }) as CorpusSummary;

  it('is counted in words where tokens are words, else in characters', () => {
    const bpe = own({ tokenizer: 'bpe' });
    const units = [null, own({ tokenizer: 'word' }), own({ tokenizer: 'char' }), bpe, own({})].map(lengthUnit);
    expect(units).toEqual(['word', 'word', 'character', 'character', 'character']);
    expect([lengthIn('word', 'oh no !'), lengthIn('character', 'oh 🙂')]).toEqual([3, 4]);
  });

  it('is the same within a word, or within five characters', () => {
    expect(['a b', 'a b c', 'a b c d'].map((text) => areOfOneLength('word', 'a b c', text))).toEqual([
      true,
      true,
      true,
    ]);
    expect(areOfOneLength('word', 'a b', 'a b c d')).toBe(false);
    expect(['花', '花花花花花花', '花花花花花花花'].map((text) => areOfOneLength('character', '花', text))).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('bytes that are joined', () => {
  it('stand one after the other, none among them', () => {
    expect(joinBytes([Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)])).toEqual(Uint8Array.of(1, 2, 3));
    expect(joinBytes([])).toEqual(new Uint8Array());
  });
});
