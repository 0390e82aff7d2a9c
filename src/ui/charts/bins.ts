export interface Bin {
  from: number;
  to: number;
  count: number;
}

/** Equal bins whose edges include 0, so that no bar mixes signs. */
export function binsOf(values: readonly number[], count = 24): Bin[] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [];
  const low = finite.reduce((a, b) => Math.min(a, b), 0);
  const high = finite.reduce((a, b) => Math.max(a, b), 0);
  const width = (high - low || 1) / Math.max(1, count - 1);
  const first = Math.floor(low / width - 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / width + 1e-9));
  const bins = Array.from({ length: last - first }, (_, index) => ({
    from: (first + index) * width,
    to: (first + index + 1) * width,
    count: 0,
  }));
  for (const value of finite) {
    const bin = bins[Math.min(bins.length - 1, Math.max(0, Math.floor(value / width) - first))];
    if (bin) bin.count += 1;
  }
  return bins;
}
