/**
 * Who wins how often, as one number per player. Elo moves two ratings after every game; Bradley–Terry fits all games at
 * once, so their order does not matter. Plain numbers: a handful of players needs no tensors. After FastChat's
 * rating_systems.
 */
import { maxOf } from '../../../src/contract/many';

/** Players a and b; score of a: 1 win, ½ tie, 0 loss. */
export type Game = readonly [a: number, b: number, scoreOfA: number];

export interface EloOptions {
  k: number;
  initial: number;
  scale: number;
  base: number;
}
const ELO: EloOptions = { k: 32, initial: 1000, scale: 400, base: 10 };

/**
 * E = 1 / (1 + base^((R_b − R_a)/scale)); R_a ← R_a + k (score − E), R_b the opposite.
 * @returns ratings of all players after each game
 */
export function eloHistory(players: number, games: readonly Game[], options: Partial<EloOptions> = {}): number[][] {
  const { k, initial, scale, base } = { ...ELO, ...options };
  const ratings = new Array<number>(players).fill(initial);
  return games.map(([a, b, score]) => {
    const expected = 1 / (1 + base ** ((ratings[b]! - ratings[a]!) / scale));
    ratings[a]! += k * (score - expected);
    ratings[b]! -= k * (score - expected);
    return [...ratings];
  });
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
/** log σ(x) without overflow. */
const logSigmoid = (x: number): number => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));

/**
 * Gradient and Hessian of the log-likelihood with a faint pull to 0, without which a player who never lost has no
 * finite strength.
 */
function derivatives(
  strengths: number[],
  games: readonly Game[],
  pull: number,
): { gradient: number[]; curvature: number[][] } {
  const gradient = strengths.map((s) => -pull * s);
  const curvature = strengths.map((_, i) => strengths.map((_, j) => (i === j ? pull : 0)));
  for (const [a, b, score] of games) {
    const p = sigmoid(strengths[a]! - strengths[b]!);
    const weight = p * (1 - p);
    gradient[a]! += score - p;
    gradient[b]! -= score - p;
    curvature[a]![a]! += weight;
    curvature[b]![b]! += weight;
    curvature[a]![b]! -= weight;
    curvature[b]![a]! -= weight;
  }
  return { gradient, curvature };
}

/** Gaussian elimination of a symmetric positive definite system, in place. */
function solve(matrix: number[][], right: number[]): number[] {
  const n = right.length;
  for (let pivot = 0; pivot < n; pivot++) {
    for (let row = pivot + 1; row < n; row++) {
      const factor = matrix[row]![pivot]! / matrix[pivot]![pivot]!;
      for (let column = pivot; column < n; column++) matrix[row]![column]! -= factor * matrix[pivot]![column]!;
      right[row]! -= factor * right[pivot]!;
    }
  }
  const solution = new Array<number>(n).fill(0);
  for (let row = n - 1; row >= 0; row--) {
    let rest = right[row]!;
    for (let column = row + 1; column < n; column++) rest -= matrix[row]![column]! * solution[column]!;
    solution[row] = rest / matrix[row]![row]!;
  }
  return solution;
}

/**
 * Maximum likelihood of P(a beats b) = σ(s_a − s_b), ties as half a win each, by Newton's method.
 * @returns log strengths with mean 0; finite also for players without wins, losses or games
 */
export function bradleyTerry(players: number, games: readonly Game[]): number[] {
  let strengths = new Array<number>(players).fill(0);
  for (let i = 0; i < 100; i++) {
    const { gradient, curvature } = derivatives(strengths, games, 1e-7);
    const move = solve(curvature, gradient);
    const longest = maxOf(move.map(Math.abs), 0);
    const damping = longest > 1 ? 1 / longest : 1; // far from the optimum the curve is flat and full steps overshoot
    strengths = strengths.map((s, player) => s + damping * move[player]!);
    if (longest < 1e-12) break;
  }
  const mean = strengths.reduce((sum, s) => sum + s, 0) / Math.max(players, 1);
  return strengths.map((s) => s - mean);
}

/** −Σ log P(game), nats. */
export function bradleyTerryLoss(strengths: readonly number[], games: readonly Game[]): number {
  return games.reduce((loss, [a, b, score]) => {
    const difference = strengths[a]! - strengths[b]!;
    return loss - score * logSigmoid(difference) - (1 - score) * logSigmoid(-difference);
  }, 0);
}

/** P(row beats column). */
export const winProbabilities = (strengths: readonly number[]): number[][] =>
  strengths.map((a) => strengths.map((b) => sigmoid(a - b)));

/** Log strengths on the familiar scale: 1000 is average, 400 more wins ten times in eleven. */
export const onEloScale = (strengths: readonly number[]): number[] =>
  strengths.map((s) => 1000 + (400 / Math.LN10) * s);
