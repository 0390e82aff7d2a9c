/**
 * Byte-level byte-pair encoding: every text can be encoded, and decodes back to itself.
 *   ids   0 … 255 the bytes   256 … the merges in the order learned   last <pad>
 */
import { type BpeMode, BYTES, type Merge, mergePair, pairKey, splitChunks } from './bpeTraining';
import type { Tokenizer, TokenizerData } from './corpus';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** chunks whose encoding is remembered; real text repeats its words */
const CACHED_CHUNKS = 200_000;

const tokenBytes = (merges: readonly Merge[]): Uint8Array[] => {
  const bytes = Array.from({ length: BYTES }, (_, byte) => Uint8Array.of(byte));
  for (const [left, right] of merges) {
    const [first, second] = [bytes[left], bytes[right]];
    if (!first || !second) throw new Error(`merge of ${left} and ${right} uses a token that comes later`);
    bytes.push(Uint8Array.of(...first, ...second));
  }
  return bytes;
};

/** @returns the pair of neighbours that was learned first, null when none was */
const earliestMerge = (ids: readonly number[], ranks: ReadonlyMap<number, number>): number | null => {
  let best: number | null = null;
  for (let i = 0; i + 1 < ids.length; i++) {
    const rank = ranks.get(pairKey(ids[i] as number, ids[i + 1] as number));
    if (rank !== undefined && (best === null || rank < best)) best = rank;
  }
  return best;
};

const joinBytes = (pieces: readonly Uint8Array[]): Uint8Array => {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
};

/** a token that is only part of a character shows its bytes */
const showBytes = (bytes: Uint8Array): string => {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return `<${[...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ')}>`;
  }
};

/** @param merges as learned by `trainBpe` in the same mode */
export function createBpeTokenizer(merges: readonly Merge[], mode: BpeMode = 'gpt2_split'): Tokenizer {
  const bytes = tokenBytes(merges);
  const ranks = new Map(merges.map(([left, right], rank) => [pairKey(left, right), rank]));
  const cache = new Map<string, number[]>();
  const padId = bytes.length;

  const encodeChunk = (chunk: string): number[] => {
    let ids = [...encoder.encode(chunk)];
    for (let rank = earliestMerge(ids, ranks); rank !== null; rank = earliestMerge(ids, ranks)) {
      const [left, right] = merges[rank] as Merge;
      ids = mergePair(ids, left, right, BYTES + rank);
    }
    return ids;
  };
  const cachedChunk = (chunk: string): number[] => {
    const known = cache.get(chunk);
    if (known) return known;
    const ids = encodeChunk(chunk);
    if (cache.size < CACHED_CHUNKS) cache.set(chunk, ids);
    return ids;
  };
  const encode = (text: string): number[] => {
    const ids: number[] = [];
    for (const chunk of splitChunks(text, mode)) for (const id of cachedChunk(chunk)) ids.push(id);
    return ids;
  };

  return {
    kind: 'bpe',
    vocabSize: bytes.length + 1,
    padId,
    bosId: null,
    eosId: null,
    encode,
    decode: (ids) => decoder.decode(joinBytes([...ids].flatMap((id) => bytes[id] ?? []))),
    tokenText: (id) => (id === padId ? '<pad>' : showBytes(bytes[id] ?? new Uint8Array())),
    unknownWords: () => [],
    save: (): TokenizerData => ({ kind: 'bpe', tokens: ['<pad>'], merges: merges.map(([left, right]) => [left, right]) }),
  };
}
