import { describe, expect, it } from 'vitest';
import type { FineTuneConfig } from '../../../src/contract/config';
import type { Demonstration } from '../../../src/contract/preferences';
import type { CausalNetwork } from '../../../src/core/model/causalNetwork';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { demonstrationLoss, fineTune } from '../../../src/core/train/fineTune';
import { type FineTuneInputs, FineTuneRun } from '../../../src/core/train/fineTuneRun';
import { disposeTexts, encodeTexts } from '../../../src/core/train/texts';
import { withBackend } from '../../helpers/backend';
import {
  corpus,
  expectNoLeak,
  expectSameTensors,
  freedAfterEach,
  LAB,
  sharedBase,
  take,
  throughStorage,
  ticking,
} from './tiny';

withBackend('wasm');

const base = sharedBase();
const demonstrations = (count: number): Demonstration[] =>
  corpus.samples(Random.fromSeed(8), count).map(({ prompt, completion }, i) => ({
    demonstrationId: `d${i}`,
    prompt,
    completion,
    source: 'grammar',
  }));
const freed = freedAfterEach<FineTuneRun>();
const inputs = (config: Partial<FineTuneConfig> = {}, rest: Partial<FineTuneInputs> = {}): FineTuneInputs => ({
  seed: 1,
  config: {
    ...LAB.finetune,
    epochs: 3,
    batchSize: 4,
    warmupSteps: 1,
    learningRate: 0.02,
    heldOutShare: 0.2,
    evalSamples: 4,
    ...config,
  },
  base: base(),
  corpus,
  demonstrations: demonstrations(20),
  wish: null,
  rater: { name: 'happy' },
  rewardModel: null,
  ...rest,
});
function create(config: Partial<FineTuneConfig> = {}, rest: Partial<FineTuneInputs> = {}): FineTuneRun {
  return freed(new FineTuneRun(inputs(config, rest)));
}
const stepsOf = (run: FineTuneRun, count = 999) => take(fineTune(run, ticking()), count);
const numbers = ({ metrics }: { metrics: object }) => ({ ...metrics, 'perf/stepMs': 0, 'perf/tokensPerSecond': 0 });

describe('the loss of demonstrations', () => {
  const texts = () => encodeTexts(corpus, [{ prompt: 'the fox found a kite .', completion: 'he was glad .' }]);

  it('is the mean over the completion’s tokens, <eos> included', async () => {
    const batch = texts();
    const loss = tf.tidy(() => demonstrationLoss(base(), batch).loss);
    const { logprobs, entropy } = base().logprobs(batch.batch, batch.promptLength, 1);
    const perToken = Array.from(await logprobs.data());
    expect((await loss.data())[0]).toBeCloseTo(-perToken.slice(0, 5).reduce((sum, x) => sum + x, 0) / 5, 6);
    tf.dispose([loss, logprobs, entropy]);
    disposeTexts(batch);
  });

  it('gives what stands before and after the completion no gradient', async () => {
    const batch = texts();
    const logprobs = tf.fill([1, corpus.completionLength], -2) as tf.Tensor2D;
    const asked: number[] = [];
    const gradient = tf.grad((x) => {
      const standIn: Pick<CausalNetwork, 'logprobs'> = {
        logprobs: (_, from) => {
          asked.push(from);
          return { logprobs: x as tf.Tensor2D, entropy: x as tf.Tensor2D };
        },
      };
      return demonstrationLoss(standIn as CausalNetwork, batch).loss;
    })(logprobs);
    const values = [...(await gradient.data())];
    expect(asked).toEqual([corpus.promptLength]);
    for (const value of values.slice(0, 5)) expect(value).toBeCloseTo(-1 / 5, 6);
    for (const value of values.slice(5)) expect(Math.abs(value)).toBe(0);
    tf.dispose([logprobs, gradient]);
    disposeTexts(batch);
  });
});

describe('fine-tuning', () => {
  it('reads every demonstration once an epoch, and evaluates after each', async () => {
    const run = create();
    expect(run.train.length + run.heldOut.length).toBe(20);
    const reports = await stepsOf(run);
    expect(reports).toHaveLength(Math.ceil((3 * run.train.length) / 4));
    expect(reports.at(-1)!.metrics['train/epoch']).toBeCloseTo(3, 1);
    const evaluated = reports.filter(({ metrics }) => metrics['eval/loss'] !== undefined).map(({ step }) => step);
    expect(evaluated).toEqual([1, ...[1, 2, 3].map((epoch) => Math.ceil((epoch * run.train.length) / 4))]);
    expect(reports[0]!.beforeAfter!.length).toBe(4);
  });

  it('learns to write like its demonstrations', async () => {
    const same = demonstrations(30).map((one) => ({
      ...one,
      completion: 'thank you , said the owl . he was so glad .',
    }));
    const wish = { happy: false, polite: true, short: false, animal: 'owl' };
    const run = create({ epochs: 12, learningRate: 0.05 }, { demonstrations: same, wish });
    const reports = await stepsOf(run);
    const [first, last] = [reports[0]!.metrics, reports.at(-1)!.metrics];
    expect(last['eval/loss']!).toBeLessThan(0.2 * first['eval/loss']!);
    expect(first['eval/wishShare']).toBe(0);
    expect(last['eval/wishShare']!).toBeGreaterThan(0.7);
    expect(last['axis/kl']!).toBeGreaterThan(1);
  });

  it('keeps the epoch that held-out demonstrations surprised least', async () => {
    const run = create({ epochs: 8, learningRate: 0.5, heldOutShare: 0.5 });
    const reports = await stepsOf(run);
    const losses = reports.filter(({ step }) => step > 1).flatMap(({ metrics }) => metrics['eval/loss'] ?? []);
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(reports.at(-1)!.metrics['train/keptEpoch']).toBe(best);
    expect(best, 'this rate is meant to overshoot').toBeLessThan(8);
    expect(run.best!.metrics['eval/loss']).toBe(Math.min(...losses));
    const [first] = await stepsOf(create({ learningRate: 0, heldOutShare: 0.5 }, { base: run.network }), 1);
    expect(first!.metrics['eval/loss']).toBeCloseTo(Math.min(...losses), 5);
  });

  it('chooses no epoch by a handful of held-out demonstrations', async () => {
    const run = create({ epochs: 8, learningRate: 0.5, heldOutShare: 0.2 });
    const reports = await stepsOf(run);
    expect(reports.at(-1)!.metrics).toMatchObject({ 'train/keptEpoch': 8, 'eval/heldOut': 4 });
    expect(run.best).toBeNull();
  });

  it('keeps the epoch that the reward model likes best, or the last when asked to', async () => {
    const judge = base().clone('rewardModel', { language: false, scalar: true });
    const weights = await judge.save();
    for (const [name, tensor] of Object.entries(weights))
      if (/head/i.test(name)) tensor.data = tensor.data.map((_, i) => Math.sin(3 * i));
    judge.load(weights);
    const run = create(
      { epochs: 4, learningRate: 0.1, selectBy: 'score' },
      { rewardModel: { network: judge, pooling: 'sum' } },
    );
    const reports = await stepsOf(run);
    const scores = reports.filter(({ step }) => step > 1).flatMap(({ metrics }) => metrics['axis/score'] ?? []);
    expect(new Set(scores).size).toBeGreaterThan(1);
    expect(reports.at(-1)!.metrics['train/keptEpoch']).toBe(scores.indexOf(Math.max(...scores)) + 1);
    const last = await stepsOf(create({ epochs: 4, learningRate: 0.5, selectBy: 'last' }));
    expect(last.at(-1)!.metrics['train/keptEpoch']).toBe(4);
    judge.dispose();
  });

  it('goes on to the same numbers and the same selection after it was stored and restored', async () => {
    const config = { epochs: 4, learningRate: 0.5 };
    const [through, interrupted] = [create(config), create(config)];
    const expected = await stepsOf(through);
    await stepsOf(interrupted, 9);
    const resumed = create(config);
    resumed.load(throughStorage(await interrupted.save()));
    const rest = await stepsOf(resumed);
    expect(rest.map(numbers)).toEqual(expected.slice(9).map(numbers));
    expectSameTensors((await resumed.save()).tensors, (await through.save()).tensors);
  });

  it('takes a batch no larger than its demonstrations', async () => {
    const reports = await stepsOf(
      create({ batchSize: 64, epochs: 2, heldOutShare: 0 }, { demonstrations: demonstrations(5) }),
    );
    expect(reports.map(({ metrics }) => metrics['train/epoch'])).toEqual([1, 2]);
    expect(reports[0]!.metrics['eval/loss']).toBeUndefined();
    expect(reports[1]!.metrics['train/keptEpoch']).toBe(2);
  });

  it('says what is missing with three demonstrations', () => {
    expect(() => new FineTuneRun(inputs({}, { demonstrations: demonstrations(3) }))).toThrow('there are 3');
  });

  it('leaves the base model as it was', async () => {
    const before = await base().save();
    await stepsOf(create({ learningRate: 0.5 }), 3);
    expectSameTensors(await base().save(), before);
  });

  it('keeps no tensors over fifty steps, and none after it is disposed of', async () => {
    base();
    const before = tf.memory().numTensors;
    const run = create({ epochs: 20 });
    await expectNoLeak(fineTune(run, ticking()), 6, 50);
    freed.now(run);
    expect(tf.memory().numTensors).toBe(before);
  });
});
