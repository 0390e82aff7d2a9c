import type { Share } from './state';

/** Wilson score interval of a share (Wilson 1927), 95 %. */
export function wilson(successes: number, count: number): Share {
  if (count === 0) return { share: 0, low: 0, high: 1, count: 0 };
  const z = 1.959964;
  const share = successes / count;
  const centre = (share + (z * z) / (2 * count)) / (1 + (z * z) / count);
  const half = (z / (1 + (z * z) / count)) * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  return { share, low: Math.max(0, centre - half), high: Math.min(1, centre + half), count };
}
