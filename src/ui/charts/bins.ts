import { drawable, extentOf } from './scales';

export interface Bin {
  from: number;
  to: number;
  count: number;
}

/** what a screen can show side by side */
const MOST_BINS = 500;

/** Equal bins whose edges include 0, so that no bar mixes signs. Values that are no numbers are in none. */
export function binsOf(values: readonly number[], count = 24): Bin[] {
  const [lowest, highest] = extentOf(values) ?? [];
  if (lowest === undefined || highest === undefined) return [];
  const low = Math.min(0, drawable(lowest, 0));
  const high = Math.max(0, drawable(highest, 0));
  const width = (high - low > 1e-300 ? high - low : 1) / Math.min(MOST_BINS, Math.max(1, count - 1));
  const first = Math.floor(low / width - 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / width + 1e-9));
  const bins = Array.from({ length: last - first }, (_, index) => ({
    from: (first + index) * width,
    to: (first + index + 1) * width,
    count: 0,
  }));
  for (const value of values) {
    const bin =
      Number.isFinite(value) && bins[Math.min(bins.length - 1, Math.max(0, Math.floor(value / width) - first))];
    if (bin) bin.count += 1;
  }
  return bins;
}
