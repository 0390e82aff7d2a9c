import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gpt2Pieces, wordPieces } from '../../../src/core/text/splitting';

/** GPT-2's expression as it is published, without the flags */
const GPT2_SPLIT = /'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;
/** words of any length, as long as the engine's stack holds them */
const WORDS = / ?[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*| ?[^\s\p{L}\p{M}\p{N}]|\s/gu;

/**
 * any code points at all, lone surrogates and every kind of white space among them, with what the expressions speak of
 * made frequent
 */
const text = fc
  .array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          'a',
          'Z',
          'é',
          'e\u0301',
          'ß',
          '漢',
          '7',
          '²',
          '½',
          '!',
          '=',
          '-',
          "'",
          '’',
          '🌊',
          '\u0000',
        ),
      },
      {
        weight: 3,
        arbitrary: fc.constantFrom(' ', '  ', '\n', '\t', '\u00a0', '\u2003', '\ufeff', '\u180e', '\u0085'),
      },
      { weight: 2, arbitrary: fc.constantFrom("'s", "'ll", "'l", "'re", "'v", "''t", " 'd", "don't", 'well-known') },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)) },
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

describe('splitting a text into pieces', () => {
  it('gives what the expression of GPT-2 gives, on every text', () => {
    fc.assert(
      fc.property(text, (sample) => {
        expect([...gpt2Pieces(sample)]).toEqual(sample.match(GPT2_SPLIT) ?? []);
      }),
      { numRuns: 3000 },
    );
  });

  it('gives what the unbounded expression of words gives, on every text of words up to a hundred letters', () => {
    fc.assert(
      fc.property(text, (sample) => {
        expect([...wordPieces(sample)]).toEqual(sample.match(WORDS) ?? []);
      }),
      { numRuns: 3000 },
    );
  });

  it('cuts a word of more than a hundred letters, and loses none', () => {
    const long = ` ${'y'.repeat(250)} z`;
    expect([...wordPieces(long)].map((piece) => piece.length)).toEqual([101, 100, 50, 2]);
  });

  it.each([
    ['letters', 'x'],
    ['letters of another plane', '𝒳'],
    ['numbers', '1'],
    ['signs', '='],
    ['zeros', '\u0000'],
    ['spaces', ' '],
    ['line ends', '\n'],
    ['apostrophes', "'"],
    ['hyphened letters', 'a-'],
  ])('reads five million characters without a break: %s', (_, unit) => {
    const long = unit.repeat(Math.ceil(5_000_000 / unit.length));
    for (const split of [gpt2Pieces, wordPieces]) {
      let read = 0;
      for (const piece of split(long)) read += piece.length;
      expect(read).toBe(long.length);
    }
  });
});
