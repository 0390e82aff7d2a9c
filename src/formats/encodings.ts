/**
 * Which encoding a text is in that is no UTF-8, or only seems to be. Bytes do not say so; but read in a wrong encoding
 * they become control characters, unassigned code points and characters that nobody uses. So the encoding is the one in
 * which they read as text.
 */
import { isUsual, NEVER } from './usualCharacters';

/** bytes that are looked at; divides into characters of two and four bytes */
const SAMPLE = 65_536;
/** share of usual characters above which a reading is text */
const TEXT_SHARE = 0.85;

interface Reading {
  name: string;
  /** @returns null where the bytes cannot be read so */
  read(sample: Uint8Array): string | null;
  /** characters of which a text in this encoding has at least such a share of those that are no ASCII */
  proof?: [RegExp, number];
}

/** as a browser decodes; a character that the sample cuts off is left out */
const decode = (label: string) => (sample: Uint8Array) => {
  try {
    return new TextDecoder(label, { fatal: true }).decode(sample, { stream: sample.length === SAMPLE });
  } catch {
    return null;
  }
};

const decodeUtf32 = (littleEndian: boolean) => (sample: Uint8Array) => {
  const view = new DataView(sample.buffer, sample.byteOffset, sample.length);
  let text = '';
  for (let at = 0; at < sample.length; at += 4) {
    const code = view.getUint32(at, littleEndian);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return null;
    text += String.fromCodePoint(code);
  }
  return text;
};

/** any bytes can be read so; those from 80 to 9F are marks of punctuation in Windows-1252 */
const decodeOneByte = (sample: Uint8Array) => new TextDecoder('latin1').decode(sample).replace(/[\x80-\x9f]/g, '’');

/** a file may have lost its last byte */
const inUnits = (bytes: number, read: Reading['read']) => (sample: Uint8Array) =>
  sample.length < bytes ? null : read(sample.subarray(0, sample.length - (sample.length % bytes)));

const UTF32: Reading[] = [true, false].map((littleEndian) => ({
  name: 'UTF-32',
  read: inUnits(4, decodeUtf32(littleEndian)),
}));
const UTF16: Reading[] = ['utf-16le', 'utf-16be'].map((label) => ({
  name: 'UTF-16',
  read: inUnits(2, decode(label)),
}));
/** Chinese, Japanese and Korean standards share their bytes, and differ in what is there most */
const TWO_BYTES: Reading[] = [
  { name: 'Shift JIS', read: decode('shift_jis'), proof: [/[\u3041-\u30fe]/g, 0.1] },
  { name: 'EUC-JP', read: decode('euc-jp'), proof: [/[\u3041-\u30fe]/g, 0.1] },
  { name: 'EUC-KR', read: decode('euc-kr'), proof: [/\p{Script=Hangul}/gu, 0.8] },
  { name: 'GB 18030', read: decode('gb18030'), proof: [/\p{Script=Han}/gu, 0.5] },
  { name: 'Big5', read: decode('big5'), proof: [/\p{Script=Han}/gu, 0.5] },
];
const ONE_BYTE: Reading = { name: 'Windows-1252, or another encoding of one byte a character', read: decodeOneByte };

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** @returns share of the characters that are in use; 0 where the reading cannot be a text */
function usualShare({ read, proof }: Reading, sample: Uint8Array): number {
  const text = read(sample);
  if (text === null || NEVER.test(text)) return 0;
  const [kind, least] = proof ?? [/./g, 0];
  const foreign = text.match(/\P{ASCII}/gu)?.length ?? 0;
  if (share(text.match(kind)?.length ?? 0, foreign) < least) return 0;
  const characters = [...text];
  return share(characters.filter(isUsual).length, characters.length);
}

const countOf = (sample: Uint8Array, isSuch: (byte: number, at: number) => boolean): number =>
  sample.filter(isSuch).length;

/** no text has more than one in a hundred, and UTF-16 has them in its second bytes */
const holdsControls = (sample: Uint8Array): boolean =>
  100 * countOf(sample, (byte) => byte < 0x09 || byte === 0x0b || byte === 0x0c || (byte > 0x0d && byte < 0x20)) >
  sample.length;

/** longer than a word: then there is a space, a full stop or a line end in it, and one of its two bytes is zero */
const SENTENCE_BYTES = 400;
function mayBeUtf16(sample: Uint8Array): boolean {
  if (sample.length % 2 === 1) return 4 * countOf(sample, (byte) => byte === 0) > sample.length;
  return sample.length < SENTENCE_BYTES || sample.includes(0);
}

/** UTF-16 with as many had nothing but rare characters */
const isMostlyLetters = (sample: Uint8Array): boolean =>
  countOf(sample, (byte) => byte === 0x20 || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a)) > 0.6 * sample.length;

const isHigh = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x80;

/** é stands among other letters, 東 beside 京 */
const highComeTogether = (sample: Uint8Array): boolean =>
  2 * countOf(sample, (byte, at) => isHigh(byte) && (isHigh(sample[at - 1]) || isHigh(sample[at + 1]))) >=
  countOf(sample, isHigh);

/** UTF-8 with a stray byte or two in it */
function isDamagedUtf8(sample: Uint8Array): boolean {
  const text = new TextDecoder().decode(sample);
  const broken = text.match(/\uFFFD/g)?.length ?? 0;
  return (text.match(/(?!\uFFFD)\P{ASCII}/gu)?.length ?? 0) > broken;
}

function readingsFor(sample: Uint8Array, isUtf8: boolean): readonly Reading[] {
  if (isUtf8) return holdsControls(sample) ? [...UTF32, ...(mayBeUtf16(sample) ? UTF16 : [])] : [];
  if (isDamagedUtf8(sample)) return UTF16;
  return [...UTF32, ...(isMostlyLetters(sample) ? [] : UTF16), ...(highComeTogether(sample) ? TWO_BYTES : [])];
}

/**
 * @param isUtf8 whether the bytes could be UTF-8: if so, only control characters make one doubt it
 * @returns the name of the encoding; null where it is UTF-8, or nothing that reads as text
 */
export function encodingOf(bytes: Uint8Array, isUtf8: boolean): string | null {
  const sample = bytes.subarray(0, SAMPLE);
  const shares = readingsFor(sample, isUtf8).map((reading) => ({
    name: reading.name,
    share: usualShare(reading, sample),
  }));
  const best = shares.reduce((one, other) => (other.share > one.share ? other : one), { name: '', share: TEXT_SHARE });
  if (best.name !== '') return best.name;
  return !isUtf8 && !isDamagedUtf8(sample) && usualShare(ONE_BYTE, sample) > TEXT_SHARE ? ONE_BYTE.name : null;
}
