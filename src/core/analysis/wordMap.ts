/**
 * Vectors on a map. Principal component analysis (Pearson 1901) finds the directions in which they spread most; a map
 * drawn a step later is turned and mirrored until it lies on the one before as well as it can (Procrustes, Schönemann
 * 1966). A rule of signs alone would turn it over whenever two loadings are nearly equal.
 */
import type { TrainingProgress } from '../text/steps';
import { symmetricEigen } from './eigen';
import type { Vectors } from './wordVectors';

export interface Principal {
  /** [C] */
  mean: Float64Array;
  /** of all directions that can have any, largest first; divided by N − 1 */
  variances: Float64Array;
  /** the widest directions, [K,C]; of each, the loading of largest absolute value is positive */
  loadings: Float64Array;
  /** (vectors − mean) · loadings, [N,K] */
  projections: Float64Array;
}

function meanOf({ rows, width, data }: Vectors): Float64Array {
  const mean = new Float64Array(width);
  data.forEach((x, i) => {
    mean[i % width] = (mean[i % width] as number) + x / rows;
  });
  return mean;
}

/** @param centred vectors without their mean; @returns [C,C], divided by N − 1 */
function covariance({ rows, width, data }: Vectors): Float64Array {
  const sums = new Float64Array(width * width);
  for (let row = 0; row < rows; row++) {
    const vector = data.subarray(row * width, (row + 1) * width);
    for (let i = 0; i < width; i++)
      for (let j = 0; j <= i; j++)
        sums[i * width + j] = (sums[i * width + j] as number) + (vector[i] as number) * (vector[j] as number);
  }
  const divisor = Math.max(1, rows - 1);
  return sums.map((_, k) => {
    const [i, j] = [Math.floor(k / width), k % width];
    return (sums[Math.max(i, j) * width + Math.min(i, j)] as number) / divisor;
  });
}

/** turned over where its largest loading is negative */
function signed(loading: Float64Array): Float64Array {
  const largest = loading.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
  return largest < 0 ? loading.map((x) => -x) : loading;
}

/** Exact, in double precision, in steps. @param components K, at most C */
export function* principalComponents(vectors: Vectors, components: number): Generator<TrainingProgress, Principal> {
  const { rows, width, data } = vectors;
  const mean = meanOf(vectors);
  const centred = { rows, width, data: data.map((x, i) => x - (mean[i % width] as number)) };
  const { values, vectors: axes } = yield* symmetricEigen(covariance(centred), width);
  const loadings = new Float64Array(components * width);
  for (let k = 0; k < components; k++) loadings.set(signed(axes.subarray(k * width, (k + 1) * width)), k * width);
  const projections = Float64Array.from({ length: rows * components }, (_, i) => {
    const [row, k] = [Math.floor(i / components), i % components];
    let sum = 0;
    for (let c = 0; c < width; c++)
      sum += (centred.data[row * width + c] as number) * (loadings[k * width + c] as number);
    return sum;
  });
  const most = Math.max(0, Math.min(rows - 1, width));
  return { mean, variances: values.slice(0, most).map((value) => Math.max(0, value)), loadings, projections };
}

/** @returns the share of the spread along the first directions; 0 where there is no spread */
export function shareOfSpread(variances: Float64Array, components: number): number {
  const total = variances.reduce((sum, variance) => sum + variance, 0);
  return total === 0 ? 0 : variances.slice(0, components).reduce((sum, variance) => sum + variance, 0) / total;
}

/** x' = c·x − s·y, y' = s·x + c·y, after y was mirrored or not */
interface Turn {
  c: number;
  s: number;
  mirror: 1 | -1;
  /** Σ of products with the earlier points: the larger, the nearer */
  fit: number;
}

function bestTurn(points: Float64Array, earlier: ArrayLike<number>, mirror: 1 | -1): Turn {
  let [along, across] = [0, 0];
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i] as number, mirror * (points[i + 1] as number)];
    const [u, v] = [earlier[i] as number, earlier[i + 1] as number];
    if (!Number.isFinite(u) || !Number.isFinite(v)) continue;
    along += u * x + v * y;
    across += v * x - u * y;
  }
  const fit = Math.hypot(along, across);
  return fit === 0 ? { c: 1, s: 0, mirror, fit } : { c: along / fit, s: across / fit, mirror, fit };
}

/**
 * The same map turned about its middle, and mirrored where that is nearer.
 * @param points [N,2]
 * @param earlier where the same words were, [N,2]; NaN for a word that was not there
 */
export function alignedTo(points: Float64Array, earlier: ArrayLike<number>): Float64Array {
  const plain = bestTurn(points, earlier, 1);
  const mirrored = bestTurn(points, earlier, -1);
  const { c, s, mirror } = mirrored.fit > plain.fit ? mirrored : plain;
  return points.map((_, i) => {
    const first = i - (i % 2);
    const [x, y] = [points[first] as number, mirror * (points[first + 1] as number)];
    return i === first ? c * x - s * y : s * x + c * y;
  });
}
