/**
 * Learns byte-level byte-pair encoding (Sennrich et al. 2016; bytes as in GPT-2): start from the 256 bytes, and again and again
 * make a new token of the pair of neighbours that is seen most often.
 *
 * With the split pattern of GPT-2 no token reaches over the edge of a word, so the text is a bag of chunks: each different chunk is
 * kept once with its count, the pairs remember the chunks they occur in, and a merge touches only those. Twenty megabytes of
 * English are a few hundred thousand chunks, and a merge a few thousand of them.
 *
 * Equal counts are decided as in minbpe: the pair met first in the text wins.
 */
export const BPE_MODES = ['bytes', 'gpt2_split'] as const;
export type BpeMode = (typeof BPE_MODES)[number];
/** two token ids; the i-th merge makes token 256 + i */
export type Merge = [left: number, right: number];

export const BYTES = 256;
/** GPT-2's, without the flags: contractions, words, numbers and other signs with the space before them, white space */
export const GPT2_SPLIT = /'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

export interface TrainingProgress {
  done: number;
  total: number;
  label: string;
}

interface Chunk {
  ids: number[];
  count: number;
}

const encoder = new TextEncoder();

/** pairs as one number: token ids stay far below 2²⁰ */
const PAIR_BASE = 2 ** 20;
export const pairKey = (left: number, right: number): number => left * PAIR_BASE + right;
const pairOf = (key: number): Merge => [Math.floor(key / PAIR_BASE), key % PAIR_BASE];

/** @returns `ids` with every (left, right) replaced by `id`, from left to right */
export function mergePair(ids: readonly number[], left: number, right: number, id: number): number[] {
  const merged: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === left && ids[i + 1] === right) {
      merged.push(id);
      i++;
    } else merged.push(ids[i] as number);
  }
  return merged;
}

/** pieces of a text that no merge reaches across, in order */
export function* splitChunks(text: string, mode: BpeMode): Generator<string> {
  if (mode === 'bytes') {
    if (text !== '') yield text;
    return;
  }
  for (const match of text.matchAll(GPT2_SPLIT)) yield match[0];
}

const CHUNKS_PER_REPORT = 200_000;

/** @returns different chunks in the order they are first met */
function* collectChunks(text: string, mode: BpeMode): Generator<TrainingProgress, Chunk[]> {
  const counts = new Map<string, number>();
  let seen = 0;
  let read = 0;
  for (const chunk of splitChunks(text, mode)) {
    counts.set(chunk, (counts.get(chunk) ?? 0) + 1);
    read += chunk.length;
    if (++seen % CHUNKS_PER_REPORT === 0) yield { done: read, total: text.length, label: 'counting words' };
  }
  return [...counts].map(([chunk, count]) => ({ ids: [...encoder.encode(chunk)], count }));
}

/** Counts of all pairs, kept up to date as chunks change. */
class PairIndex {
  private readonly counts = new Map<number, number>();
  /** pair → chunks that hold it, or once did */
  private readonly places = new Map<number, Set<number>>();

  constructor(private readonly chunks: Chunk[]) {
    chunks.forEach((_, index) => {
      this.add(index, 1);
    });
  }

  private add(index: number, sign: 1 | -1): void {
    const { ids, count } = this.chunks[index] as Chunk;
    for (let i = 0; i + 1 < ids.length; i++) {
      const key = pairKey(ids[i] as number, ids[i + 1] as number);
      const total = (this.counts.get(key) ?? 0) + sign * count;
      if (total === 0) this.counts.delete(key);
      else this.counts.set(key, total);
      if (sign > 0) this.remember(key, index);
    }
  }

  private remember(key: number, index: number): void {
    const places = this.places.get(key);
    if (places) places.add(index);
    else this.places.set(key, new Set([index]));
  }

  /** @returns the most frequent pair, the one met first among equals; null when no chunk has two tokens */
  best(): { key: number; count: number } | null {
    let count = 0;
    let tied: number[] = [];
    for (const [key, total] of this.counts) {
      if (total < count) continue;
      if (total > count) tied = [];
      count = total;
      tied.push(key);
    }
    return tied.length === 0 ? null : { key: this.metFirst(tied), count };
  }

  private metFirst(tied: readonly number[]): number {
    if (tied.length === 1) return tied[0] as number;
    let first = { key: tied[0] as number, index: Number.POSITIVE_INFINITY, at: 0 };
    for (const key of tied) {
      const place = this.firstPlace(key, first.index);
      if (place && (place.index < first.index || place.at < first.at)) first = { key, ...place };
    }
    return first.key;
  }

  /** @returns where the pair is met first, null when that is behind chunk `upTo` */
  private firstPlace(key: number, upTo: number): { index: number; at: number } | null {
    const [left, right] = pairOf(key);
    let found: { index: number; at: number } | null = null;
    for (const index of this.places.get(key) ?? []) {
      if (index > upTo || (found && index > found.index)) continue;
      const ids = (this.chunks[index] as Chunk).ids;
      const at = ids.findIndex((id, i) => id === left && ids[i + 1] === right);
      if (at >= 0) found = { index, at };
    }
    return found;
  }

  merge(key: number, id: number): void {
    const [left, right] = pairOf(key);
    for (const index of this.places.get(key) ?? []) {
      const chunk = this.chunks[index] as Chunk;
      this.add(index, -1);
      chunk.ids = mergePair(chunk.ids, left, right, id);
      this.add(index, 1);
    }
    this.places.delete(key);
  }
}

const MERGES_PER_REPORT = 8;

/**
 * @param vocabSize bytes and merges, at least 256
 * @param minCount a pair seen less often is not merged; 1 goes on as long as there are pairs, as minbpe does
 * @returns merges in the order learned, by way of progress reports
 */
export function* trainBpe(text: string, vocabSize: number, mode: BpeMode, minCount = 1): Generator<TrainingProgress, Merge[]> {
  const chunks = yield* collectChunks(text, mode);
  const pairs = new PairIndex(chunks);
  const merges: Merge[] = [];
  const total = Math.max(0, vocabSize - BYTES);
  while (merges.length < total) {
    const best = pairs.best();
    if (!best || best.count < minCount) break;
    pairs.merge(best.key, BYTES + merges.length);
    merges.push(pairOf(best.key));
    if (merges.length % MERGES_PER_REPORT === 0) yield { done: merges.length, total, label: 'learning merges' };
  }
  return merges;
}
