import { describe, expect, it } from 'vitest';
import { tf } from '../../../src/core/tf';
import { pretrain } from '../../../src/core/train/pretrain';
import { PretrainRun } from '../../../src/core/train/pretrainRun';
import { withBackend } from '../../helpers/backend';
import {
  corpus,
  expectNoLeak,
  expectSameTensors,
  freedAfterEach,
  LAB,
  MODEL,
  take,
  throughStorage,
  ticking,
} from './tiny';

withBackend('wasm');

const freed = freedAfterEach<PretrainRun>();
function create(changes: Partial<typeof LAB.pretrain> = {}, seed = 1): PretrainRun {
  const config = {
    ...LAB.pretrain,
    steps: 60,
    batchSize: 4,
    warmupSteps: 2,
    learningRate: 0.01,
    evalEvery: 20,
    ...changes,
  };
  return freed(new PretrainRun({ seed, config, model: MODEL, corpus, fixedPrompt: corpus.summary.samples[0]!.prompt }));
}

describe('pre-training', () => {
  it('starts near ln V and learns', async () => {
    const run = create();
    const reports = await take(pretrain(run, ticking()), 60);
    expect(reports[0]!.metrics['train/loss']).toBeCloseTo(Math.log(MODEL.vocabSize), 0);
    expect(reports.at(-1)!.metrics['eval/loss']!).toBeLessThan(reports[0]!.metrics['eval/loss']! - 1);
  });

  it('reports loss, rate, norm and speed at every step, and judges what it writes at evaluations', async () => {
    const reports = await take(pretrain(create({ steps: 3, evalEvery: 2 }), ticking()), 9);
    expect(reports.map(({ step }) => step)).toEqual([1, 2, 3]);
    for (const { metrics } of reports)
      for (const id of ['train/loss', 'train/lr', 'train/gradNorm', 'perf/stepMs', 'perf/tokensPerSecond'] as const)
        expect(metrics[id]).toBeGreaterThan(0);
    expect(reports[1]!.sample!.prompt).toBe(corpus.summary.samples[0]!.prompt);
    const { 'eval/loss': loss, 'eval/aboveFloor': above } = reports[1]!.metrics;
    expect(above).toBeCloseTo(loss! - corpus.summary.entropy!.natsPerToken, 6);
    expect(reports[1]!.metrics).toMatchObject({
      'eval/grammatical': expect.any(Number),
      'eval/coherent': expect.any(Number),
      'eval/analogies': expect.any(Number),
    });
    for (const id of [
      'completion/distinct',
      'completion/distinct2',
      'completion/duplicates',
      'val/num_eos_tokens',
    ] as const) {
      expect(reports[1]!.metrics[id]).toBeGreaterThanOrEqual(0);
      expect(reports[1]!.metrics[id]).toBeLessThanOrEqual(1);
    }
    expect(reports[1]!.metrics['completion/length']).toBeGreaterThanOrEqual(1);
  });

  it('gives the same numbers for the same seed, and others for another', async () => {
    const losses = async (seed: number) =>
      (await take(pretrain(create({}, seed), ticking()), 3)).map(({ metrics }) => metrics['train/loss']);
    expect(await losses(1)).toEqual(await losses(1));
    expect(await losses(1)).not.toEqual(await losses(2));
  });

  it('is looked at without a trace: the weights are the same, looked at after every step or hardly ever', async () => {
    const [often, seldom] = [create({ steps: 6, evalEvery: 1 }), create({ steps: 6, evalEvery: 100 })];
    for (const run of [often, seldom]) await take(pretrain(run, ticking()), 6);
    expectSameTensors((await often.save()).tensors, (await seldom.save()).tensors);
  });

  it('goes on to the same numbers after it was stored and restored', async () => {
    const [through, interrupted, resumed] = [create(), create(), create()];
    const expected = await take(pretrain(through, ticking()), 8);
    await take(pretrain(interrupted, ticking()), 5);
    resumed.load(throughStorage(await interrupted.save()));
    const rest = await take(pretrain(resumed, ticking()), 3);
    expect(rest.map(({ step, metrics }) => [step, metrics['train/loss']])).toEqual(
      expected.slice(5).map(({ step, metrics }) => [step, metrics['train/loss']]),
    );
    expectSameTensors((await resumed.save()).tensors, (await through.save()).tensors);
  });

  it('stops at the first loss that is not a number and names it', async () => {
    const run = create({ learningRate: 1e30, warmupSteps: 0 });
    await expect(take(pretrain(run, ticking()), 60)).rejects.toMatchObject({
      code: 'run/nonFinite',
      message: expect.stringMatching(/\(eval\/loss\) became .* at step 1/),
    });
  });

  it('keeps no tensors over fifty steps, and none after it is disposed of', async () => {
    const before = tf.memory().numTensors;
    const run = create();
    await expectNoLeak(pretrain(run, ticking()), 2, 55);
    freed.now(run);
    expect(tf.memory().numTensors).toBe(before);
  });
});
