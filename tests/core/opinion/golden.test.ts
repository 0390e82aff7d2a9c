/** Every case of n_ratings.json and q_arena_ratings.json. */
import { describe } from 'vitest';
import type { RatedDuel } from '../../../src/contract/arena';
import type { VoteChoice } from '../../../src/contract/preferences';
import { fitBradleyTerry } from '../../../src/core/opinion/ratings/bradleyTerry';
import { finiteGroups, islandsOf, type Relation, relations } from '../../../src/core/opinion/ratings/connected';
import { eloOf } from '../../../src/core/opinion/ratings/elo';
import { fitWithLength, lengthError, wonByLonger } from '../../../src/core/opinion/ratings/lengthControl';
import {
  badAsTie,
  counted,
  countTable,
  meetingsOf,
  scoreTable,
  tiedDuels,
} from '../../../src/core/opinion/ratings/meetings';
import { type Fit, varianceOf } from '../../../src/core/opinion/ratings/newton';
import { rankIntervals } from '../../../src/core/opinion/ratings/ranks';
import { logStrengthOf, pointsOf, ratingOf, sigmoid } from '../../../src/core/opinion/ratings/scale';
import { fitWithTies } from '../../../src/core/opinion/ratings/ties';
import { isSeparated, votesNeeded } from '../../../src/core/opinion/ratings/votesNeeded';
import { type Actual, itReproduces, type Json, type Tolerance } from '../../helpers/golden';

type Inputs = { [key: string]: Json };
type Outputs = Record<string, Actual>;

const square = <T>(size: number, cell: (i: number, j: number) => T): T[][] =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => cell(i, j)));

const CHOICE: Record<string, VoteChoice> = { a: 'a', b: 'b', tie: 'tie', bad: 'bothBad' };
const playersOf = ({ players }: Inputs) => players as string[];
function duelsOf(inputs: Inputs): RatedDuel[] {
  const all = (inputs.votes as [string, string, string, number?, number?][]).map(
    ([first, second, outcome, a = 1, b = 1]): RatedDuel => ({
      first: playersOf(inputs).indexOf(first),
      second: playersOf(inputs).indexOf(second),
      choice: CHOICE[outcome] as VoteChoice,
      lengths: [a, b],
    }),
  );
  return inputs.bad_as_tie === true ? badAsTie(all) : all;
}

/** what stands there after each duel */
const eloAfterEach = (duels: readonly RatedDuel[], models: number, k: number): number[][] =>
  duels.map((_, last) => eloOf(duels.slice(0, last + 1), models, k));

function elo(inputs: Inputs): Outputs {
  const duels = duelsOf(inputs);
  const [models, k] = [playersOf(inputs).length, inputs.elo_k as number];
  return {
    elo_after_each_vote: eloAfterEach(duels, models, k),
    elo_at_the_end_of_order: (inputs.orders as number[][]).map((order) =>
      eloOf(
        order.map((at) => duels[at] as RatedDuel),
        models,
        k,
      ),
    ),
  };
}

function ofFit({ strengths, logLikelihood }: Fit): Outputs {
  return { log_strengths: strengths, elo_scale: strengths.map(ratingOf), log_likelihood: logLikelihood };
}

const RELATION: Record<Relation, string> = {
  same: 'same',
  finite: 'finite',
  above: 'above, no bound',
  below: 'below, no bound',
  apart: 'not comparable',
};

/** differences within each group are the fit of its own votes alone */
function differences(duels: readonly RatedDuel[], groups: readonly number[][], models: number): (number | null)[][] {
  const table = square<number | null>(models, (i, j) => (i === j ? 0 : null));
  for (const group of groups) {
    const mine = duels
      .filter(({ first, second }) => group.includes(first) && group.includes(second))
      .map((duel) => ({ ...duel, first: group.indexOf(duel.first), second: group.indexOf(duel.second) }));
    const { strengths } = fitBradleyTerry(meetingsOf(mine), group.length);
    for (const [i, one] of group.entries())
      for (const [j, other] of group.entries())
        table[one]![other] = pointsOf((strengths[i] as number) - (strengths[j] as number));
  }
  return table;
}

function comparable(inputs: Inputs): Outputs {
  const players = playersOf(inputs);
  const duels = counted(duelsOf(inputs));
  const meetings = meetingsOf(duels);
  const groups = finiteGroups(meetings, players.length);
  const named = (lists: number[][]) => lists.map((list) => list.map((at) => players[at] as string));
  return {
    islands: named(islandsOf(meetings, players.length)),
    groups_with_finite_differences: named(groups),
    relation: relations(meetings, players.length).map((row) => row.map((one) => RELATION[one])),
    elo_difference: differences(duels, groups, players.length),
  };
}

function bradleyTerry(inputs: Inputs): Outputs {
  const models = playersOf(inputs).length;
  const prior = inputs.prior as { kind: string; sd: number; ties: number } | undefined;
  const votes = counted(duelsOf(inputs));
  const duels = prior?.kind === 'ties' ? [...votes, ...tiedDuels(votes, prior.ties)] : votes;
  const meetings = meetingsOf(duels);
  const fit = fitBradleyTerry(meetings, models, prior?.kind === 'gaussian' ? { sd: prior.sd } : {});
  const between = countTable(meetings, models);
  const score = scoreTable(meetings, models);
  return {
    ...ofFit(fit),
    votes_counted: votes.length,
    predicted_win_rate: square(models, (i, j) => sigmoid((fit.strengths[i] as number) - (fit.strengths[j] as number))),
    observed_win_rate: square(models, (i, j) => (between[i]![j] ? score[i]![j]! / between[i]![j]! : null)),
    votes_between: between,
    standard_error_of_difference: square(models, (i, j) => (i === j ? 0 : Math.sqrt(varianceOf(fit, i, j)))),
  };
}

function tiesApart(inputs: Inputs, rule: 'davidson' | 'raoKupper'): Outputs {
  const models = playersOf(inputs).length;
  const fit = fitWithTies(meetingsOf(counted(duelsOf(inputs))), models, rule);
  const chances = (i: number, j: number) => fit.chances((fit.strengths[i] as number) - (fit.strengths[j] as number));
  return {
    ...ofFit(fit),
    nu: fit.tie,
    theta: fit.tie,
    predicted_win: square(models, (i, j) => (i === j ? null : chances(i, j).win)),
    predicted_tie: square(models, (i, j) => (i === j ? null : chances(i, j).tie)),
  };
}

function withLength(inputs: Inputs): Outputs {
  const duels = counted(duelsOf(inputs));
  const models = playersOf(inputs).length;
  const [fit, plain] = [fitWithLength(duels, models) as Fit, fitBradleyTerry(meetingsOf(duels), models)];
  const { won, of } = wonByLonger(duels);
  return {
    ...ofFit(fit),
    length_coefficient: fit.shared,
    length_coefficient_standard_error: lengthError(fit),
    log_strengths_without_covariate: plain.strengths,
    log_likelihood_without_covariate: plain.logLikelihood,
    share_won_by_the_longer: won / of,
    decided_votes_of_unequal_length: of,
  };
}

function untilSeparated(inputs: Inputs): Outputs {
  if (inputs.elo_differences)
    return {
      votes: (inputs.elo_differences as number[]).map((points) =>
        votesNeeded(logStrengthOf(points), Number.POSITIVE_INFINITY),
      ),
    };
  const fit = fitBradleyTerry(meetingsOf(counted(duelsOf(inputs))), playersOf(inputs).length);
  return {
    pairs: (inputs.pairs as [number, number][]).map(([i, j]) => {
      const difference = (fit.strengths[j] as number) - (fit.strengths[i] as number);
      const variance = varianceOf(fit, i, j);
      return {
        pair: [i, j],
        difference: Math.abs(difference),
        standard_error: Math.sqrt(variance),
        separated_now: isSeparated(difference, variance),
        further_votes: votesNeeded(difference, variance),
      };
    }),
  };
}

function ranks(inputs: Inputs): Outputs {
  const upper = inputs.upper as number[];
  const found = rankIntervals((inputs.lower as number[]).map((low, i) => ({ low, high: upper[i] as number })));
  return { best_rank: found.map(({ best }) => best), worst_rank: found.map(({ worst }) => worst) };
}

function scale(inputs: Inputs): Outputs {
  const [differences, chances, points] = [
    inputs.log_strength_differences,
    inputs.win_probabilities,
    inputs.elo_differences,
  ] as [number[], number[], number[]];
  return {
    elo_per_unit_of_log_strength: pointsOf(1),
    elo_of_log_strength: differences.map(pointsOf),
    win_probability_of_log_strength: differences.map(sigmoid),
    odds_of_log_strength: differences.map(Math.exp),
    elo_of_win_probability: chances.map((p) => pointsOf(Math.log(p / (1 - p)))),
    win_probability_of_elo: points.map((one) => sigmoid(logStrengthOf(one))),
  };
}

function arena(inputs: Inputs, wanted: string[]): Outputs {
  switch (inputs.method) {
    case 'elo':
      return elo(inputs);
    case 'votes until separated':
      return untilSeparated(inputs);
    case 'rank intervals':
      return ranks(inputs);
    case 'scale':
      return scale(inputs);
    default:
  }
  if (inputs.covariate) return withLength(inputs);
  if (inputs.ties === 'davidson') return tiesApart(inputs, 'davidson');
  if (inputs.ties === 'rao-kupper') return tiesApart(inputs, 'raoKupper');
  return wanted.includes('relation') ? comparable(inputs) : bradleyTerry(inputs);
}

describe('ratings of an arena', () => {
  itReproduces(
    'q_arena_ratings',
    [
      'method',
      'ties',
      'players',
      'votes',
      'bad_as_tie',
      'elo_k',
      'elo_initial',
      'orders',
      'prior',
      'covariate',
      'pairs',
      'z',
      'elo_differences',
      'lower',
      'upper',
      'log_strength_differences',
      'win_probabilities',
    ],
    (inputs, { outputs }) => arena(inputs, Object.keys(outputs)),
    'float64',
  );
});

const CHOICES: Record<string, VoteChoice> = { 1: 'a', 0: 'b', 0.5: 'tie' };

/** the file's tolerances are by kind of number */
const toleranceOf = (output: string): Tolerance => {
  if (output.startsWith('elo')) return { abs: 1e-6, rel: 0 };
  return { abs: output === 'bt_elo_scale' ? 0.02 : 1e-4, rel: 0 };
};

describe('ratings as FastChat computes them', () => {
  itReproduces(
    'n_ratings',
    ['num_players', 'games', 'elo_k', 'elo_initial', 'elo_scale', 'elo_base'],
    (inputs) => {
      const models = inputs.num_players as number;
      const duels = (inputs.games as [number, number, number][]).map(
        ([first, second, score]): RatedDuel => ({
          first,
          second,
          choice: CHOICES[score] as VoteChoice,
          lengths: [1, 1],
        }),
      );
      const { strengths, logLikelihood } = fitBradleyTerry(meetingsOf(duels), models);
      return {
        elo_after_each_game: eloAfterEach(duels, models, inputs.elo_k as number),
        bt_log_strengths: strengths,
        bt_elo_scale: strengths.map(ratingOf),
        bt_negative_log_likelihood: -logLikelihood,
        bt_win_probabilities: square(models, (i, j) => sigmoid(strengths[i]! - strengths[j]!)),
      };
    },
    toleranceOf,
  );
});
