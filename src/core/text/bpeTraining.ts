/**
 * Learns byte-level byte-pair encoding (Sennrich et al. 2016; bytes as in GPT-2): start from the 256 bytes, and again
 * and again make a new token of the pair of neighbours that is seen most often.
 *
 * With the split pattern of GPT-2 no token reaches over the edge of a word, so the text is a bag of chunks: each
 * different chunk is kept once with its count. Twenty megabytes of English are a few hundred thousand chunks; a log
 * without a space may be a single one. So each pair remembers its positions, and a merge touches those alone, however
 * long the chunks are.
 *
 * Equal counts are decided as in minbpe: the pair met first in the text wins.
 */
import { BYTES, type Merge } from './bpeMerges';
import { type BpeMode, collectChunks } from './chunks';
import { PairIndex } from './pairIndex';
import type { TrainingProgress } from './steps';

const MERGES_PER_REPORT = 8;

export interface BpeTrainingOptions {
  /** a pair seen less often is not merged; 1 goes on as long as there are pairs, as minbpe does */
  minCount?: number;
  /** no token becomes longer */
  maxTokenBytes?: number;
}

/**
 * @param vocabSize bytes and merges, at least 256
 * @returns merges in the order learned, by way of progress reports
 */
export function* trainBpe(
  text: string,
  vocabSize: number,
  mode: BpeMode,
  { minCount = 1, maxTokenBytes = Number.POSITIVE_INFINITY }: BpeTrainingOptions = {},
): Generator<TrainingProgress, Merge[]> {
  const pairs = new PairIndex(yield* collectChunks(text, mode), minCount, maxTokenBytes);
  const merges: Merge[] = [];
  const total = Math.max(0, vocabSize - BYTES);
  const report = (): TrainingProgress => ({ done: merges.length, total, label: 'learning merges' });
  for (const _ of pairs.findPairs()) yield report();
  while (merges.length < total) {
    const best = pairs.takeBest();
    if (!best) break;
    for (const _ of pairs.merge(best, BYTES + merges.length)) yield report();
    merges.push([best.left, best.right]);
    if (merges.length % MERGES_PER_REPORT === 0) yield report();
  }
  return merges;
}
