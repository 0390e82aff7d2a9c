import { describe, expect, it } from 'vitest';
import { joinBytes } from '../../src/contract/many';
import { countWords, countWordsAndMarks } from '../../src/contract/wordCount';

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

describe('bytes that are joined', () => {
  it('stand one after the other, none among them', () => {
    expect(joinBytes([Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)])).toEqual(Uint8Array.of(1, 2, 3));
    expect(joinBytes([])).toEqual(new Uint8Array());
  });
});
