/**
 * Every way in which the fused executor can fail ends on the portable one, with the reason told and the run where it
 * was.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import { preferExecutor, prepareExecutor } from '../../../src/core/model/executor';
import { startBackend } from '../../../src/core/tf';
import { type Loopback, loopback } from '../../worker/loopback';
import { pretrainSpec, STORIES } from '../../worker/specs';

const gpuOf = (): Gpu => currentGpu() as Gpu;

/** a run of the session that has taken two steps on the fused executor */
async function startedRun(): Promise<Loopback> {
  const lab = loopback();
  const info = await lab.client.call('engine/start', { backend: 'webgpu', executor: 'auto' });
  expect(info.executor).toBe('fused');
  await lab.client.call('corpus/stories', { config: STORIES, seed: 1 });
  await lab.client.call('run/create', { runId: 'base', spec: pretrainSpec() });
  for (let step = 0; step < 2; step++) await lab.client.call('run/step', { runId: 'base' });
  return lab;
}

async function expectPortable(lab: Loopback, why: RegExp): Promise<void> {
  await expect
    .poll(() => lab.events.find(({ event }) => event === 'engine/changed')?.data, { timeout: 20_000 })
    .toMatchObject({
      info: { backend: 'webgpu', executor: 'portable', reason: expect.stringMatching(why) },
      error: { code: 'engine/executor' },
    });
}

describe('when the fused executor fails', () => {
  it('with an error that nobody waits for, the run goes on from its last snapshot', async () => {
    const lab = await startedRun();
    gpuOf().device.createBuffer({ size: 4, usage: 0 });
    await expectPortable(lab, /fused executor stopped/);
    const state = await lab.client.call('run/step', { runId: 'base' });
    expect(state).toMatchObject({ step: 3, status: 'paused' });
  }, 120_000);

  it('because a limit is exceeded, the step is done by the portable one', async () => {
    const lab = await startedRun();
    const { device } = gpuOf();
    Object.defineProperty(device, 'limits', { value: cramped(device) });
    await lab.client.call('run/create', {
      runId: 'other',
      spec: { ...pretrainSpec(), config: { ...pretrainSpec().config, batchSize: 5 } },
    });
    await lab.client.call('run/step', { runId: 'other' });
    await expectPortable(lab, /this card gives 1 MB/);
    expect((await lab.client.call('run/step', { runId: 'other' })).step).toBeGreaterThan(0);
  }, 120_000);
});

/** a card with little room in one buffer: for the weights of the miniature, not for a step of it */
const ROOM = 32 * 1024;
const cramped = ({ limits }: GPUDevice): GPUSupportedLimits =>
  new Proxy(limits, { get: (all, name) => (name === 'maxBufferSize' ? ROOM : all[name as keyof GPUSupportedLimits]) });

describe('when a kernel does not compile', () => {
  beforeEach(async () => {
    await startBackend('webgpu');
    preferExecutor('auto');
  });

  it('networks are portable from the beginning, and the reason is told', async () => {
    const { device } = gpuOf();
    device.createComputePipelineAsync = async () => {
      throw new Error('no such instruction');
    };
    const { model } = presetConfig('tiny');
    const choice = await prepareExecutor({ ...model, vocabSize: 77 });
    expect(choice).toEqual({ executor: 'portable', reason: 'a kernel does not compile here: no such instruction' });
  });
});
