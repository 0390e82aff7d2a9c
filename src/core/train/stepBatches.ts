/** The newest step of DPO, of the reward model and of fine-tuning, as the page shows it in numbers. */
import type { BothSides, DpoBatch, FineTuneBatch, RewardBatch } from '../../contract/stepBatch';
import { readNumbers } from '../kernels/readNumbers';
import { dpoLosses } from '../losses/dpoLoss';
import { tf } from '../tf';
import { preferenceInputs } from './dpo';
import type { DpoRun } from './dpoRun';
import type { FineTuneRun } from './fineTuneRun';
import type { RewardRun } from './rewardRun';

/** [2B], the chosen halves first */
const sideOf = (values: Float32Array, i: number): BothSides => ({
  chosen: values[i]!,
  rejected: values[values.length / 2 + i]!,
});

export async function dpoBatch({ record, inputs }: DpoRun): Promise<DpoBatch | null> {
  const read = await record.read();
  if (!read) return null;
  const { facts, numbers } = read;
  const { logps, refLogps, lengths } = numbers as Record<'logps' | 'refLogps' | 'lengths', Float32Array>;
  const losses = await readNumbers(
    tf.tidy(() => {
      const [policy, reference, tokens] = [logps, refLogps, lengths].map((values) => tf.tensor1d(values));
      return dpoLosses(preferenceInputs(policy!, reference!, tokens!, inputs.config));
    }),
  );
  const pairs = facts.pairs.map(({ prompt, chosen, rejected }, i) => ({
    prompt,
    chosen,
    rejected,
    policy: sideOf(logps, i),
    reference: sideOf(refLogps, i),
    lengths: sideOf(lengths, i),
    loss: losses[i]!,
  }));
  return { kind: 'dpo', step: facts.step, config: inputs.config, pairs };
}

export async function rewardBatch({ record, inputs }: RewardRun): Promise<RewardBatch | null> {
  const read = await record.read();
  if (!read) return null;
  const { facts, numbers } = read;
  const { scores, loss } = numbers as Record<'scores' | 'loss', Float32Array>;
  const comparisons = facts.comparisons.map(({ prompt, completions, ranks, depths }, i) => ({
    prompt,
    completions,
    ranks,
    depths: depths.map((depth) => depth * inputs.config.strengthMargin),
    scores: completions.map((_, k) => scores[facts.rows[i]![k]!]!),
  }));
  return { kind: 'reward', step: facts.step, comparisons, loss: loss[0]! };
}

export async function fineTuneBatch({ record, inputs }: FineTuneRun): Promise<FineTuneBatch | null> {
  const read = await record.read();
  if (!read) return null;
  const { facts, numbers } = read;
  const { logprobs, completionMask, tokens, loss } = numbers as Record<
    'logprobs' | 'completionMask' | 'tokens' | 'loss',
    Float32Array
  >;
  const count = facts.prompts.length;
  const [length, columns] = [completionMask.length / count, tokens.length / count];
  const texts = facts.prompts.map((prompt, row) => {
    const counted = Array.from({ length }, (_, t) => t).filter((t) => completionMask[row * length + t]! > 0);
    const idOf = (t: number) => tokens[row * columns + columns - length + t]!;
    return {
      prompt,
      tokens: counted.map((t) => inputs.corpus.tokenizer.tokenText(idOf(t))),
      logprobs: counted.map((t) => logprobs[row * length + t]!),
    };
  });
  return { kind: 'finetune', step: facts.step, texts, loss: loss[0]! };
}
