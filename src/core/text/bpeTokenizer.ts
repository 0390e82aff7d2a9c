/**
 * Byte-level byte-pair encoding: every text can be encoded, and decodes back to itself.
 *   ids   0 … 255 the bytes   256 … the merges in the order learned   last <pad>
 */
import { joinBytes, maxOf } from '../../contract/many';
import { encodeLong, encodeShort, type Merges } from './bpeEncoding';
import { BYTES, type Merge, pairKey } from './bpeMerges';
import { type BpeMode, splitChunks } from './chunks';
import type { TextTokenizer, TokenizerData } from './corpus';
import { Int32List } from './int32List';
import { finish } from './steps';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** chunks whose encoding is remembered; real text repeats its words */
const CACHED_CHUNKS = 200_000;
/** characters; words are shorter */
const LONG_CHUNK = 64;
/** characters encoded between two reports */
const CHARACTERS_PER_STEP = 200_000;

const tokenBytes = (merges: readonly Merge[]): Uint8Array[] => {
  const bytes = Array.from({ length: BYTES }, (_, byte) => Uint8Array.of(byte));
  for (const [left, right] of merges) {
    const [first, second] = [bytes[left], bytes[right]];
    if (!first || !second) throw new Error(`merge of ${left} and ${right} uses a token that comes later`);
    bytes.push(joinBytes([first, second]));
  }
  return bytes;
};

/** one character for each byte */
const asLatin = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/** how bytes that make no character read in a text */
const BROKEN = '\uFFFD';

/**
 * @param tokens one character for each byte
 * @param longest of them, in bytes
 * @returns in how few of these tokens a text can be written; broken characters may be part of any token and count
 * nothing
 */
export function fewestOf(text: string, tokens: ReadonlySet<string>, longest: number): number {
  return text.split(BROKEN).reduce((sum, part) => {
    const bytes = asLatin(encoder.encode(part));
    const counts = [0];
    for (let end = 1; end <= bytes.length; end++) {
      counts[end] = Number.POSITIVE_INFINITY;
      for (let from = Math.max(0, end - longest); from < end; from++)
        if (counts[from]! + 1 < counts[end]! && tokens.has(bytes.slice(from, end))) counts[end] = counts[from]! + 1;
    }
    return sum + counts[bytes.length]!;
  }, 0);
}

/** a token that is only part of a character shows its bytes */
const showBytes = (bytes: Uint8Array): string => {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return `<${Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ')}>`;
  }
};

/** Encodes words that it remembers, and stops now and then in long texts and in long chunks. */
class ChunkEncoder {
  private readonly cache = new Map<string, readonly number[]>();

  constructor(
    private readonly merges: Merges,
    private readonly mode: BpeMode,
  ) {}

  /** @returns ids of the whole text, by way of the number of characters that are done */
  *encode(text: string): Generator<number, Int32Array> {
    const ids = new Int32List(text.length >> 2);
    let [read, told] = [0, 0];
    for (const chunk of splitChunks(text, this.mode)) {
      ids.append(chunk.length > LONG_CHUNK ? yield* this.long(chunk, read) : this.short(chunk));
      read += chunk.length;
      if (read - told < CHARACTERS_PER_STEP) continue;
      told = read;
      yield read;
    }
    return ids.view();
  }

  private short(chunk: string): readonly number[] {
    const known = this.cache.get(chunk);
    if (known) return known;
    const ids = encodeShort(encoder.encode(chunk), this.merges);
    if (this.cache.size < CACHED_CHUNKS) this.cache.set(chunk, ids);
    return ids;
  }

  private *long(chunk: string, read: number): Generator<number, Int32Array> {
    const work = encodeLong(encoder.encode(chunk), this.merges);
    for (;;) {
      const step = work.next();
      if (step.done) return step.value;
      yield read + Math.floor(step.value * chunk.length);
    }
  }
}

/** @param merges as learned by `trainBpe` in the same mode */
export function createBpeTokenizer(merges: readonly Merge[], mode: BpeMode = 'gpt2_split'): TextTokenizer {
  const bytes = tokenBytes(merges);
  const ranks = new Map(merges.map(([left, right], rank) => [pairKey(left, right), rank]));
  const chunks = new ChunkEncoder({ list: merges, ranks }, mode);
  const padId = bytes.length;
  let written: { tokens: Set<string>; longest: number } | null = null;
  const asWritten = () => {
    written ??= { tokens: new Set(bytes.map(asLatin)), longest: maxOf(bytes.map(({ length }) => length)) };
    return written;
  };
  return {
    kind: 'bpe',
    vocabSize: bytes.length + 1,
    padId,
    bosId: null,
    eosId: null,
    encode: (text) => Array.from(finish(chunks.encode(text))),
    encodeInSteps: (text) => chunks.encode(text),
    decode: (ids) => decoder.decode(joinBytes(Array.from(ids, (id) => bytes[id] ?? new Uint8Array()))),
    tokenText: (id) => (id === padId ? '<pad>' : showBytes(bytes[id] ?? new Uint8Array())),
    unknownWords: () => [],
    fewestTokens: (text) => fewestOf(text, asWritten().tokens, asWritten().longest),
    save: (): TokenizerData => ({
      kind: 'bpe',
      tokens: ['<pad>'],
      merges: merges.map(([left, right]) => [left, right]),
    }),
  };
}
