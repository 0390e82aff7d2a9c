/**
 * Bytes of a visitor's file to text, for every file that is one: UTF-8, or UTF-16 that says so; else a sentence about
 * what it is.
 */
import { LabError, type LabErrorCode } from '../contract/errors';
import { LIMITS } from '../contract/limits';
import { encodingOf } from './encodings';
import { faultOfUtf8 } from './malformed';
import { beginsAsSafetensors, formatNameOf } from './signatures';

/**
 * lead byte → continuation bytes and the range of the first of them (RFC 3629, section 4: no overlong forms, no
 * surrogates)
 */
function sequence(lead: number): { more: number; low: number; high: number } | null {
  if (lead <= 0x7f) return { more: 0, low: 0x80, high: 0xbf };
  if (lead >= 0xc2 && lead <= 0xdf) return { more: 1, low: 0x80, high: 0xbf };
  if (lead >= 0xe0 && lead <= 0xef)
    return { more: 2, low: lead === 0xe0 ? 0xa0 : 0x80, high: lead === 0xed ? 0x9f : 0xbf };
  if (lead >= 0xf0 && lead <= 0xf4)
    return { more: 3, low: lead === 0xf0 ? 0x90 : 0x80, high: lead === 0xf4 ? 0x8f : 0xbf };
  return null;
}

const inRange = (byte: number | undefined, low: number, high: number): boolean =>
  byte !== undefined && byte >= low && byte <= high;

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

/** by its byte order mark */
const utf16Of = ([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | null =>
  first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : null;

/** the mark of UTF-32 in little-endian order begins like that of UTF-16 */
const markedUtf32 = (bytes: Uint8Array): string | null =>
  bytes[2] === 0 && bytes[3] === 0 ? encodingOf(bytes, false) : null;

/** @returns null when the bytes are not of this encoding */
function decoded(bytes: Uint8Array, encoding: 'utf-8' | 'utf-16le' | 'utf-16be'): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** @returns offset of the first half of a character, −1 when all are whole */
function firstInvalidUtf16(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): number {
  const high = encoding === 'utf-16le' ? 1 : 0;
  const kindAt = (at: number): number | undefined =>
    at + 1 < bytes.length ? (bytes[at + high] as number) & 0xfc : undefined;
  for (let at = 0; at < bytes.length; at += 2) {
    const kind = kindAt(at);
    const isPair = kind === 0xd8 && kindAt(at + 2) === 0xdc;
    if (isPair) at += 2;
    else if (kind === undefined || kind === 0xd8 || kind === 0xdc) return at;
  }
  return -1;
}

/** what is said of bytes that are no text: what they are, or where they go wrong and what they look like */
type Unicode = { text: string } | { file: string } | { encoding: string } | { trouble: string; looks: string };

const KNOWN: Record<string, string> = {
  'UTF-16': 'UTF-16 without a byte order mark, and the lab reads UTF-16 only with one',
  'UTF-32': 'UTF-32, and the lab reads UTF-8',
};

const invalidByte = (bytes: Uint8Array, at: number, encoding: string): string =>
  `Byte ${at} (${hex(bytes[at] as number)}) begins no ${encoding} character.`;

function unicodeIn(bytes: Uint8Array): Unicode {
  const file = beginsAsSafetensors(bytes, bytes.length) ? 'a model in safetensors form' : formatNameOf(bytes);
  if (file !== null) return { file: `${file}, and no text` };
  const utf16 = utf16Of(bytes);
  const text = decoded(bytes, utf16 ?? 'utf-8');
  const fault = utf16 === null && text === null ? faultOfUtf8(bytes) : null;
  const encoding = utf16 === null && fault === null ? encodingOf(bytes, text !== null) : markedUtf32(bytes);
  const known = encoding === null ? undefined : KNOWN[encoding];
  if (known !== undefined) return { encoding: known };
  if (text !== null) return { text };
  if (utf16 !== null) return { trouble: invalidByte(bytes, firstInvalidUtf16(bytes, utf16), 'UTF-16'), looks: '' };
  const looks = fault ?? (encoding === null ? null : `It looks like ${encoding}.`);
  return { trouble: invalidByte(bytes, firstInvalidUtf8(bytes), 'UTF-8'), looks: looks === null ? '' : ` ${looks}` };
}

/** rounded up, so that what is over a limit reads so */
export const megabytes = (bytes: number): string => `${(Math.ceil((bytes / 2 ** 20) * 10) / 10).toFixed(1)} MB`;

/**
 * A file of lines, each read on its own.
 * @throws LabError with the code of its kind: too long, or not text
 */
export function decodeLines(bytes: Uint8Array, code: LabErrorCode, name: string): string {
  if (bytes.length > LIMITS.linesBytes)
    throw new LabError(code, `${name} is ${megabytes(bytes.length)}; the lab reads up to 50 MB.`);
  const found = unicodeIn(bytes);
  if ('file' in found) throw new LabError(code, `${name} is ${found.file}.`);
  if ('encoding' in found) throw new LabError(code, `${name} is ${found.encoding}.`);
  if ('trouble' in found) {
    const next = found.looks === '' ? '' : ' Save it as UTF-8, which a spreadsheet calls CSV UTF-8.';
    throw new LabError(code, `${name} is not UTF-8 text.${found.looks}${next}`);
  }
  return found.text;
}

/**
 * The visitor's own text.
 * @returns the text with plain line ends and without byte order marks, which joined files have inside
 * @throws LabError text/tooLong, text/noText, text/notUtf8 (naming the byte) or text/empty
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length > LIMITS.textBytes)
    throw new LabError('text/tooLong', `The text is ${megabytes(bytes.length)}; the lab reads up to 20 MB.`);
  const found = unicodeIn(bytes);
  if ('file' in found) throw new LabError('text/noText', `It is ${found.file}.`);
  if ('encoding' in found) throw new LabError('text/notUtf8', `It is ${found.encoding}.`);
  if ('trouble' in found) throw new LabError('text/notUtf8', `${found.trouble}${found.looks}`);
  const text = found.text.replace(/\r\n?/g, '\n').replace(/^\uFEFF+/gm, '');
  if (text.trim() === '')
    throw new LabError(
      'text/empty',
      text === '' ? 'There is not one character in it.' : 'The text is only white space.',
    );
  return text;
}
