/** Numbers on their way back: several steps in flight, staging buffers used again, nothing lost by storing in between. */
import { describe, expect, it } from 'vitest';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import { Readback, readbackOf } from '../../../src/core/kernels/gpu/readback';
import { tf } from '../../../src/core/tf';
import { PretrainRun, pretrain } from '../../../src/core/train/pretrain';
import { LAB, MODEL, take, ticking } from '../../core/train/tiny';
import { toyCorpus as corpus } from '../../core/train/toy';
import { withBackend } from '../../helpers/backend';

withBackend('webgpu', { executor: 'fused' });

const gpuNow = (): Gpu => currentGpu() as Gpu;
const model = { ...MODEL, vocabSize: corpus.tokenizer.vocabSize, contextLength: 8 };
const config = { ...LAB.pretrain, steps: 9, batchSize: 4, evalEvery: 4, warmupSteps: 0, learningRate: 0.02 };
const create = (): PretrainRun => new PretrainRun({ seed: 1, config, model, corpus, fixedPrompt: 'a' });
const lossesOf = (reports: { step: number; metrics: Record<string, number | undefined> }[]) =>
  reports.map(({ step, metrics }) => [step, metrics['train/loss'], metrics['eval/loss']]);

describe('steps in flight', () => {
  it('give the numbers of steps that wait for each other, in their order', async () => {
    const hasty = create();
    expect(hasty.depth).toBe(3);
    const patient = Object.defineProperty(create(), 'depth', { value: 1 });
    const reports = await take(pretrain(hasty, ticking()), 9);
    expect(lossesOf(reports)).toEqual(lossesOf(await take(pretrain(patient, ticking()), 9)));
    expect(readbackOf(gpuNow()).made).toBeLessThanOrEqual(3);
    for (const run of [hasty, patient]) run.dispose();
  });

  it('are stored with the run, so that not one report is lost', async () => {
    const through = create();
    const expected = lossesOf(await take(pretrain(through, ticking()), 9));
    const run = create();
    const before = lossesOf(await take(pretrain(run, ticking()), 2));
    const saved = await run.save();
    expect(saved.state.unreported?.length).toBeGreaterThan(0);
    expect(run.reported).toBe(2);
    const resumed = create();
    resumed.load({ ...saved, state: JSON.parse(JSON.stringify(saved.state)) });
    expect(resumed.reported).toBe(2);
    const after = lossesOf(await take(pretrain(resumed, ticking()), 7));
    expect([...before, ...after]).toEqual(expected);
    for (const one of [through, run, resumed]) one.dispose();
  });
});

describe('reading back', () => {
  it('uses its staging buffers again', async () => {
    const readback = new Readback(gpuNow());
    for (let i = 0; i < 4; i++) expect([...(await readback.read(tf.tensor1d([i, 2])))]).toEqual([i, 2]);
    expect(readback.made).toBe(1);
    const both = await Promise.all([readback.read(tf.tensor1d([5])), readback.read(tf.add(tf.ones([100]), 1))]);
    expect(both.map((values) => values.at(-1))).toEqual([5, 2]);
    expect(readback.made).toBe(2);
  });

  it('wakes a browser that looks for finished work too rarely', async () => {
    const { device } = gpuNow();
    const { queue } = device;
    let empty = 0;
    const submit = queue.submit.bind(queue);
    queue.submit = (buffers) => {
      if ([...buffers].length === 0) empty++;
      return submit(buffers);
    };
    const slow = new Readback(gpuNow(), true);
    const mapAsync = GPUBuffer.prototype.mapAsync;
    GPUBuffer.prototype.mapAsync = async function (this: GPUBuffer, ...args) {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return mapAsync.apply(this, args);
    };
    expect([...(await slow.read(tf.tensor1d([7])))]).toEqual([7]);
    GPUBuffer.prototype.mapAsync = mapAsync;
    queue.submit = submit;
    expect(empty).toBeGreaterThan(0);
  });
});
