/** The batch of a method, one example after another: its texts, and a line a quantity. */
import type { FormulaId } from '../../../contract/formulas';
import { countOf } from '../../../contract/numbers';
import type { BestOfPrompt } from '../../../contract/observations';
import type { RewardChoice } from '../../../contract/settings/whichReward';
import type {
  ComparisonNumbers,
  DpoBatch,
  DpoPairNumbers,
  FineTuneBatch,
  RewardBatch,
} from '../../../contract/stepBatch';
import { type LoopPart, payerOf } from './loop';
import { asSet, behind, digits, type NumberLine } from './tokenLines';

export interface NumberedItem {
  prompt: string;
  texts: { name: string; text: string }[];
  lines: NumberLine[];
}

const each = (lines: readonly [string, FormulaId][], name = 'Each step'): readonly LoopPart[] => [
  { name, lines: lines.map(([code, formula], i) => ({ phase: i + 1, code, formula })) },
];

const LOOPS = {
  dpo: each([
    ['log π of both sides, summed', 'logprob'],
    ['log π_ref of both sides', 'logprob'],
    ['h = (log π − log π_ref) of chosen − of rejected', 'dpo'],
    ['L = −log σ(βh), or as the loss is set', 'dpo'],
  ]),
  reward: each([
    ['one score a text', 'rewardModel'],
    ['−log σ(r_better − r_worse − margin) of every pair', 'pair'],
    ['L = mean over the pairs of the ranking', 'ranking'],
  ]),
  finetune: each([
    ['log π of every token of the completion', 'logprob'],
    ['L = −mean log π', 'completionLoss'],
  ]),
} as const;

/** @returns the pseudo-code of a method, a phase a line; of the best of N with who pays */
export const methodLoop = (kind: keyof typeof LOOPS | 'bestOf', payer: RewardChoice): readonly LoopPart[] =>
  kind !== 'bestOf'
    ? LOOPS[kind]
    : each(
        [
          [`N samples; ${payerOf(payer).code}`, payerOf(payer).formula],
          ['text = argmax r', 'bestOf'],
          ['KL ≤ log N − (N − 1)/N', 'bestOfDistance'],
        ],
        'Each prompt',
      );

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

function dpoLossWords({ config }: DpoBatch, h: number): { words: string; formula: FormulaId } {
  const { loss, beta, labelSmoothing } = config;
  if (loss === 'ipo' || loss === 'ipoMean')
    return { words: `(${digits(h)} − 1 ÷ (2 × ${asSet(beta)}))²`, formula: 'ipo' };
  const margin = digits(beta * h);
  if (loss === 'hinge') return { words: `max(0, 1 − ${behind(beta * h)})`, formula: 'hingeDpo' };
  if (labelSmoothing === 0) return { words: `−log σ(${margin})`, formula: 'dpo' };
  const [right, wrong] = [asSet(1 - labelSmoothing), asSet(labelSmoothing)];
  const [kept, flipped] = [`${right} × −log σ(${margin})`, `${wrong} × −log σ(${digits(-beta * h)})`];
  return loss === 'robust'
    ? { words: `(${kept} − ${flipped}) ÷ (1 − 2 × ${wrong})`, formula: 'robustDpo' }
    : { words: `${kept} + ${flipped}`, formula: 'conservativeDpo' };
}

function dpoLines(batch: DpoBatch, pair: DpoPairNumbers): NumberLine[] {
  const { policy, reference, lengths, loss } = pair;
  const byLength = batch.config.loss === 'ipoMean' || batch.config.loss === 'sigmoidMean';
  const part = (side: 'chosen' | 'rejected') => {
    const ratio = policy[side] - reference[side];
    const words = `${digits(policy[side])} − ${behind(reference[side])}`;
    return byLength
      ? { value: ratio / Math.max(1, lengths[side]), words: `(${words}) ÷ ${countOf(lengths[side], 'token')}` }
      : { value: ratio, words };
  };
  const [chosen, rejected] = [part('chosen'), part('rejected')];
  const h = chosen.value - rejected.value;
  return [
    { phase: 1, name: 'log π, chosen', words: 'summed over its tokens', value: policy.chosen, formula: 'logprob' },
    { phase: 1, name: 'log π, rejected', words: 'summed over its tokens', value: policy.rejected, formula: 'logprob' },
    {
      phase: 2,
      name: 'log π_ref, chosen',
      words: 'the reference on the same text',
      value: reference.chosen,
      formula: 'logprob',
    },
    {
      phase: 2,
      name: 'log π_ref, rejected',
      words: 'the reference on the same text',
      value: reference.rejected,
      formula: 'logprob',
    },
    { phase: 3, name: 'log-ratio, chosen', ...chosen, formula: 'dpo' },
    { phase: 3, name: 'log-ratio, rejected', ...rejected, formula: 'dpo' },
    { phase: 3, name: 'h', words: `${digits(chosen.value)} − ${behind(rejected.value)}`, value: h, formula: 'dpo' },
    {
      phase: 4,
      name: 'margin βh',
      words: `${asSet(batch.config.beta)} × ${behind(h)}`,
      value: batch.config.beta * h,
      formula: 'dpo',
    },
    { phase: 4, name: 'loss', ...dpoLossWords(batch, h), value: loss },
    ...dpoBatchLines(batch),
  ];
}

/** from the losses of the pairs to the number of the chart, with the fine-tuning term where there is one */
function dpoBatchLines({ pairs, config: { rpoAlpha } }: DpoBatch): NumberLine[] {
  const preference = mean(pairs.map(({ loss }) => loss));
  const name = 'loss of the batch';
  if (rpoAlpha === 0)
    return [{ phase: 4, name, words: `mean of ${countOf(pairs.length, 'pair')}`, value: preference, formula: 'dpo' }];
  const tokens = sumOf(pairs.map(({ lengths }) => lengths.chosen));
  const surprise = -sumOf(pairs.map(({ policy }) => policy.chosen)) / Math.max(1, tokens);
  return [
    {
      phase: 4,
      name: 'surprise, chosen',
      words: `−(sum of log π, chosen) ÷ ${countOf(tokens, 'token')} of all pairs`,
      value: surprise,
      formula: 'completionLoss',
    },
    {
      phase: 4,
      name,
      words: `mean of ${countOf(pairs.length, 'pair')}, ${digits(preference)}, + ${asSet(rpoAlpha)} × ${digits(surprise)}`,
      value: preference + rpoAlpha * surprise,
      formula: 'dpo',
    },
  ];
}

export const dpoItems = (batch: DpoBatch): NumberedItem[] =>
  batch.pairs.map((pair) => ({
    prompt: pair.prompt,
    texts: [
      { name: 'chosen', text: pair.chosen },
      { name: 'rejected', text: pair.rejected },
    ],
    lines: dpoLines(batch, pair),
  }));

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const mean = (values: readonly number[]): number => sumOf(values) / Math.max(1, values.length);

function rewardLines({ scores, ranks, depths }: ComparisonNumbers): NumberLine[] {
  const rewardOf: NumberLine[] = scores.map((value, i) => ({
    phase: 1,
    name: `r, text ${i + 1}`,
    words: `of rank ${ranks[i]}`,
    value,
    formula: 'rewardModel',
  }));
  const pairs: NumberLine[] = scores.flatMap((better, i) =>
    scores.flatMap((worse, j) => {
      if (ranks[i]! >= ranks[j]!) return [];
      const margin = depths[j]! - depths[i]!;
      const wanted = margin > 0 ? ` − ${asSet(margin)}` : '';
      return {
        phase: 2,
        name: `text ${i + 1} over ${j + 1}`,
        words: `−log σ(${digits(better)} − ${behind(worse)}${wanted})`,
        value: softplus(worse - better + margin),
        formula: 'pair',
      };
    }),
  );
  const words = pairs.length === 1 ? 'of its one pair' : `mean of ${pairs.length} pairs`;
  return [
    ...rewardOf,
    ...pairs,
    { phase: 3, name: 'loss', words, value: mean(pairs.map(({ value }) => value)), formula: 'ranking' },
  ];
}

export const rewardItems = ({ comparisons, loss }: RewardBatch): NumberedItem[] =>
  comparisons.map((comparison) => ({
    prompt: comparison.prompt,
    texts: comparison.completions.map((text, i) => ({ name: `text ${i + 1}, rank ${comparison.ranks[i]}`, text })),
    lines: [
      ...rewardLines(comparison),
      {
        phase: 3,
        name: 'loss of the batch',
        words: `mean of ${countOf(comparisons.length, 'comparison')}`,
        value: loss,
        formula: 'rewardModel',
      },
    ],
  }));

const tokensOf = ({ texts }: FineTuneBatch): number => sumOf(texts.map(({ logprobs }) => logprobs.length));

export const fineTuneItems = (batch: FineTuneBatch): NumberedItem[] =>
  batch.texts.map(({ prompt, tokens, logprobs }) => ({
    prompt,
    texts: [{ name: 'shown', text: tokens.join(' ') }],
    lines: [
      ...logprobs.map(
        (value, i): NumberLine => ({
          phase: 1,
          name: `${i + 1}. ${tokens[i]}`,
          words: `probability ${digits(Math.exp(value))}`,
          value,
          formula: 'logprob',
        }),
      ),
      {
        phase: 2,
        name: 'loss of this text',
        words: `−(sum of ${logprobs.length} log π) ÷ ${logprobs.length}`,
        value: -mean(logprobs),
        formula: 'completionLoss',
      },
      {
        phase: 2,
        name: 'loss of the batch',
        words: `−(sum of ${tokensOf(batch)} log π) ÷ ${tokensOf(batch)}, all ${countOf(batch.texts.length, 'text')}`,
        value: batch.loss,
        formula: 'completionLoss',
      },
    ],
  }));

/**
 * @param n how many of the samples there are to choose from
 * @param payer whose numbers they are
 */
export const bestOfItems = (prompts: readonly BestOfPrompt[], n: number, payer: RewardChoice): NumberedItem[] =>
  prompts.map(({ prompt, samples }) => {
    const drawn = samples.slice(0, n);
    const best = drawn.reduce((winner, sample, i) => (sample.score > drawn[winner]!.score ? i : winner), 0);
    const count = drawn.length;
    return {
      prompt,
      texts: [{ name: 'winner', text: drawn[best]!.completion }],
      lines: [
        ...drawn.map(
          ({ completion, score }, i): NumberLine => ({
            phase: 1,
            name: `r, sample ${i + 1}`,
            words: completion,
            value: score,
            formula: payerOf(payer).formula,
          }),
        ),
        {
          phase: 2,
          name: 'highest score',
          words: `sample ${best + 1} of ${count}`,
          value: drawn[best]!.score,
          formula: 'bestOf',
        },
        {
          phase: 3,
          name: 'distance at most',
          words: `ln ${count} − ${count - 1}/${count}`,
          value: Math.log(count) - (count - 1) / count,
          formula: 'bestOfDistance',
        },
      ],
    };
  });
