/** Bytes of a visitor's file to text, or a sentence about the first place that is not UTF-8. */
import { LabError } from '../contract/errors';

export const MAX_TEXT_BYTES = 20 * 1024 * 1024;

/** lead byte → continuation bytes and the range of the first of them (RFC 3629, section 4: no overlong forms, no surrogates) */
function sequence(lead: number): { more: number; low: number; high: number } | null {
  if (lead <= 0x7f) return { more: 0, low: 0x80, high: 0xbf };
  if (lead >= 0xc2 && lead <= 0xdf) return { more: 1, low: 0x80, high: 0xbf };
  if (lead >= 0xe0 && lead <= 0xef) return { more: 2, low: lead === 0xe0 ? 0xa0 : 0x80, high: lead === 0xed ? 0x9f : 0xbf };
  if (lead >= 0xf0 && lead <= 0xf4) return { more: 3, low: lead === 0xf0 ? 0x90 : 0x80, high: lead === 0xf4 ? 0x8f : 0xbf };
  return null;
}

const inRange = (byte: number | undefined, low: number, high: number): boolean => byte !== undefined && byte >= low && byte <= high;

/** @returns offset of the first byte that begins no UTF-8 character, −1 when all do */
export function firstInvalidUtf8(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const expected = sequence(bytes[at] as number);
    if (!expected) return at;
    for (let i = 1; i <= expected.more; i++) {
      const [low, high] = i === 1 ? [expected.low, expected.high] : [0x80, 0xbf];
      if (!inRange(bytes[at + i], low, high)) return at;
    }
    at += 1 + expected.more;
  }
  return -1;
}

const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');

/**
 * @returns the text with plain line ends and no byte order mark
 * @throws LabError text/tooLong, text/notUtf8 (naming the byte) or text/empty
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length > MAX_TEXT_BYTES) {
    throw new LabError('text/tooLong', `The text is ${(bytes.length / 1024 / 1024).toFixed(1)} MB; the lab reads up to 20 MB.`);
  }
  const invalid = firstInvalidUtf8(bytes);
  if (invalid >= 0) {
    throw new LabError('text/notUtf8', `Byte ${invalid} (${hex(bytes[invalid] as number)}) begins no UTF-8 character.`);
  }
  const text = new TextDecoder().decode(bytes).replace(/\r\n?/g, '\n');
  if (text.trim() === '')
    throw new LabError('text/empty', bytes.length === 0 ? 'There is not one character in it.' : 'The text is only white space.');
  return text;
}
