/**
 * The most likely strengths, by Newton's method. Every model of duels here is a sum of terms, each of which looks at
 * the difference d of two log strengths and at one number e that all share (how likely ties are, what length is worth),
 * and bends downwards, so there is one summit.
 */
import { maxOf } from '../../../contract/many';
import { solve } from '../../tensor/linearSystem';

/** Log likelihood of some duels, with its first and second derivatives by d and e. */
export interface Bend {
  value: number;
  byD: number;
  byE: number;
  byDD: number;
  byDE: number;
  byEE: number;
}
export interface Term {
  first: number;
  second: number;
  at(difference: number, shared: number): Bend;
}

export interface Fit {
  /** [N] mean 0, except under a prior */
  strengths: number[];
  /** e at the summit; as it began where nothing depends on it */
  shared: number;
  logLikelihood: number;
  /** [N + 1][N + 1] of the strengths about their mean and, last, of e: inverse of the information */
  covariance: number[][];
  /** not where the likelihood goes on rising towards infinity */
  converges: boolean;
}

interface Slope {
  value: number;
  /** [N + 1] */
  gradient: number[];
  /** [N + 1][N + 1] minus the second derivatives */
  information: number[][];
}

const STEPS = 100;
const HALVINGS = 40;
/** each step squares what is missing, so this one is the last that can be seen */
const CONVERGED = 1e-9;
/** beyond this a difference has run away: a chance of 1 in 10^13 */
const RUNAWAY = 30;

export interface FitOptions {
  /** where e begins; null where no term looks at it */
  shared?: number | null;
  /** standard deviation of a gaussian prior on every log strength; adds s² / (2 sd²) to the loss */
  sd?: number | null;
}

/** before any duel: the prior, or 1/n all over, since all strengths may move together and that is held */
function priorAt(at: readonly number[], { shared = null, sd = null }: FitOptions): Slope {
  const n = at.length - 1;
  const precision = sd === null ? 0 : 1 / sd ** 2;
  const strengths = at.slice(0, n);
  const bendAt = (i: number, j: number): number => {
    if (i === n || j === n) return i === j && shared === null ? 1 : 0;
    return sd === null ? 1 / n : i === j ? precision : 0;
  };
  return {
    value: -strengths.reduce((sum, strength) => sum + (precision * strength ** 2) / 2, 0),
    gradient: [...strengths.map((strength) => -precision * strength), 0],
    information: at.map((_, i) => at.map((_, j) => bendAt(i, j))),
  };
}

/** adds the duels of one term to the slope at a place */
function add(slope: Slope, at: readonly number[], { first, second, at: bendAt }: Term): void {
  const { gradient, information } = slope;
  const n = at.length - 1;
  const bend = bendAt(at[first]! - at[second]!, at[n]!);
  slope.value += bend.value;
  const sides = [
    [first, 1],
    [second, -1],
  ] as const;
  for (const [i, sign] of sides) {
    gradient[i]! += sign * bend.byD;
    information[i]![n]! -= sign * bend.byDE;
    information[n]![i]! -= sign * bend.byDE;
    for (const [j, other] of sides) information[i]![j]! -= sign * other * bend.byDD;
  }
  gradient[n]! += bend.byE;
  information[n]![n]! -= bend.byEE;
}

/** @param at [N + 1] the strengths, then e */
function slopeAt(at: readonly number[], terms: readonly Term[], options: FitOptions): Slope {
  const slope = priorAt(at, options);
  for (const term of terms) add(slope, at, term);
  return slope;
}

/** One step uphill: Newton's whole one, or half of it and half again until it does not go down. */
function climb(
  at: readonly number[],
  slope: Slope,
  step: readonly number[],
  look: (at: number[]) => Slope,
): { at: number[]; slope: Slope } {
  for (let [share, halvings] = [1, 0]; ; share /= 2, halvings++) {
    const next = at.map((x, i) => x + share * step[i]!);
    const there = look(next);
    if (there.value >= slope.value - 1e-12 * Math.abs(slope.value) || halvings === HALVINGS)
      return { at: next, slope: there };
  }
}

/** Identity, column by column. @returns the inverse of a symmetric matrix, which is symmetric */
const inverse = (matrix: readonly (readonly number[])[]): number[][] =>
  matrix.map((_, i) =>
    solve(
      matrix,
      matrix.map((_, j) => (i === j ? 1 : 0)),
    ),
  );

/**
 * @param models N, at least 1
 * @param terms  of models that some chain of wins and ties connects both ways, unless there is a prior
 */
export function fitStrengths(models: number, terms: readonly Term[], options: FitOptions = {}): Fit {
  const look = (at: readonly number[]) => slopeAt(at, terms, options);
  let at = [...Array<number>(models).fill(0), options.shared ?? 0];
  let slope = look(at);
  let converges = false;
  for (let steps = 0; steps < STEPS && !converges && maxOf(at.map(Math.abs)) < RUNAWAY; steps++) {
    const step = solve(slope.information, slope.gradient);
    ({ at, slope } = climb(at, slope, step, look));
    converges = maxOf(step.map(Math.abs)) < CONVERGED;
  }
  const isHeld = (options.sd ?? null) === null;
  const held = (i: number, j: number): number => (isHeld && i < models && j < models ? 1 / models : 0);
  return {
    strengths: at.slice(0, models),
    shared: at[models]!,
    logLikelihood: slope.value,
    covariance: inverse(slope.information).map((row, i) => row.map((value, j) => value - held(i, j))),
    converges,
  };
}

/** of the difference of two log strengths */
export const varianceOf = ({ covariance }: Pick<Fit, 'covariance'>, first: number, second: number): number =>
  covariance[first]![first]! + covariance[second]![second]! - 2 * covariance[first]![second]!;
