/** What a batch of rollouts looks like to a person: texts with colours for their tokens, gold scores, before and after. */

import type { MetricValues } from '../../contract/metrics';
import type { BeforeAfter, RolloutRow } from '../../contract/observations';
import { tf } from '../tf';
import type { Experience } from './experience';
import type { PpoRun } from './ppoRun';
import { healthMetrics, textHealth } from './textHealth';
import { type Completion, complete, decodeRows } from './texts';

const SHOWN_ROWS = 12;
const FIXED_PROMPTS = 6;

export async function readTexts(
  run: PpoRun,
  prompts: readonly string[],
  { batch, completionMask }: Pick<Experience, 'batch' | 'completionMask'>,
): Promise<Completion[]> {
  const [tokens, mask] = await Promise.all([batch.tokens.data(), completionMask.data()]);
  return decodeRows(run.inputs.corpus, prompts, tokens, mask);
}

/** null on the visitor's own text */
const goldOf = (run: PpoRun, { prompt, completion, finished }: Completion): number | null =>
  run.inputs.corpus.gold(run.inputs.rater, prompt, completion, finished);

/** Share of prompts on which the first text is the better one, ties one half. */
export function winRate(gold: readonly number[], baseGold: readonly number[]): number {
  const wins = gold.reduce((sum, score, i) => sum + (score > baseGold[i]! ? 1 : score === baseGold[i]! ? 0.5 : 0), 0);
  return wins / Math.max(1, gold.length);
}

/** Gold scores of the rollouts, and of what the reference writes to the same prompts; nothing where there is no gold. */
async function goldMetrics(run: PpoRun, texts: readonly Completion[]): Promise<MetricValues> {
  const gold = texts.map((text) => goldOf(run, text)).filter((score) => score !== null);
  if (gold.length < texts.length) return {};
  const sampling = { temperature: run.inputs.config.temperature, topK: 0, topP: 1 };
  const prompts = texts.map(({ prompt }) => prompt);
  const base = await complete(run.reference, run.inputs.corpus, prompts, sampling, run.stream('reference samples'));
  const baseGold = base.map((text) => goldOf(run, text) ?? 0);
  return {
    'gold/score': gold.reduce((sum, score) => sum + score, 0) / Math.max(1, gold.length),
    'gold/winRate': winRate(gold, baseGold),
  };
}

export async function textMetrics(run: PpoRun, texts: readonly Completion[]): Promise<MetricValues> {
  const health = healthMetrics(textHealth(texts, run.inputs.corpus));
  return { 'completion/count': texts.length, ...health, ...(await goldMetrics(run, texts)) };
}

/** The first rows of the batch, token by token. One read-back. */
export async function rolloutRows(run: PpoRun, texts: readonly Completion[], experience: Experience): Promise<RolloutRow[]> {
  const { logprobs, refLogprobs, values, rawAdvantages, rewards, scores } = experience;
  const shown = Math.min(SHOWN_ROWS, texts.length);
  const table = tf.tidy(() => {
    const columns = [tf.sub(logprobs, refLogprobs), values, rawAdvantages, rewards].map((x) => tf.slice(x, [0, 0], [shown, -1]));
    return tf.stack(columns) as tf.Tensor3D; // [4,rows,G]
  });
  const [numbers, scored] = await Promise.all([table.array(), scores.data()]);
  table.dispose();
  const [logRatios, critic, advantages, paid] = numbers as [number[][], number[][], number[][], number[][]];
  return texts.slice(0, shown).map((text, row) => ({
    prompt: text.prompt,
    tokens: text.tokens.map((id, t) => ({
      text: run.inputs.corpus.tokenizer.tokenText(id),
      logRatio: logRatios[row]![t]!,
      value: critic[row]![t]!,
      advantage: advantages[row]![t]!,
      reward: paid[row]![t]!,
    })),
    score: scored[row]!,
    gold: goldOf(run, text),
    kl: logRatios[row]!.slice(0, text.tokens.length).reduce((sum, x) => sum + x, 0),
  }));
}

/** The same prompts and the same random numbers for the reference and the policy as it stands. */
export async function beforeAfter(run: PpoRun): Promise<BeforeAfter[]> {
  const { corpus, config } = run.inputs;
  const prompts = corpus.prompts(run.fixedStream('fixed prompts'), FIXED_PROMPTS);
  const sampling = { temperature: config.temperature, topK: 0, topP: 1 };
  const write = (network: typeof run.policy) => complete(network, corpus, prompts, sampling, run.fixedStream('fixed samples'));
  const before =
    run.before ?? (await write(run.reference)).map(({ prompt, completion }) => ({ prompt, before: completion, after: completion }));
  run.before = before;
  const after = await write(run.policy);
  return before.map((row, i) => ({ ...row, after: after[i]!.completion }));
}
