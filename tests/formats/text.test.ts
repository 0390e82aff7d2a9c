import { describe, expect, it } from 'vitest';
import { LabError } from '../../src/contract/errors';
import { LIMITS } from '../../src/contract/limits';
import { Random } from '../../src/core/tensor/random';
import { decodeLines, decodeText, firstInvalidUtf8 } from '../../src/formats/text';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const errorOf = (bytes: Uint8Array): LabError => {
  try {
    decodeText(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    return error as LabError;
  }
  throw new Error('nothing was thrown');
};

describe('text that cannot be read', () => {
  it('is named: empty, white space', () => {
    expect(errorOf(bytesOf(''))).toMatchObject({ code: 'text/empty', message: 'There is not one character in it.' });
    expect(errorOf(bytesOf(' \n\t \n'))).toMatchObject({ code: 'text/empty' });
  });

  it('is named when it is over 20 MB, before it is read', () => {
    expect(errorOf(new Uint8Array(LIMITS.textBytes + 1))).toMatchObject({ code: 'text/tooLong' });
  });

  it('is named with the byte where UTF-8 ends', () => {
    const bytes = Uint8Array.of(...bytesOf('naïve '), 0xff, 0x41);
    const { code, message } = errorOf(bytes);
    expect(code).toBe('text/notUtf8');
    expect(message).toContain('Byte 7');
    expect(message).toContain('FF');
  });

  it('finds the first invalid byte exactly where the platform decoder finds one', () => {
    const decodes = (bytes: Uint8Array): boolean => {
      try {
        new TextDecoder('utf-8', { fatal: true }).decode(bytes);
        return true;
      } catch {
        return false;
      }
    };
    const random = Random.fromSeed(1);
    const pieces = ['a', 'é', '漢', '🌊', '\u0000', '\u{10ffff}'].map((text) => [...bytesOf(text)]);
    const broken = [
      [0xc0, 0x80],
      [0xe0, 0x80, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xf5],
      [0x80],
      [0xe2, 0x82],
      [0xf0, 0x9f],
    ];
    for (let i = 0; i < 3000; i++) {
      const chosen = Array.from({ length: 1 + random.integer(4) }, () => random.pick(random.next() < 0.8 ? pieces : broken));
      const bytes = Uint8Array.from(chosen.flat());
      const at = firstInvalidUtf8(bytes);
      expect(at < 0, [...bytes].join(' ')).toBe(decodes(bytes));
      if (at >= 0) {
        expect(decodes(bytes.subarray(0, at)), [...bytes].join(' ')).toBe(true);
        expect(decodes(bytes.subarray(0, at + 1)) && decodes(bytes.subarray(at, at + 1))).toBe(false);
      }
    }
  });
});

const UTF16_MARKS = { le: [0xff, 0xfe], be: [0xfe, 0xff] } as const;
function utf16(text: string, order: 'le' | 'be', marked: boolean): Uint8Array {
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  const pairs = units.flatMap((unit) => (order === 'le' ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255]));
  return Uint8Array.from([...(marked ? UTF16_MARKS[order] : []), ...pairs]);
}
const orders = ['le', 'be'] as const;

describe('text that is read', () => {
  it('has plain line ends and no byte order mark, at the start of no line', () => {
    const joined = Uint8Array.of(0xef, 0xbb, 0xbf, ...bytesOf('a\r\nb\rc\n\uFEFFd\uFEFFe'));
    expect(decodeText(joined)).toBe('a\nb\nc\nd\uFEFFe');
  });

  it('may be UTF-16 that says so', () => {
    const text = 'naïve 🌊\r\nдва\r\n東京';
    for (const order of orders) {
      expect(decodeText(utf16(text, order, true))).toBe(text.replaceAll('\r', ''));
      expect(decodeLines(utf16(text, order, true), 'file/votes', 'x')).toBe(text);
    }
  });

  it('is named when it is UTF-16 and does not say so, in any script', () => {
    for (const text of ['{"prompt":"a"}', 'два слова и ещё одно', 'ένα δύο τρία', '東京は晴れです。\n大阪も晴れです。\n'])
      for (const order of orders) {
        const bytes = utf16(text, order, false);
        expect(errorOf(bytes), text).toMatchObject({ code: 'text/notUtf8' });
        expect(errorOf(bytes).message, text).toContain('UTF-16 without a byte order mark');
        expect(() => decodeLines(bytes, 'file/votes', 'x.jsonl')).toThrow('x.jsonl is UTF-16 without a byte order mark');
      }
  });

  it('is no UTF-16 for a few zero bytes, nor for many', () => {
    for (const text of ['ab\u0000cd', `one\n\n${'\u0000'.repeat(4096)}\n\ntwo`, '\u0000\u0000', 'a\u001ab\u001ac'])
      expect(decodeText(bytesOf(text))).toBe(text);
    expect(errorOf(Uint8Array.of(...bytesOf('caf'), 0xe9)).message).toContain('Byte 3 (E9)');
  });

  it('of lines is refused by its size before it is read', () => {
    const large = { length: LIMITS.linesBytes + 1 } as Uint8Array;
    expect(() => decodeLines(large, 'file/votes', 'x.jsonl')).toThrow('x.jsonl is 50.1 MB; the lab reads up to 50 MB.');
    expect(() => decodeLines(Uint8Array.of(0xff, 0xfe, 0x41), 'file/votes', 'x.jsonl')).toThrow('x.jsonl is not UTF-8 text.');
  });
});
