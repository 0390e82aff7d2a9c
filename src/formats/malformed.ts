/**
 * Bytes in the scheme of UTF-8 that are none all the same: what programs write which take halves of characters for
 * characters, or zeros for ends. No encoding looks like them, so they are called what they are.
 */

/** bytes of a character by its first one, in the scheme of 1993, which went on to six */
function lengthOf(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc0) return 0;
  return Math.min(Math.clz32(~(lead << 24)), 7);
}
/** first code point that takes so many bytes */
const SMALLEST = [0, 0, 0x80, 0x800, 0x10000, 0x200000, 0x4000000];
const LAST = 0x10ffff;
const LONGEST = 6;

type Fault = 'zero' | 'long' | 'pair' | 'half' | 'beyond' | 'cut';

const isSurrogate = (code: number, first: number): boolean => code >= first && code < first + 0x400;

interface Found {
  code: number;
  bytes: number;
  cut: boolean;
}

/** @returns the number that stands at a place; null where none does in this scheme */
function numberAt(bytes: Uint8Array, at: number): Found | null {
  const lead = bytes[at] as number;
  const length = lengthOf(lead);
  if (length === 0 || length > LONGEST) return null;
  let code = length === 1 ? lead : lead & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return { code, bytes: i, cut: true };
    if ((byte & 0xc0) !== 0x80) return null;
    code = code * 64 + (byte & 0x3f);
  }
  return { code, bytes: length, cut: false };
}

function faultOf(bytes: Uint8Array, at: number, found: Found): Fault | null {
  const { code, bytes: length, cut } = found;
  if (cut) return 'cut';
  if (length > 1 && code < (SMALLEST[length] as number)) return code === 0 && length === 2 ? 'zero' : 'long';
  if (code > LAST) return 'beyond';
  if (isSurrogate(code, 0xdc00)) return 'half';
  if (!isSurrogate(code, 0xd800)) return null;
  const next = at + length < bytes.length ? numberAt(bytes, at + length) : null;
  return next && !next.cut && isSurrogate(next.code, 0xdc00) ? 'pair' : 'half';
}

interface Faults {
  found: Set<Fault>;
  /** characters beyond ASCII that are as they should be */
  sound: number;
}

/** @returns what is wrong; null where bytes are none of this scheme */
function faultsIn(bytes: Uint8Array): Faults | null {
  const faults: Faults = { found: new Set(), sound: 0 };
  for (let at = 0; at < bytes.length; ) {
    const one = numberAt(bytes, at);
    if (one === null) return null;
    const fault = faultOf(bytes, at, one);
    if (fault !== null) faults.found.add(fault);
    else if (one.bytes > 1) faults.sound++;
    at += one.bytes;
    if (fault === 'pair') at += 3; // its second half
  }
  return faults;
}

/**
 * @param bytes that are no UTF-8
 * @returns what they are, in a sentence; null where they do not follow its scheme either: they are of another encoding
 */
export function faultOfUtf8(bytes: Uint8Array): string | null {
  const faults = faultsIn(bytes);
  if (!faults) return null;
  const { found, sound } = faults;
  if (found.has('half')) return 'It holds half of a character (a surrogate), which UTF-8 never writes.';
  if (found.has('beyond')) return 'It holds a number beyond the last character of Unicode.';
  if (found.has('zero')) return 'It looks like the modified UTF-8 of Java, which writes U+0000 as two bytes.';
  if (found.has('pair')) return 'It looks like CESU-8, which writes characters above U+FFFF as two halves.';
  if (sound === 0) return null; // two or three bytes of another encoding may look so, too
  if (found.has('long')) return 'It holds a character in more bytes than UTF-8 writes.';
  return 'It ends in the middle of a character.';
}
