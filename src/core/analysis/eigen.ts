/** Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations (1846): slow, short and exact. */
import type { TrainingProgress } from '../text/steps';

export interface Eigen {
  /** largest first, [n] */
  values: Float64Array;
  /** a row each, of length 1, [n,n] */
  vectors: Float64Array;
}

/** sweeps over all pairs; a matrix of 256 columns needs about ten */
const MOST_SWEEPS = 60;
const USUAL_SWEEPS = 10;

const identity = (n: number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));

/** √ of the sum of squares beside the diagonal */
function besideDiagonal(matrix: Float64Array, n: number): number {
  let sum = 0;
  for (let row = 0; row < n; row++)
    for (let column = 0; column < row; column++) sum += 2 * (matrix[row * n + column] as number) ** 2;
  return Math.sqrt(sum);
}

/** two rows (or, n apart, two columns) turned by an angle */
function turn(data: Float64Array, n: number, first: number, second: number, step: number, c: number, s: number): void {
  for (let k = 0; k < n; k++) {
    const i = first + k * step;
    const j = second + k * step;
    const x = data[i] as number;
    const y = data[j] as number;
    data[i] = c * x - s * y;
    data[j] = s * x + c * y;
  }
}

/** makes cell (p,q) zero. Golub and Van Loan 2013, section 8.5.2 */
function rotate(matrix: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const apq = matrix[p * n + q] as number;
  if (apq === 0) return;
  const tau = ((matrix[q * n + q] as number) - (matrix[p * n + p] as number)) / (2 * apq);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  turn(matrix, n, p * n, q * n, 1, c, s);
  turn(matrix, n, p, q, n, c, s);
  turn(vectors, n, p * n, q * n, 1, c, s);
}

/** In steps of a row: a sweep over 1,024 columns takes ten seconds. @param matrix symmetric, [n,n]; left as it is */
export function* symmetricEigen(matrix: Float64Array, n: number): Generator<TrainingProgress, Eigen> {
  const left = matrix.slice();
  const vectors = identity(n);
  const size = Math.sqrt(matrix.reduce((sum, x) => sum + x * x, 0));
  for (let sweep = 0; sweep < MOST_SWEEPS && besideDiagonal(left, n) > 1e-15 * size; sweep++)
    for (let p = 0; p < n; p++) {
      yield { done: sweep, total: Math.max(USUAL_SWEEPS, sweep + 1), label: 'sweeps over all directions' };
      for (let q = p + 1; q < n; q++) rotate(left, vectors, n, p, q);
    }
  const diagonal = Float64Array.from({ length: n }, (_, i) => left[i * n + i] as number);
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => (diagonal[b] as number) - (diagonal[a] as number),
  );
  const sorted = new Float64Array(n * n);
  order.forEach((from, to) => {
    sorted.set(vectors.subarray(from * n, (from + 1) * n), to * n);
  });
  return { values: Float64Array.from(order, (i) => diagonal[i] as number), vectors: sorted };
}
