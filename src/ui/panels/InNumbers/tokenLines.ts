/** One token of a batch from its probability to its loss: each quantity with the digits that were put into it. */
import { KL_ERROR_CLIP, type PpoConfig } from '../../../contract/config';
import type { FormulaId } from '../../../contract/formulas';
import { fixed, rounded } from '../../../contract/numbers';
import type { PpoBatch } from '../../../contract/ppoBatch';
import { ruleName, weightsOf } from '../../../contract/settings/whichReward';
import { formatRate } from '../../primitives/format';
import { payerOf } from './loop';

/** Where in a batch one looks. */
export interface TokenAt {
  row: number;
  token: number;
  epoch: number;
}

export interface NumberLine {
  phase: number;
  name: string;
  words: string;
  value: number;
  formula: FormulaId;
}

const DECIMALS = 3;
export const ROUNDED = 'rounded to 3 digits, trained on in 32-bit';
export const digits = (value: number): string => fixed(value, DECIMALS);
/** a number behind a sign keeps its own in brackets */
export const behind = (value: number): string => (rounded(value, DECIMALS) < 0 ? `(${digits(value)})` : digits(value));
/** a setting as it was set */
export const asSet = formatRate;

/** where a token stands in every table */
export const tokenIndex = ({ length }: PpoBatch, { row, token }: TokenAt): number => row * length + token;
const isLast = ({ rollouts }: PpoBatch, { row, token }: TokenAt): boolean => token >= rollouts[row]!.tokens.length - 1;

/** what the text earns with all its tokens, in nats and score */
export function returnOf({ rollouts, tokens, length }: PpoBatch, row: number): number {
  const rewards = tokens.rewards.subarray(row * length, row * length + rollouts[row]!.tokens.length);
  return rewards.reduce((sum, reward) => sum + reward, 0);
}

const KL_WORDS: Record<PpoConfig['klEstimator'], (d: string) => string> = {
  k1: (d) => `${d}`,
  k2: (d) => `(${d})² ÷ 2`,
  k3: (d) => `exp(−d) − 1 + d, with d = ${d}`,
  exact: () => 'over the whole vocabulary at this place',
};

/** what a text is worth at its end */
const SCORE_WORDS: Record<PpoConfig['rewardFrom'], (config: PpoConfig) => string> = {
  model: () => 'of the text, by the reward model',
  rule: (config) => `of the text, by the rule “${ruleName(config)}”`,
  mix: (config) => `${asSet(weightsOf(config).score)} × the model’s + ${asSet(config.ruleWeight)} × the rule’s`,
};
const times = ({ rewardScale }: PpoConfig): string => (rewardScale === 1 ? '' : `, times ${asSet(rewardScale)}`);

function seen(batch: PpoBatch, at: TokenAt): NumberLine[] {
  const { tokens, rollouts, config } = batch;
  const i = tokenIndex(batch, at);
  const { score, tokens: words } = rollouts[at.row]!;
  const next = isLast(batch, at)
    ? 'after the last token there is none'
    : `the next one is ${digits(tokens.values[i + 1]!)}`;
  const value: NumberLine = {
    phase: 4,
    name: 'value V',
    words: `before this token; ${next}`,
    value: tokens.values[i]!,
    formula: 'value',
  };
  return [
    {
      phase: 1,
      name: 'log π',
      words: `“${words[at.token]}” when it was written`,
      value: tokens.logprobs[i]!,
      formula: 'logprob',
    },
    {
      phase: 2,
      name: 'log π_ref',
      words: 'the reference on the same token',
      value: tokens.refLogprobs[i]!,
      formula: 'logprob',
    },
    {
      phase: 3,
      name: 'score',
      words: `${SCORE_WORDS[config.rewardFrom](config)}${times(config)}, paid at its end`,
      value: score,
      formula: payerOf(config).formula,
    },
    ...(config.advantages === 'gae' ? [value] : []),
  ];
}

function priceWords({ klPlacement, klCoef }: PpoConfig, kl: number): string {
  if (klPlacement !== 'reward') return '0, as KL is paid in the loss';
  return klCoef === 0 ? '0, as β is 0' : `−${asSet(klCoef)} × ${behind(kl)}`;
}

function paid(batch: PpoBatch, at: TokenAt): NumberLine[] {
  const { tokens, config, rollouts } = batch;
  const i = tokenIndex(batch, at);
  const difference = `${digits(tokens.logprobs[i]!)} − ${behind(tokens.refLogprobs[i]!)}`;
  const kl = tokens.kl[i]!;
  const price = priceWords(config, kl);
  const end = isLast(batch, at) ? ` + ${behind(rollouts[at.row]!.score)}, the score` : '';
  const scaled = config.whitenRewards ? '; then in units of their spread' : '';
  const formula = config.klEstimator === 'exact' ? 'exactKl' : 'klEstimators';
  return [
    { phase: 5, name: 'kl', words: KL_WORDS[config.klEstimator](difference), value: kl, formula },
    { phase: 5, name: 'reward r', words: `${price}${end}${scaled}`, value: tokens.rewards[i]!, formula: 'reward' },
  ];
}

function chain(batch: PpoBatch, at: TokenAt): NumberLine[] {
  const { tokens, config } = batch;
  const i = tokenIndex(batch, at);
  const last = isLast(batch, at);
  const next = last ? 0 : tokens.values[i + 1]!;
  const delta = `${digits(tokens.rewards[i]!)} + ${asSet(config.gamma)} × ${behind(next)} − ${behind(tokens.values[i]!)}`;
  const decay = `${asSet(config.gamma * config.lam)} × ${behind(tokens.rawAdvantages[i + 1] ?? 0)}, the next token’s`;
  return [
    { phase: 6, name: 'surprise δ', words: delta, value: tokens.tdErrors[i]!, formula: 'tdError' },
    {
      phase: 6,
      name: 'advantage A',
      words: last ? 'δ alone: nothing comes after' : `${digits(tokens.tdErrors[i]!)} + ${decay}`,
      value: tokens.rawAdvantages[i]!,
      formula: 'gae',
    },
  ];
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The group of a text: rows of the same prompt side by side. */
function group(batch: PpoBatch, at: TokenAt): NumberLine[] {
  const { advantages, groupSize } = batch.config;
  if (advantages === 'gae') return [];
  const from = at.row - (at.row % groupSize);
  const all = Array.from({ length: groupSize }, (_, k) => returnOf(batch, from + k));
  const own = returnOf(batch, at.row);
  const others = all.filter((_, k) => from + k !== at.row);
  const spread = Math.sqrt(mean(all.map((one) => (one - mean(all)) ** 2)) * (groupSize / Math.max(groupSize - 1, 1)));
  const words =
    advantages === 'rloo'
      ? `${digits(own)} − ${behind(mean(others))}, the mean of the others`
      : `(${digits(own)} − ${behind(mean(all))}) ÷ (${digits(spread)} + 0.0001)`;
  const value = batch.tokens.rawAdvantages[tokenIndex(batch, at)]!;
  return [
    { phase: 5, name: 'return R', words: 'all rewards of the text', value: own, formula: 'reward' },
    { phase: 6, name: 'its group', words: all.map(digits).join('; '), value: mean(all), formula: advantages },
    { phase: 6, name: 'advantage A', words, value, formula: advantages },
  ];
}

/** √(var + 1e-8): where all advantages are alike it is small, and no division by 0 */
const spreadWords = (spread: number): string => (rounded(spread, DECIMALS) === 0 ? asSet(spread) : digits(spread));

function whitened(batch: PpoBatch, at: TokenAt): NumberLine[] {
  const { tokens, whitening } = batch;
  if (!whitening) return [];
  const i = tokenIndex(batch, at);
  const words = `(${digits(tokens.rawAdvantages[i]!)} − ${behind(whitening.mean)}) ÷ ${spreadWords(whitening.spread)}`;
  return [{ phase: 6, name: 'whitened', words, value: tokens.advantages[i]!, formula: 'whitening' }];
}

/** ρ held within the band; without a clip as it is */
const held = (ratio: number, range: number): number =>
  range > 0 ? Math.min(1 + range, Math.max(1 - range, ratio)) : ratio;

function learned(batch: PpoBatch, at: TokenAt): NumberLine[] {
  const epoch = batch.epochs[at.epoch];
  if (!epoch) return [];
  const i = tokenIndex(batch, at);
  const ratio = epoch.ratio[i]!;
  const [unclipped, clipped] = [epoch.unclipped[i]!, epoch.clipped[i]!];
  const push = digits(-batch.tokens.advantages[i]!);
  const difference = `${digits(epoch.newLogprobs[i]!)} − ${behind(batch.tokens.logprobs[i]!)}`;
  return [
    { phase: 7, name: 'ratio ρ', words: `exp(${difference})`, value: ratio, formula: 'ratio' },
    { phase: 7, name: 'unclipped', words: `${push} × ${digits(ratio)}`, value: unclipped, formula: 'ppo' },
    {
      phase: 7,
      name: 'clipped',
      words: `${push} × ${digits(held(ratio, batch.config.clipRange))}`,
      value: clipped,
      formula: 'ppo',
    },
    {
      phase: 7,
      name: 'loss',
      words: `the larger of ${digits(unclipped)} and ${digits(clipped)}${clipped > unclipped ? ': clipped' : ''}`,
      value: epoch.loss[i]!,
      formula: 'ppo',
    },
  ];
}

/** by how much the KL of the batch is off its target, as a share, held within what moves β */
function klError({ klTarget }: PpoConfig, kl: number): number {
  return Math.min(KL_ERROR_CLIP, Math.max(-KL_ERROR_CLIP, kl / klTarget - 1));
}

function adapted({ config, adapted: by, rollouts }: PpoBatch): NumberLine {
  const { klCoef, klTarget, klHorizon } = config;
  const line = { phase: 8, formula: 'adaptiveKl' } as const;
  if (!by) return { ...line, name: 'β', words: 'fixed: it stays', value: klCoef };
  const share = `${behind(klError(config, by.kl))} × ${rollouts.length} ÷ ${asSet(klHorizon)}`;
  const words = `${asSet(klCoef)} × (1 + ${share}), as KL is ${digits(by.kl)} a text and ${asSet(klTarget)} is wanted`;
  return { ...line, name: 'next β', words, value: by.next };
}

/** @returns a line a quantity, in the order of the loop */
export const tokenLines = (batch: PpoBatch, at: TokenAt): NumberLine[] => [
  ...seen(batch, at),
  ...paid(batch, at),
  ...(batch.config.advantages === 'gae' ? chain(batch, at) : group(batch, at)),
  ...whitened(batch, at),
  ...learned(batch, at),
  adapted(batch),
];
