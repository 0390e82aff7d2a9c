/** Every formula against every case of its reference file; registered once for the CPU and once for WebGPU. */
import { describe } from 'vitest';
import type { SampledKlEstimator } from '../../../src/contract/config';
import { finish } from '../../../src/contract/steps';
import { nextKlCoef } from '../../../src/core/losses/adaptiveKl';
import { type DpoInputs, type DpoVariant, dpoLoss, dpoLosses, impliedRewards } from '../../../src/core/losses/dpoLoss';
import { gae } from '../../../src/core/losses/gae';
import { groupAdvantages } from '../../../src/core/losses/groupAdvantages';
import { expectedKl, klEstimate, klPerCompletion } from '../../../src/core/losses/kl';
import {
  policyLoss,
  policyRatio,
  policyStatistics,
  valueLoss,
  valueStatistics,
} from '../../../src/core/losses/ppoLoss';
import { pairLosses, preferenceAccuracy } from '../../../src/core/losses/preferenceLoss';
import { rankingLoss } from '../../../src/core/losses/rankingLoss';
import { payScores, penalizeMissingEos, replaceMissingEos } from '../../../src/core/losses/rewards';
import { scoreScale } from '../../../src/core/losses/scoreScale';
import { whiten } from '../../../src/core/losses/whiten';
import { tokenLogprobs } from '../../../src/core/model/ops/tokenLogprobs';
import { generateTokens } from '../../../src/core/sample/generate';
import { logSoftmaxAt } from '../../../src/core/tensor/logprobs';
import { maskedMean, maskedMoments } from '../../../src/core/tensor/masked';
import { oneHot } from '../../../src/core/tensor/oneHot';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { bestOfLoss } from '../../helpers/formulas/bestOfLoss';
import { cutAtStop, lastTokenIndex } from '../../helpers/formulas/completions';
import {
  bradleyTerry,
  bradleyTerryLoss,
  eloHistory,
  type Game,
  onEloScale,
  winProbabilities,
} from '../../helpers/formulas/ratings';
import { type Actual, itReproduces, type Json, toleranceOf } from '../../helpers/golden';

type Inputs = { [key: string]: Json };
type Named = { readonly [name: string]: Actual };

const line = (value: Json | undefined): tf.Tensor1D => tf.tensor1d(value as number[], 'float32');
const grid = (value: Json | undefined): tf.Tensor2D => tf.tensor2d(value as number[][], undefined, 'float32');
const cube = (value: Json | undefined): tf.Tensor3D => tf.tensor3d(value as number[][][], undefined, 'float32');
const ids = (value: Json | undefined): tf.Tensor2D => tf.tensor2d(value as number[][], undefined, 'int32');
const number = (value: Json | undefined, otherwise = 0): number =>
  value === undefined || value === null ? otherwise : (value as number);

function klEstimators(inputs: Inputs): Named {
  const [policy, reference, mask] = [cube(inputs.policy_logits), cube(inputs.ref_logits), grid(inputs.mask)];
  const refLogSoftmax = logSoftmaxAt(reference, 1);
  const logSoftmax = logSoftmaxAt(policy, 1);
  const logprobsOf = (logits: tf.Tensor3D): tf.Tensor2D => {
    const tokens = ids(inputs.tokens);
    const rows = tf.reshape(logits, [tokens.size, logits.shape[2]]) as tf.Tensor2D;
    return tf.reshape(tokenLogprobs(rows, tf.reshape(tokens, [-1]) as tf.Tensor1D, 1).logprobs, tokens.shape);
  };
  const [chosen, refChosen] = [logprobsOf(policy), logprobsOf(reference)];
  const estimate = (estimator: SampledKlEstimator) => klEstimate(chosen, refChosen, estimator);
  const expected = (estimator: SampledKlEstimator) => expectedKl(logSoftmax, refLogSoftmax, estimator);
  const maskedKl = (logits: tf.Tensor) =>
    tf.sum(tf.mul(expectedKl(logSoftmaxAt(logits as tf.Tensor3D, 1), refLogSoftmax), mask));
  return {
    logprobs: chosen,
    ref_logprobs: refChosen,
    k1: estimate('k1'),
    k2: estimate('k2'),
    k3: estimate('k3'),
    abs: tf.abs(estimate('k1')),
    full_kl: expected('k1'),
    expected_k1: expected('k1'),
    expected_k2: expected('k2'),
    expected_k3: expected('k3'),
    seq_k1_sum: klPerCompletion(estimate('k1'), mask),
    objective_kl: tf.mean(klPerCompletion(estimate('k1'), mask)),
    mean_token_k1: maskedMean(estimate('k1'), mask),
    objective_full_kl: tf.mean(klPerCompletion(expected('k1'), mask)),
    grad_policy_logits_of_sum_masked_full_kl: tf.grad(maskedKl)(policy),
  };
}

function rewards(inputs: Inputs): Named {
  const completionMask = grid(inputs.mask);
  const raw = line(inputs.scores);
  const penalty = number(inputs.missing_eos_penalty);
  const scores = inputs.contains_eos ? penalizeMissingEos(raw, line(inputs.contains_eos), penalty) : raw;
  const estimated = klEstimate(
    grid(inputs.logprobs),
    grid(inputs.ref_logprobs),
    inputs.kl_estimator as SampledKlEstimator,
  );
  const perToken = tf.mul(estimated, completionMask) as tf.Tensor2D;
  const paid = payScores({ scores, kl: perToken, completionMask, klCoef: number(inputs.kl_coef) });
  const kl = klPerCompletion(perToken, completionMask);
  const nonScore = klPerCompletion(paid.nonScoreRewards, completionMask);
  return {
    final_scores: scores,
    kl: perToken,
    non_score_reward: paid.nonScoreRewards,
    rewards: paid.rewards,
    seq_kl: kl,
    seq_non_score_reward: nonScore,
    rlhf_reward: tf.add(scores, nonScore),
    objective_kl: tf.mean(kl),
    objective_non_score_reward: tf.mean(nonScore),
    objective_scores: tf.mean(scores),
    objective_rlhf_reward: tf.mean(tf.add(scores, nonScore)),
  };
}

/** What generation makes of tokens that a network is so sure of that nothing else can be drawn. */
function written(
  sampled: readonly number[][],
  eosId: number,
  padId: number,
): { tokens: tf.Tensor2D; mask: tf.Tensor2D } {
  const vocabSize = 1 + Math.max(...sampled.flat());
  let column = 0;
  const next = () => {
    const tokens = sampled.map((row) => row[column]!);
    column++;
    return oneHot(tf.tensor1d(tokens, 'int32'), vocabSize) as tf.Tensor2D;
  };
  const options = {
    sampling: { temperature: 0, topK: 0, topP: 1 },
    completionLength: sampled[0]!.length,
    eosId,
    padId,
  };
  return finish(generateTokens({ start: next, next }, sampled.length, options, Random.fromSeed(1), 1));
}

function completions(inputs: Inputs): Named {
  const sampled = ids(inputs.responses);
  const stopId = number(inputs.stop_token ?? inputs.truncate_token);
  const { completion, mask, finished } = cutAtStop(sampled, {
    stopId,
    padId: number(inputs.pad_token),
    notBefore: number(inputs.truncate_after),
  });
  const last = lastTokenIndex(mask);
  // another project's place for the score, recorded for information
  const onePast = tf.minimum(tf.add(last, 1), sampled.shape[1] - 1);
  const scored = inputs.scores
    ? replaceMissingEos(line(inputs.scores), finished, number(inputs.penalty_reward_value))
    : null;
  const generated =
    inputs.truncate_after === undefined
      ? written(inputs.responses as number[][], stopId, number(inputs.pad_token))
      : null;
  return {
    postprocessed: generated?.tokens ?? completion,
    last_token_index: last,
    mask: generated?.mask ?? mask,
    mask_plus_one: tf.cast(tf.lessEqual(tf.range(0, sampled.shape[1]), tf.expandDims(onePast, 1)), 'float32'),
    contains_stop: finished,
    passes_filter: finished,
    trl_score_index: onePast,
    scores: scored,
  };
}

function advantages(inputs: Inputs): Named {
  const mask = grid(inputs.mask);
  const estimate = (paid: tf.Tensor2D) =>
    gae(grid(inputs.values), paid, mask, number(inputs.gamma), number(inputs.lam));
  const plain = estimate(grid(inputs.rewards));
  const whitened = whiten(grid(inputs.rewards), mask, { shiftMean: false });
  const fromWhitened = estimate(whitened);
  return {
    ...plain,
    whitened_advantages: whiten(plain.advantages, mask),
    with_whitened_rewards: {
      rewards: whitened,
      ...fromWhitened,
      whitened_advantages: whiten(fromWhitened.advantages, mask),
    },
  };
}

function whitening(inputs: Inputs): Named {
  const [values, mask] = [grid(inputs.values), grid(inputs.mask)];
  return {
    masked_mean: maskedMean(values, mask),
    masked_var_unbiased: maskedMoments(values, mask).variance,
    masked_var_biased: maskedMoments(values, mask, false).variance,
    shift_mean_true: whiten(values, mask),
    shift_mean_false: whiten(values, mask, { shiftMean: false }),
    biased_shift_mean_true: whiten(values, mask, { unbiased: false }),
    biased_shift_mean_false: whiten(values, mask, { unbiased: false, shiftMean: false }),
  };
}

function ppo(inputs: Inputs): Named {
  const completionMask = grid(inputs.mask);
  const policyInputs = (newLogprobs: tf.Tensor2D) => ({
    newLogprobs,
    logprobs: grid(inputs.old_logprobs),
    advantages: grid(inputs.advantages),
    completionMask,
    clipRange: number(inputs.cliprange),
  });
  const valueInputs = (newValues: tf.Tensor2D) => ({
    newValues,
    values: grid(inputs.old_values),
    returns: grid(inputs.returns),
    completionMask,
    clipRangeValue: number(inputs.cliprange_value),
  });
  const [newLogprobs, newValues] = [grid(inputs.new_logprobs), grid(inputs.new_values)];
  const total = (logps: tf.Tensor, values: tf.Tensor) =>
    tf.add(
      policyLoss(policyInputs(logps as tf.Tensor2D)),
      tf.mul(number(inputs.vf_coef), valueLoss(valueInputs(values as tf.Tensor2D))),
    );
  const [gradLogprobs, gradValues] = tf.grads(total as (...x: tf.Tensor[]) => tf.Tensor)([newLogprobs, newValues]);
  const policy = policyStatistics(policyInputs(newLogprobs));
  const value = valueStatistics(valueInputs(newValues));
  return {
    policy_loss: policyLoss(policyInputs(newLogprobs)),
    value_loss: valueLoss(valueInputs(newValues)),
    total_loss: total(newLogprobs, newValues),
    policy_clipfrac: policy.clipFraction,
    value_clipfrac: value.clipFraction,
    approxkl: policy.approxKl,
    policykl: policy.policyKl,
    mean_ratio: policy.meanRatio,
    ratio: tf.mul(policyRatio(newLogprobs, grid(inputs.old_logprobs)), completionMask),
    value_error: value.error,
    returns_mean: value.returnsMean,
    returns_var: value.returnsVariance,
    explained_variance: value.explainedVariance,
    grad_new_logprobs: gradLogprobs as tf.Tensor,
    grad_new_values: gradValues as tf.Tensor,
  };
}

function adaptiveKl(inputs: Inputs): Named {
  let klCoef = number(inputs.init_kl_coef);
  const control = { target: number(inputs.target), horizon: number(inputs.horizon) };
  const after = (inputs.observed_kl as number[]).map((kl) => {
    klCoef = nextKlCoef(klCoef, kl, control, number(inputs.n_steps));
    return klCoef;
  });
  return { kl_coef_after_each_update: after };
}

/** Pairs as what trains takes them: rankings of two, the margin as the difference of their depths. */
function asRankings(chosen: tf.Tensor, rejected: tf.Tensor, margin?: tf.Tensor1D): Parameters<typeof rankingLoss> {
  const side = (better: tf.Tensor, worse: tf.Tensor) => tf.stack([better, worse], 1) as tf.Tensor2D;
  const ranks = side(tf.zeros(chosen.shape), tf.ones(chosen.shape));
  return [side(chosen, rejected), ranks, margin ? { depths: side(tf.zerosLike(margin), margin) } : {}];
}

/** with the term that holds scores around 0 (Eisenstein et al. 2023), which this lab does not train with */
function pairwise(inputs: Inputs): Named {
  const [chosen, rejected] = [line(inputs.chosen_rewards), line(inputs.rejected_rewards)];
  const margin = inputs.margin ? line(inputs.margin) : undefined;
  const loss = (a: tf.Tensor, b: tf.Tensor) => {
    const { loss: ranked } = rankingLoss(...asRankings(a, b, margin));
    return tf.add<tf.Scalar>(
      ranked,
      tf.mul(number(inputs.center_rewards_coefficient), tf.mean(tf.square(tf.add(a, b)))),
    );
  };
  const [gradChosen, gradRejected] = tf.grads(loss as (...x: tf.Tensor[]) => tf.Tensor)([chosen, rejected]);
  return {
    per_pair_loss: pairLosses(chosen, rejected, margin),
    loss: loss(chosen, rejected),
    accuracy: preferenceAccuracy(chosen, rejected),
    mean_margin: tf.mean(tf.sub(chosen, rejected)),
    prob_chosen: tf.sigmoid(tf.sub(chosen, rejected)),
    grad_chosen: gradChosen as tf.Tensor,
    grad_rejected: gradRejected as tf.Tensor,
  };
}

function rewardModel(inputs: Inputs): Named {
  if (inputs.chosen_rewards) return pairwise(inputs);
  if (inputs.raw_rewards) {
    const raw = inputs.raw_rewards as number[];
    const scale = scoreScale(raw, number(inputs.target_mean), number(inputs.target_std, 1));
    return { ...scale, normalised: tf.add(tf.mul(tf.tensor1d(raw), scale.gain), scale.bias) };
  }
  const scores = grid(inputs.rewards);
  if (inputs.best) {
    const best = tf.tensor1d(inputs.best as number[], 'int32');
    return {
      ...bestOfLoss(scores, best),
      grad_rewards: tf.grad((x) => bestOfLoss(x as tf.Tensor2D, best).loss)(scores),
    };
  }
  const ranks = grid(inputs.ranks);
  const { loss, accuracy, pairs } = rankingLoss(scores, ranks);
  const gradient = tf.grad((x) => rankingLoss(x as tf.Tensor2D, ranks).loss)(scores);
  return { loss, accuracy, pairs_per_prompt: pairs, grad_rewards: gradient };
}

const DPO_VARIANTS: Record<string, DpoVariant> = { sigmoid: 'sigmoid', ipo: 'ipo', ipo_avg: 'ipoMean', hinge: 'hinge' };

function dpo(inputs: Inputs): Named {
  const dpoInputs = (policyChosenLogps: tf.Tensor1D, policyRejectedLogps: tf.Tensor1D): DpoInputs => ({
    policyChosenLogps,
    policyRejectedLogps,
    refChosenLogps: line(inputs.ref_chosen_logps),
    refRejectedLogps: line(inputs.ref_rejected_logps),
    beta: number(inputs.beta),
    labelSmoothing: number(inputs.label_smoothing),
    variant: DPO_VARIANTS[inputs.loss_type as string] as DpoVariant,
    ...(inputs.chosen_lengths
      ? { chosenLengths: line(inputs.chosen_lengths), rejectedLengths: line(inputs.rejected_lengths) }
      : {}),
  });
  const [chosen, rejected] = [line(inputs.policy_chosen_logps), line(inputs.policy_rejected_logps)];
  const loss = (a: tf.Tensor, b: tf.Tensor) => dpoLoss(dpoInputs(a as tf.Tensor1D, b as tf.Tensor1D));
  const [gradChosen, gradRejected] = tf.grads(loss as (...x: tf.Tensor[]) => tf.Tensor)([chosen, rejected]);
  const chosenRewards = impliedRewards(chosen, line(inputs.ref_chosen_logps), number(inputs.beta));
  const rejectedRewards = impliedRewards(rejected, line(inputs.ref_rejected_logps), number(inputs.beta));
  return {
    losses: dpoLosses(dpoInputs(chosen, rejected)),
    loss: loss(chosen, rejected),
    chosen_rewards: chosenRewards,
    rejected_rewards: rejectedRewards,
    rewards_chosen_mean: tf.mean(chosenRewards),
    rewards_rejected_mean: tf.mean(rejectedRewards),
    margins_mean: tf.mean(tf.sub(chosenRewards, rejectedRewards)),
    accuracy: preferenceAccuracy(chosenRewards, rejectedRewards),
    grad_policy_chosen: gradChosen as tf.Tensor,
    grad_policy_rejected: gradRejected as tf.Tensor,
  };
}

function ratings(inputs: Inputs): Named {
  const games = inputs.games as unknown as Game[];
  const players = number(inputs.num_players);
  const strengths = bradleyTerry(players, games);
  const options = {
    k: number(inputs.elo_k, 32),
    initial: number(inputs.elo_initial, 1000),
    scale: number(inputs.elo_scale, 400),
    base: number(inputs.elo_base, 10),
  };
  return {
    elo_after_each_game: eloHistory(players, games, options),
    bt_log_strengths: strengths,
    bt_elo_scale: onEloScale(strengths),
    bt_negative_log_likelihood: bradleyTerryLoss(strengths, games),
    bt_win_probabilities: winProbabilities(strengths),
  };
}

function groups(inputs: Inputs): Named {
  const { grpo, unscaled, rloo, mean, std, equalShare } = groupAdvantages(
    line(inputs.rewards),
    number(inputs.num_generations),
  );
  return {
    grpo_advantages: grpo,
    grpo_unscaled_advantages: unscaled,
    rloo_advantages: rloo,
    group_mean: mean,
    group_std_unbiased: std,
    frac_reward_zero_std: equalShare,
  };
}

const KL_INPUTS = ['policy_logits', 'ref_logits', 'tokens', 'mask'];
const REWARD_INPUTS = [
  'scores',
  'logprobs',
  'ref_logprobs',
  'mask',
  'kl_coef',
  'kl_estimator',
  'missing_eos_penalty',
  'contains_eos',
];
const STOP_INPUTS = [
  'responses',
  'stop_token',
  'truncate_token',
  'truncate_after',
  'pad_token',
  'scores',
  'penalty_reward_value',
];
const PPO_INPUTS = [
  ...['old_logprobs', 'new_logprobs', 'old_values', 'new_values', 'mask', 'advantages', 'returns'],
  ...['cliprange', 'cliprange_value', 'vf_coef'],
];
const SCORE_INPUTS = [
  ...['chosen_rewards', 'rejected_rewards', 'center_rewards_coefficient', 'margin'],
  ...['rewards', 'ranks', 'best', 'raw_rewards', 'target_mean', 'target_std'],
];
const DPO_INPUTS = [
  ...['policy_chosen_logps', 'policy_rejected_logps', 'ref_chosen_logps', 'ref_rejected_logps'],
  ...['beta', 'label_smoothing', 'loss_type', 'chosen_lengths', 'rejected_lengths'],
];
const RATING_INPUTS = ['num_players', 'games', 'elo_k', 'elo_initial', 'elo_scale', 'elo_base'];

export function describeGoldenLosses(): void {
  describe('formulas against the reference vectors', () => {
    itReproduces('b_kl_estimators', KL_INPUTS, klEstimators);
    itReproduces('c_reward_assembly', REWARD_INPUTS, rewards);
    itReproduces('c2_response_processing', STOP_INPUTS, completions);
    itReproduces('d_gae', ['values', 'rewards', 'mask', 'gamma', 'lam'], advantages);
    itReproduces('e_whiten', ['values', 'mask'], whitening);
    itReproduces('f_ppo_loss', PPO_INPUTS, ppo);
    itReproduces(
      'g_adaptive_kl',
      ['init_kl_coef', 'target', 'horizon', 'n_steps', 'observed_kl'],
      adaptiveKl,
      'float64',
    );
    itReproduces('h_reward_model_loss', SCORE_INPUTS, rewardModel);
    itReproduces('i_dpo', DPO_INPUTS, dpo);
    itReproduces('n_ratings', RATING_INPUTS, ratings, (output, file) => {
      if (output === 'bt_elo_scale') return { abs: 0.02, rel: 0 };
      return { abs: toleranceOf(file, output.startsWith('elo') ? 'elo' : 'bt').abs, rel: 0 };
    });
    itReproduces('o_group_advantages', ['rewards', 'num_generations'], groups);
  });
}
