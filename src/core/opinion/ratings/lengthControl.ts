/**
 * Style control as public arenas do it: what the longer text gains by being longer is one more number c beside the
 * strengths, and taken out of them,
 *   p = σ(d + c x),   x = (length of the first − length of the second) / their sum
 */
import type { RatedDuel } from '../../../contract/arena';
import { solve } from '../../tensor/linearSystem';
import { type Fit, fitStrengths, type Term } from './newton';
import { logSigmoid, sigmoid } from './scale';

const lean = ({ lengths: [first, second] }: RatedDuel): number =>
  first + second === 0 ? 0 : (first - second) / (first + second);

const SCORE = { a: 1, b: 0, tie: 0.5 } as const;

function termOf(duel: RatedDuel): Term {
  const { first, second, choice } = duel;
  const [x, s] = [lean(duel), choice === 'bothBad' ? 0 : SCORE[choice]];
  return {
    first,
    second,
    at(d, c) {
      const p = sigmoid(d + c * x);
      const bend = p * (1 - p);
      return {
        value: s * logSigmoid(d + c * x) + (1 - s) * logSigmoid(-d - c * x),
        byD: s - p,
        byE: (s - p) * x,
        byDD: -bend,
        byDE: -bend * x,
        byEE: -bend * x * x,
      };
    },
  };
}

/** Whether lengths differ otherwise than the models do: what least squares by strengths leaves of them is not nothing. */
function isDetermined(duels: readonly RatedDuel[], models: number): boolean {
  const normal = Array.from({ length: models }, () => Array<number>(models).fill(1)); // strengths may move together
  const moments: number[] = Array(models).fill(0);
  let squares = 0;
  for (const duel of duels) {
    const { first, second } = duel;
    const x = lean(duel);
    normal[first]![first]!++;
    normal[second]![second]!++;
    normal[first]![second]!--;
    normal[second]![first]!--;
    moments[first]! += x;
    moments[second]! -= x;
    squares += x * x;
  }
  const explained = solve(normal, moments).reduce((sum, strength, i) => sum + strength * moments[i]!, 0);
  return squares - explained > 1e-9 * squares;
}

/**
 * @param duels that are counted, of models that are connected both ways, or with a prior of any
 * @param sd    of a gaussian prior on every log strength; null for none
 * @returns the fit with c as its shared number; null where c has none: lengths say no more than who wrote, or length
 *   alone decides
 */
export function fitWithLength(duels: readonly RatedDuel[], models: number, sd: number | null = null): Fit | null {
  if (!isDetermined(duels, models)) return null;
  const fit = fitStrengths(models, duels.map(termOf), { shared: 0, sd });
  return fit.converges ? fit : null;
}

/** of c, from the covariance of all numbers of a fit */
export const lengthError = ({ covariance }: Fit): number => Math.sqrt(covariance.at(-1)!.at(-1)!);

/** decided duels of different length, and how many of them the longer text won */
export function wonByLonger(duels: readonly RatedDuel[]): { won: number; of: number } {
  const decided = duels.filter((duel) => (duel.choice === 'a' || duel.choice === 'b') && lean(duel) !== 0);
  return { won: decided.filter((duel) => (duel.choice === 'a') === lean(duel) > 0).length, of: decided.length };
}
