/** How many rows a language head reads at once, so that logits over a large vocabulary do not fill the memory. */
import { ALIGNMENT } from '../../kernels/plan/arena';

/** logits that may be there at once, 32 MB */
const MOST_LOGITS = 2 ** 23;

/** Consecutive rows of a head. */
export interface HeadRows {
  begin: number;
  rows: number;
}

/** what a part of a value begins at on every device, in numbers */
const STRIDE = ALIGNMENT / 4;

/**
 * @param rows that the head reads
 * @returns all of them where their logits are few enough to be kept, else parts of a quarter of that, each beginning at a
 * multiple of 64
 */
export function headRowsOf(rows: number, vocabSize: number, mostLogits = MOST_LOGITS): HeadRows[] {
  if (rows * vocabSize <= mostLogits) return [{ begin: 0, rows }];
  const size = STRIDE * Math.max(1, Math.floor(mostLogits / 4 / vocabSize / STRIDE));
  return Array.from({ length: Math.ceil(rows / size) }, (_, i) => ({
    begin: i * size,
    rows: Math.min(size, rows - i * size),
  }));
}
