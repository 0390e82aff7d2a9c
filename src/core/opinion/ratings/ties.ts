/**
 * Ties as an outcome of their own, d the difference of log strengths. Both rules have one number that all pairs share:
 *   Davidson 1970          win : loss : tie = e^(d/2) : e^(−d/2) : ν
 *   Rao and Kupper 1967    win = σ(d − η), loss = σ(−d − η), tie the rest;   η = ln θ
 * Where nothing was tied both are Bradley and Terry's.
 */
import type { TieRule } from '../../../contract/arena';
import { fitBradleyTerry } from './bradleyTerry';
import type { Meeting } from './meetings';
import { type Bend, type Fit, fitStrengths, type Term } from './newton';
import { logSigmoid, sigmoid } from './scale';

export interface Chances {
  win: number;
  tie: number;
}

/** @param nu how likely a tie is between equals, against √(win · loss) */
export function davidsonChances(d: number, nu: number): Chances {
  const [win, loss] = [Math.exp(d / 2), Math.exp(-d / 2)];
  const sum = win + loss + nu;
  return { win: win / sum, tie: nu / sum };
}

/** @param theta how much better one must be to win as often as not */
export function raoKupperChances(d: number, theta: number): Chances {
  const [win, loss] = [sigmoid(d - Math.log(theta)), sigmoid(-d - Math.log(theta))];
  return { win, tie: 1 - win - loss };
}

/** @param gamma ln ν */
function davidsonBend({ wins, losses, ties }: Meeting, d: number, gamma: number): Bend {
  const count = wins + losses + ties;
  const { win, tie } = davidsonChances(d, Math.exp(gamma));
  const loss = 1 - win - tie;
  const logSum = d / 2 - Math.log(win);
  return {
    value: ((wins - losses) * d) / 2 + ties * gamma - count * logSum,
    byD: (wins - losses - count * (win - loss)) / 2,
    byE: ties - count * tie,
    byDD: (-count * (win + loss - (win - loss) ** 2)) / 4,
    byDE: (count * (win - loss) * tie) / 2,
    byEE: -count * tie * (1 - tie),
  };
}

/** @param eta ln θ, above 0; a tie has the chance (θ² − 1) · win · loss */
function raoKupperBend({ wins, losses, ties }: Meeting, d: number, eta: number): Bend {
  const [won, lost] = [wins + ties, losses + ties];
  const [p, q] = [sigmoid(d - eta), sigmoid(-d - eta)];
  const [bendP, bendQ] = [won * p * (1 - p), lost * q * (1 - q)];
  const room = Math.expm1(2 * eta); // θ² − 1
  return {
    value: won * logSigmoid(d - eta) + lost * logSigmoid(-d - eta) + (ties > 0 ? ties * Math.log(room) : 0),
    byD: won * (1 - p) - lost * (1 - q),
    byE: -won * (1 - p) - lost * (1 - q) + (2 * ties * (room + 1)) / room,
    byDD: -bendP - bendQ,
    byDE: bendP - bendQ,
    byEE: -bendP - bendQ - (4 * ties * (room + 1)) / room ** 2,
  };
}

const BEND = { davidson: davidsonBend, raoKupper: raoKupperBend };
/** a tie in three at equal strength, for both */
const BEGIN = { davidson: 0, raoKupper: Math.LN2 };

export interface TiesFit extends Fit {
  /** how ties were counted: half a win each where the rule that was asked for has no highest likelihood */
  rule: TieRule;
  /** ν, θ, or null where ties are half a win each, or none came */
  tie: number | null;
  /** of the first against the second, from the difference of their log strengths */
  chances: (d: number) => Chances;
}

const halves = (fit: Fit, rule: TieRule): TiesFit => ({
  ...fit,
  rule,
  tie: null,
  chances: (d) => ({ win: sigmoid(d), tie: 0 }),
});

/** all that met only tied: no tie is likely enough, and nobody is better */
const isAllTies = (meetings: readonly Meeting[]): boolean => meetings.every(({ wins, losses }) => wins + losses === 0);

/**
 * Whether a rule that gives ties a chance of their own has a highest likelihood. It has none where strengths can be laid
 * so that every winner stands at least 1 above the loser and no two that tied are more than 1 apart: the further all of
 * it is stretched, and ties made likelier with it, the more likely is what came. Three wins and a tie of one pair are so
 * laid; a win each way never is. Each is a bound on a difference, and none contradict each other where no bound goes on
 * falling (Bellman and Ford).
 * @param meetings of models that are connected both ways
 */
function hasSummit(meetings: readonly Meeting[], models: number): boolean {
  const most: number[] = Array(models).fill(0);
  const hold = (low: number, high: number, by: number): boolean => {
    const isBelow = most[low]! <= most[high]! + by;
    if (!isBelow) most[low] = most[high]! + by;
    return isBelow;
  };
  const holdAll = (): boolean =>
    meetings
      .flatMap(({ first, second, wins, losses, ties }) => [
        wins === 0 || hold(second, first, -1),
        losses === 0 || hold(first, second, -1),
        ties === 0 || hold(first, second, 1),
        ties === 0 || hold(second, first, 1),
      ])
      .every(Boolean);
  for (let round = 0; round < models; round++) if (holdAll()) return false;
  return true;
}

/** @returns whether the rule gives these meetings finite numbers, without a prior */
export const isBounded = (meetings: readonly Meeting[], models: number, rule: TieRule): boolean =>
  rule === 'half' || meetings.every(({ ties }) => ties === 0) || isAllTies(meetings) || hasSummit(meetings, models);

/**
 * @param meetings of models that are connected both ways, or with a prior of any
 * @param sd       of a gaussian prior on every log strength; null for none
 */
export function fitWithTies(
  meetings: readonly Meeting[],
  models: number,
  rule: TieRule,
  sd: number | null = null,
): TiesFit {
  const plain = (counted: TieRule) => halves(fitBradleyTerry(meetings, models, { sd }), counted);
  if (rule === 'half' || meetings.every(({ ties }) => ties === 0) || isAllTies(meetings)) return plain(rule);
  if (sd === null && !isBounded(meetings, models, rule)) return plain('half');
  const terms = meetings.map(
    (meeting): Term => ({
      first: meeting.first,
      second: meeting.second,
      at: (d, shared) => BEND[rule](meeting, d, shared),
    }),
  );
  const fit = fitStrengths(models, terms, { shared: BEGIN[rule], sd });
  const tie = Math.exp(fit.shared);
  const chancesOf = rule === 'davidson' ? davidsonChances : raoKupperChances;
  return { ...fit, rule, tie, chances: (d) => chancesOf(d, tie) };
}
