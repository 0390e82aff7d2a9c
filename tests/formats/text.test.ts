import { describe, expect, it } from 'vitest';
import { LabError } from '../../src/contract/errors';
import { Random } from '../../src/core/tensor/random';
import { decodeText, firstInvalidUtf8, MAX_TEXT_BYTES } from '../../src/formats/text';

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
    expect(errorOf(new Uint8Array(MAX_TEXT_BYTES + 1))).toMatchObject({ code: 'text/tooLong' });
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

describe('text that is read', () => {
  it('has no byte order mark and plain line ends', () => {
    expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, ...bytesOf('a\r\nb\rc')))).toBe('a\nb\nc');
  });
});
