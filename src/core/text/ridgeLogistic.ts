/**
 * Logistic regression of choices with a ridge, small enough to be solved exactly by Newton's method:
 *   minimise  Σ cᵢ · log(1 + exp(−w·xᵢ)) + (l2 / 2) · ‖w‖²
 * where xᵢ is the difference between the chosen and the rejected side, and cᵢ how much the choice counts. There is no
 * constant term: swapping the sides must turn the prediction around.
 */
import { maxOf } from '../../contract/many';
export interface RidgeFit {
  weights: number[];
  /** standard deviations of the weights, from the inverse Hessian at the optimum (Laplace) */
  deviations: number[];
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Gauss and Jordan with pivoting. @returns the inverse of a small positive definite matrix */
export function invert(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < n; column++) {
    const below = rows.slice(column);
    const pivotAt =
      column + below.reduce((best, row, i) => (Math.abs(row[column]!) > Math.abs(below[best]![column]!) ? i : best), 0);
    [rows[column], rows[pivotAt]] = [rows[pivotAt]!, rows[column]!];
    const pivot = rows[column]!.map((value) => value / rows[column]![column]!);
    rows[column] = pivot;
    for (let i = 0; i < n; i++) {
      if (i !== column) rows[i] = rows[i]!.map((value, j) => value - rows[i]![column]! * pivot[j]!);
    }
  }
  return rows.map((row) => row.slice(n));
}

/** l2·I + Σ cᵢ·p(1−p)·xᵢxᵢᵀ */
const hessian = (
  differences: readonly number[][],
  counts: readonly number[],
  weights: readonly number[],
  l2: number,
): number[][] => {
  const curvature = differences.map((x, i) => {
    const p = sigmoid(dot(weights, x));
    return counts[i]! * p * (1 - p);
  });
  return weights.map((_, j) =>
    weights.map(
      (_, k) => (j === k ? l2 : 0) + differences.reduce((sum, x, i) => sum + curvature[i]! * x[j]! * x[k]!, 0),
    ),
  );
};

const gradient = (
  differences: readonly number[][],
  counts: readonly number[],
  weights: readonly number[],
  l2: number,
): number[] =>
  weights.map(
    (weight, j) =>
      l2 * weight - differences.reduce((sum, x, i) => sum + counts[i]! * sigmoid(-dot(weights, x)) * x[j]!, 0),
  );

const NEWTON_STEPS = 50;
const CONVERGED = 1e-10;

/**
 * @param differences [choices][attributes] chosen − rejected
 * @param counts      how much each choice counts, 1 for a plain one
 * @param l2          strength of the ridge, above 0; it also keeps separable choices finite
 */
export function fitRidgeLogistic(differences: readonly number[][], counts: readonly number[], l2: number): RidgeFit {
  const size = differences[0]?.length ?? 0;
  let weights = new Array<number>(size).fill(0);
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const slope = gradient(differences, counts, weights, l2);
    const inverse = invert(hessian(differences, counts, weights, l2));
    const move = inverse.map((row) => dot(row, slope));
    weights = weights.map((weight, j) => weight - move[j]!);
    if (maxOf(move.map(Math.abs), 0) < CONVERGED) break;
  }
  const covariance = invert(hessian(differences, counts, weights, l2));
  return { weights, deviations: covariance.map((row, j) => Math.sqrt(row[j]!)) };
}
