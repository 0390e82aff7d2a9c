/**
 * Bradley and Terry 1952 with ties as half a win each:
 *   log likelihood = Σ s ln σ(d) + (1 − s) ln σ(−d),   s = 1, ½, 0,   d the difference of log strengths
 */
import type { Meeting } from './meetings';
import { type Fit, type FitOptions, fitStrengths, type Term } from './newton';
import { logSigmoid, sigmoid } from './scale';

const termOf = ({ first, second, wins, losses, ties }: Meeting): Term => ({
  first,
  second,
  at(d) {
    const [won, lost] = [wins + ties / 2, losses + ties / 2];
    const p = sigmoid(d);
    return {
      value: won * logSigmoid(d) + lost * logSigmoid(-d),
      byD: won * (1 - p) - lost * p,
      byDD: -(won + lost) * p * (1 - p),
      byE: 0,
      byDE: 0,
      byEE: 0,
    };
  },
});

/** @param meetings of models that are connected both ways, or with a prior of any */
export const fitBradleyTerry = (
  meetings: readonly Meeting[],
  models: number,
  options: Pick<FitOptions, 'sd'> = {},
): Fit => fitStrengths(models, meetings.map(termOf), options);
