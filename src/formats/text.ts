/** Bytes of a visitor's file to text, for every file that is one: UTF-8, or UTF-16 that says so; else a sentence about what it is. */
import { LabError, type LabErrorCode } from '../contract/errors';
import { LIMITS } from '../contract/limits';

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

/** bytes that are looked at to tell UTF-16 from UTF-8 */
const SAMPLE = 65_536;

/** @returns how many such bytes stand in even and in odd places, the fewer first */
function countsByPlace(bytes: Uint8Array, isSuch: (byte: number) => boolean): [number, number] {
  const counts: [number, number] = [0, 0];
  const length = Math.min(bytes.length, SAMPLE);
  for (let i = 0; i < length; i++) if (isSuch(bytes[i] as number)) counts[i & 1]!++;
  return counts.sort((one, other) => one - other);
}

/**
 * In UTF-16 every second byte names a row of 256 characters, and most scripts have theirs below 0x20: control characters, which no
 * other text has in every second place and never between. Scripts of higher rows are no UTF-8, and betray themselves by the zero
 * byte of a space or a line end.
 */
function isUnmarkedUtf16(bytes: Uint8Array, isUtf8: boolean): boolean {
  if (bytes.length < 2 || bytes.length % 2 === 1) return false;
  const [few, many] = countsByPlace(bytes, (byte) => (isUtf8 ? byte < 0x09 || (byte > 0x0d && byte < 0x20) : byte === 0));
  return isUtf8 ? many > Math.min(bytes.length, SAMPLE) / 8 && few < many / 20 : many > 0 && few === 0;
}

/** by its byte order mark */
const utf16Of = ([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | null =>
  first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : null;

/** @returns null when the bytes are not of this encoding */
function decoded(bytes: Uint8Array, encoding: 'utf-8' | 'utf-16le' | 'utf-16be'): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

type Unicode = { text: string } | { trouble: 'unmarked' | 'invalid' };

function unicodeIn(bytes: Uint8Array): Unicode {
  const utf16 = utf16Of(bytes);
  const text = decoded(bytes, utf16 ?? 'utf-8');
  if (utf16 === null && isUnmarkedUtf16(bytes, text !== null)) return { trouble: 'unmarked' };
  return text === null ? { trouble: 'invalid' } : { text };
}

const UNMARKED = 'UTF-16 without a byte order mark, and the lab reads UTF-16 only with one.';

/** where UTF-8 ends */
function invalidPlace(bytes: Uint8Array): string {
  const invalid = firstInvalidUtf8(bytes);
  return `Byte ${invalid} (${hex(bytes[invalid] as number)}) begins no UTF-8 character.`;
}

/** rounded up, so that what is over a limit reads so */
export const megabytes = (bytes: number): string => `${(Math.ceil((bytes / 2 ** 20) * 10) / 10).toFixed(1)} MB`;

/**
 * A file of lines, each read on its own.
 * @throws LabError with the code of its kind: too long, or not text
 */
export function decodeLines(bytes: Uint8Array, code: LabErrorCode, name: string): string {
  if (bytes.length > LIMITS.linesBytes) throw new LabError(code, `${name} is ${megabytes(bytes.length)}; the lab reads up to 50 MB.`);
  const found = unicodeIn(bytes);
  if ('trouble' in found) throw new LabError(code, `${name} is ${found.trouble === 'unmarked' ? UNMARKED : 'not UTF-8 text.'}`);
  return found.text;
}

/**
 * The visitor's own text.
 * @returns the text with plain line ends and without byte order marks, which joined files have inside
 * @throws LabError text/tooLong, text/notUtf8 (naming the byte) or text/empty
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length > LIMITS.textBytes)
    throw new LabError('text/tooLong', `The text is ${megabytes(bytes.length)}; the lab reads up to 20 MB.`);
  const found = unicodeIn(bytes);
  if ('trouble' in found) throw new LabError('text/notUtf8', found.trouble === 'unmarked' ? `It is ${UNMARKED}` : invalidPlace(bytes));
  const text = found.text.replace(/\r\n?/g, '\n').replace(/^\uFEFF+/gm, '');
  if (text.trim() === '')
    throw new LabError('text/empty', text === '' ? 'There is not one character in it.' : 'The text is only white space.');
  return text;
}
