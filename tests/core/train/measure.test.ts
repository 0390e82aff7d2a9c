import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CausalNetwork } from '../../../src/core/model/causalNetwork';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { axisMetrics, type MeasureInputs, measurePolicy } from '../../../src/core/train/measure';
import { healthMetrics } from '../../../src/core/train/textHealth';
import { disposeBatch, encodePrompts } from '../../../src/core/train/texts';
import { withBackend } from '../../helpers/backend';
import { corpus, untrained } from './tiny';

withBackend('wasm');

let base: CausalNetwork;
let other: CausalNetwork;
let rewardModel: CausalNetwork;
beforeAll(() => {
  base = untrained(1);
  other = untrained(2);
  rewardModel = untrained(3).clone('rewardModel', { language: false, scalar: true });
  rewardModel.setScoreScale(1, 0.75); // the head is 0, so every text scores the bias
});
afterAll(() => {
  for (const network of [base, other, rewardModel]) network.dispose();
});

const inputs = (changes: Partial<MeasureInputs> = {}): MeasureInputs => ({
  policy: other,
  reference: base,
  rewardModel: { network: rewardModel, pooling: 'last' },
  rater: { name: 'happy' },
  corpus,
  prompts: corpus.prompts(Random.fromSeed(3), 10),
  temperature: 0.7,
  random: Random.fromSeed(4),
  ...changes,
});

describe('measuring a policy', () => {
  it('finds the reference itself at distance exactly 0', async () => {
    const { measurement } = await measurePolicy(inputs({ policy: base }));
    expect(measurement.kl).toEqual({ value: 0, error: 0 });
  });

  it('sums the divergence over the whole vocabulary at every state of the policy’s own texts', async () => {
    const { measurement, texts } = await measurePolicy(inputs());
    // by their ids: an untrained model also writes <pad> and <bos>, which no text can spell
    const prompts = encodePrompts(corpus, inputs().prompts);
    const rows = texts.map(({ tokens }) =>
      Array.from({ length: corpus.completionLength }, (_, t) => tokens[t] ?? corpus.tokenizer.padId),
    );
    const tokens = tf.tidy(() => tf.concat2d([prompts.tokens, tf.tensor2d(rows, undefined, 'int32')], 1));
    const [batch, promptLength] = [{ tokens, leftPad: prompts.leftPad }, corpus.promptLength];
    const mask = texts.map((text) => rows[0]!.map((_, t) => t < text.tokens.length));
    const [own, theirs] = [other, base].map(
      (network) => network.logits(batch, promptLength - 1).arraySync() as number[][][],
    );
    const logSoftmax = (logits: number[]) => {
      const scaled = logits.map((x) => x / 0.7);
      const top = Math.max(...scaled);
      const total = top + Math.log(scaled.reduce((sum, x) => sum + Math.exp(x - top), 0));
      return scaled.map((x) => x - total);
    };
    const perText = mask.map((row, i) =>
      row.reduce((sum, counts, t) => {
        if (!counts) return sum;
        const [p, q] = [logSoftmax(own![i]![t]!), logSoftmax(theirs![i]![t]!)];
        return sum + p.reduce((kl, x, v) => kl + Math.exp(x) * (x - q[v]!), 0);
      }, 0),
    );
    disposeBatch(batch);
    disposeBatch({ tokens: prompts.tokens, leftPad: null });
    const mean = perText.reduce((sum, x) => sum + x, 0) / perText.length;
    expect(measurement.kl.value).toBeCloseTo(mean, 4);
    expect(measurement.kl.value).toBeGreaterThan(0);
    const spread = Math.sqrt(
      perText.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (perText.length - 1) / perText.length,
    );
    expect(measurement.kl.error).toBeCloseTo(spread, 4);
  });

  it('asks the reward model and the rater about the same texts', async () => {
    const { measurement, texts } = await measurePolicy(inputs());
    expect(measurement.score).toEqual({ value: 0.75, error: 0 });
    const gold = texts.map((text) => corpus.gold({ name: 'happy' }, text.prompt, text.completion, text.finished)!);
    expect(measurement.gold!.value).toBeCloseTo(gold.reduce((sum, x) => sum + x, 0) / gold.length, 6);
    expect(measurement.length).toBeCloseTo(texts.reduce((sum, { tokens }) => sum + tokens.length, 0) / texts.length, 6);
    expect(measurement.finished).toBe(texts.filter(({ finished }) => finished).length / texts.length);
    expect(measurement.texts).toBe(10);
  });

  it('gives the same numbers for the same prompts and random stream, others for another stream', async () => {
    const [first, again, fresh] = [
      await measurePolicy(inputs()),
      await measurePolicy(inputs()),
      await measurePolicy(inputs({ random: Random.fromSeed(5) })),
    ];
    expect(again).toEqual(first);
    expect(fresh.measurement.kl.value).not.toBe(first.measurement.kl.value);
  });

  it('says nothing about what is not there: reward model, rater, grammar', async () => {
    const bare = (await measurePolicy(inputs({ rewardModel: null, rater: null }))).measurement;
    expect([bare.score, bare.gold]).toEqual([null, null]);
    expect(Object.keys(axisMetrics(bare))).toEqual(['axis/kl']);
    const own = { ...corpus, gold: () => null, attributes: () => null };
    const text = (await measurePolicy(inputs({ corpus: own }))).measurement;
    expect([text.gold, text.grammatical, text.coherent]).toEqual([null, null, null]);
    expect(healthMetrics(text)).not.toHaveProperty('completion/grammatical');
  });

  it('writes in parts when the vocabulary is large, and misses no prompt', async () => {
    // three rows at once
    const wide = { ...corpus, tokenizer: { ...corpus.tokenizer, vocabSize: 4e6 / corpus.completionLength / 3 } };
    const { measurement, texts } = await measurePolicy(inputs({ corpus: wide }));
    expect(measurement.texts).toBe(10);
    expect(texts.map(({ prompt }) => prompt)).toEqual(inputs().prompts);
  });

  it('refuses to measure nothing, and keeps no tensors', async () => {
    await expect(measurePolicy(inputs({ prompts: [] }))).rejects.toThrow(/at least one prompt/);
    const before = tf.memory().numTensors;
    await measurePolicy(inputs());
    expect(tf.memory().numTensors).toBe(before);
  });
});
