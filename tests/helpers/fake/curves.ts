/** The numbers of a scripted run: smooth, believable, the same every time. */
import type { PpoPhase, RunSpec } from '../../../src/contract/domain';
import type { MetricValues } from '../../../src/contract/metrics';
import type { RewardReview, RewardRound, RolloutRow } from '../../../src/contract/observations';
import { type Rater, roundOf, type VoteSource } from '../../../src/contract/preferences';
import { type Choice, choicesIn } from './choices';
import * as stories from './stories';

const FLOOR = 1.12;
const wobble = (purpose: string, size: number): number => (stories.unit(purpose) - 0.5) * size;
/** what a step asks of the graphics card; its clock is looked at now and then */
const costs = (dispatches: number, scriptMs: number, step: number): MetricValues => ({
  'perf/dispatches': dispatches,
  'perf/jsMs': scriptMs + wobble(`js ${step}`, 1),
  ...(step % 3 === 0 ? { 'perf/gpuMs': 4 * scriptMs } : {}),
});
const rise = (step: number, scale: number): number => 1 - Math.exp(-step / scale);

function pretrain(step: number, spec: Extract<RunSpec, { kind: 'pretrain' }>): MetricValues {
  const { learningRate, warmupSteps, evalEvery, steps, batchSize } = spec.config;
  const scale = Math.max(1, steps / 6);
  const loss = FLOOR + 4.3 * Math.exp(-step / scale) + 0.15;
  const values: MetricValues = {
    'train/loss': loss + wobble(`loss ${step}`, 0.1),
    'train/lr': learningRate * Math.min(1, step / Math.max(1, warmupSteps)),
    'train/gradNorm': 0.4 + 2 * Math.exp(-step / scale) + wobble(`norm ${step}`, 0.2),
    'perf/stepMs': 52 + wobble(`ms ${step}`, 6),
    'perf/tokensPerSecond': (batchSize * 22) / 0.052,
    ...costs(95, 7, step),
  };
  if (step % evalEvery !== 0 && step !== steps) return values;
  return {
    ...values,
    'eval/loss': loss + 0.05,
    'eval/aboveFloor': loss + 0.05 - FLOOR,
    'eval/grammatical': 0.98 * rise(step, scale),
    'eval/coherent': 0.85 * rise(step, 2 * scale),
    'eval/analogies': 0.02 + 0.6 * rise(step, 2 * scale),
    ...writing(13),
  };
}

function reward(step: number, total: number): MetricValues {
  const learned = rise(step, Math.max(1, total / 4));
  return {
    'reward/loss': 0.69 - 0.42 * learned + wobble(`loss ${step}`, 0.05),
    'reward/trainAccuracy': 0.5 + 0.44 * learned,
    'reward/accuracy': 0.5 + 0.38 * learned,
    'reward/margin': 1.8 * learned,
    'train/lr': 2e-3 * (1 - step / (total + 1)),
    'train/gradNorm': 1.2 + wobble(`norm ${step}`, 0.4),
    'perf/stepMs': 38,
  };
}

/** texts that are all well but for their grammar */
const writing = (length: number): MetricValues => ({
  'completion/distinct': 0.98,
  'completion/distinct2': 0.4,
  'completion/duplicates': 0.02,
  'completion/length': length,
  'val/num_eos_tokens': 0.99,
});

/** where a policy stands and what it writes, as it moves away */
const fresh = (learned: number, kl: number): MetricValues => ({
  'axis/kl': kl,
  'axis/gold': -0.2 + learned,
  'gold/score': -0.2 + learned,
  'gold/winRate': 0.5 + 0.25 * learned,
  'completion/grammatical': 0.96 - 0.05 * learned,
  ...writing(13),
});

function finetune(step: number, total: number, spec: Extract<RunSpec, { kind: 'finetune' }>): MetricValues {
  const { epochs, learningRate } = spec.config;
  const learned = rise(step, Math.max(1, total / 4));
  const values: MetricValues = {
    'train/loss': 2.2 - learned + wobble(`loss ${step}`, 0.1),
    'train/epoch': (epochs * step) / total,
    'train/lr': learningRate * (1 - (0.9 * step) / total),
    'train/gradNorm': 0.8 + wobble(`norm ${step}`, 0.2),
    'perf/stepMs': 40,
  };
  if (step !== 1 && (epochs * step) % total >= epochs) return values;
  const wish: MetricValues = spec.wish ? { 'eval/wishShare': 0.1 + 0.8 * learned } : {};
  const kept: MetricValues = step === total ? { 'train/keptEpoch': epochs } : {};
  return { ...values, ...fresh(learned, 6 * learned), ...wish, ...kept, 'eval/loss': 2.25 - 0.9 * learned };
}

function dpo(step: number, total: number, spec: Extract<RunSpec, { kind: 'dpo' }>): MetricValues {
  const { beta, learningRate, evalEvery } = spec.config;
  const learned = rise(step - 1, Math.max(1, total / 3));
  const [chosen, rejected] = [0.6 * learned, -2.4 * learned];
  const pairs = (prefix: '' | 'eval_', share: number): MetricValues => ({
    [`${prefix}rewards/margins`]: share * (chosen - rejected),
    [`${prefix}rewards/accuracies`]: 0.5 + 0.45 * share * learned,
    [`${prefix}logps/chosen`]: -12 + (share * chosen) / beta,
    [`${prefix}logps/rejected`]: -13 + (share * rejected) / beta,
  });
  const values: MetricValues = {
    'dpo/loss': Math.LN2 - 0.5 * learned + wobble(`loss ${step}`, 0.04) * learned,
    'dpo/nll_loss': 0.95,
    'rewards/chosen': chosen,
    'rewards/rejected': rejected,
    ...pairs('', 1),
    'train/lr': learningRate,
    'train/gradNorm': 3,
    'perf/stepMs': 60,
  };
  if (step !== 1 && step % evalEvery !== 0 && step !== total) return values;
  const judged: MetricValues = spec.rewardId === null ? {} : { 'axis/score': 1.3 * learned };
  const seen = { ...fresh(learned, 2 * learned), ...judged };
  return { ...values, ...seen, ...pairs('eval_', 0.8), 'eval_dpo/loss': Math.LN2 - 0.4 * learned };
}

function ppo(iteration: number, klCoef: number, learningRate: number): MetricValues {
  const learned = rise(iteration, 7);
  const kl =
    iteration === 0 ? 0 : learned * Math.min(40, 0.4 / Math.max(klCoef, 0.01)) + wobble(`kl ${iteration}`, 0.2);
  const strayed = Math.max(0, kl - 12); // nats further than texts stay readable
  const score = 1.6 * learned + 0.04 * strayed + wobble(`score ${iteration}`, 0.15);
  return {
    'objective/scores': score,
    'objective/kl': kl,
    'objective/klExact': kl * 0.97,
    'objective/kl_coef': klCoef,
    'objective/non_score_reward': -klCoef * kl,
    'objective/rlhf_reward': score - klCoef * kl,
    'objective/entropy': 12 - 3 * learned,
    'policy/entropy_avg': 1 - 0.25 * learned,
    'policy/approxkl_avg': 0.02,
    'policy/clipfrac_avg': 0.12 + wobble(`clip ${iteration}`, 0.04),
    'loss/policy_avg': -0.03,
    'loss/value_avg': 0.4 - 0.25 * learned,
    'val/clipfrac_avg': 0.05,
    'val/ratio': 1 + wobble(`ratio ${iteration}`, 0.02),
    'val/explained_var': 0.7 * learned,
    'val/skipped': 0,
    'gold/score': -0.2 + 1.2 * learned - 0.09 * strayed,
    'gold/winRate': Math.max(0, 0.5 + 0.35 * learned - 0.03 * strayed),
    'completion/grammatical': Math.max(0, 0.96 - 0.04 * strayed),
    ...writing(13 - 2 * learned),
    'train/lr': learningRate,
    'train/gradNorm': 0.8,
    'perf/stepMs': 640,
    ...costs(1900, 110, iteration),
  };
}

/** @param knobs as they act now; ignored outside PPO */
export function valuesAt(
  spec: RunSpec,
  step: number,
  total: number,
  knobs: { klCoef: number; learningRate: number },
): MetricValues {
  if (spec.kind === 'pretrain') return pretrain(step, spec);
  if (spec.kind === 'finetune') return finetune(step, total, spec);
  if (spec.kind === 'reward') return reward(step, total);
  if (spec.kind === 'dpo') return dpo(step, total, spec);
  return ppo(step, knobs.klCoef, knobs.learningRate);
}

export const PHASE_MS: Record<PpoPhase, number> = { rollout: 180, evaluation: 60, optimisation: 400 };

/** newer texts are stranger to it */
function roundAt(round: number, choices: readonly Choice[], accuracy: number, rater: Rater | null): RewardRound {
  const pairs = choices.filter((choice) => roundOf(choice) === round).length;
  const heldOutPairs = Math.ceil(pairs / 5);
  const share = Math.max(0.5, accuracy - 0.05 * (round - 1));
  const gold = rater === null ? { goldPairs: 0, gold: null } : { goldPairs: heldOutPairs, gold: share - 0.02 };
  return { round, pairs, heldOutPairs, accuracy: share, low: share - 0.1, high: Math.min(1, share + 0.1), ...gold };
}

export function reviewAt(step: number, total: number, spec: Extract<RunSpec, { kind: 'reward' }>): RewardReview {
  const accuracy = reward(step, total)['reward/accuracy'] ?? 0.5;
  const decided = choicesIn(spec.opinions);
  const rounds = [...new Set(decided.map(roundOf))].sort((a, b) => a - b);
  const from = (wanted: VoteSource) => decided.filter(({ source }) => source === wanted).length;
  const margins = (count: number, purpose: string) =>
    Array.from({ length: count }, (_, i) => 3 * (accuracy - 0.5) + wobble(`${purpose} ${i}`, 4));
  return {
    margins: margins(80, 'train'),
    heldOutMargins: margins(40, 'held out'),
    accuracy,
    low: accuracy - 0.08,
    high: Math.min(1, accuracy + 0.07),
    heldOutPairs: 40,
    pairs: {
      human: from('human'),
      simulated: from('simulated'),
      imported: from('imported'),
      rule: spec.useRule ? spec.config.ruleLabels : 0,
    },
    disagreements: [0, 1, 2].map((i) => ({
      prompt: stories.prompt(`disagree ${i}`),
      chosen: stories.completion(`chosen ${i}`, 0),
      rejected: stories.completion(`rejected ${i}`, 1),
      margin: -0.4 - 0.3 * i,
      heldOut: i === 0,
    })),
    ...(rounds.length > 1 && { byRound: rounds.map((round) => roundAt(round, decided, accuracy, spec.rater ?? null)) }),
    lengthShare: 0.07,
    example: { chosenScore: 0.9, rejectedScore: -0.3, loss: Math.log(1 + Math.exp(-1.2)) },
  };
}

export function rolloutsAt(step: number): RolloutRow[] {
  return Array.from({ length: 6 }, (_, row) => {
    const text = stories.completion(`rollout ${step} ${row}`, 0.4 + step / 60);
    const pieces = [...stories.words(text), '<eos>'];
    return {
      prompt: stories.prompt(`rollout ${step} ${row}`),
      tokens: pieces.map((piece, i) => ({
        text: piece,
        logRatio: wobble(`ratio ${step} ${row} ${i}`, 0.8),
        value: wobble(`value ${row} ${i}`, 2),
        advantage: wobble(`advantage ${step} ${row} ${i}`, 3),
        reward: i === pieces.length - 1 ? 0.9 : wobble(`reward ${row} ${i}`, 0.1),
      })),
      score: 1.1 + wobble(`score ${step} ${row}`, 1),
      gold: stories.gold({ name: 'happy' }, text),
      kl: 2.4 + wobble(`kl ${step} ${row}`, 1),
    };
  });
}

/** causal, rows sum to 1, each head with a taste of its own */
export function attention(text: string, layers: number, heads: number) {
  const tokens = ['<bos>', ...stories.words(text)];
  const length = tokens.length;
  const weights = new Float32Array(layers * heads * length * length);
  for (let head = 0; head < layers * heads; head++) {
    for (let row = 0; row < length; row++) {
      const base = (head * length + row) * length;
      let sum = 0;
      for (let column = 0; column <= row; column++) {
        const look = Math.exp(
          3 * stories.unit(`${head} ${tokens[row]} ${tokens[column]}`) - (row - column) / (1 + head),
        );
        weights[base + column] = look;
        sum += look;
      }
      for (let column = 0; column <= row; column++) weights[base + column] = (weights[base + column] ?? 0) / sum;
    }
  }
  return { tokens, layers, heads, weights };
}
