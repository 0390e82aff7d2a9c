/** A real device that goes away while the lab computes on it: everything goes on elsewhere, from what was saved. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { RunSpec } from '../../src/contract/domain';
import type { RunState } from '../../src/contract/protocol';
import { startKernels, stopKernels } from '../../src/core/kernels/wasm/player';
import { tf } from '../../src/core/tf';
import { kernelFiles } from '../helpers/kernels';
import { type Loopback, loopback } from '../worker/loopback';
import { ppoSpec, pretrainSpec, rewardSpec, SAMPLING, SLOW, STORIES } from '../worker/specs';

const deviceOf = (): GPUDevice => (tf.backend() as unknown as { device: GPUDevice }).device;

/** as when a driver is reset: nobody of ours closed it */
async function loseDevice(): Promise<void> {
  const device = deviceOf();
  device.destroy();
  await device.lost;
}

const stepsOf = (lab: Loopback, runId: string): number[] =>
  lab.of('run/metrics').flatMap((data) => (data.runId === runId ? data.points.map(({ step }) => step) : []));
const stateOf = (lab: Loopback, runId: string) => lab.of('run/state').findLast((state) => state.runId === runId);

async function openLab(): Promise<Loopback> {
  const lab = loopback();
  const info = await lab.client.call('engine/start', { backend: 'webgpu', executor: 'auto' });
  expect(info).toMatchObject({ backend: 'webgpu', executor: 'fused' });
  await lab.client.call('corpus/stories', { config: STORIES, seed: 1 });
  return lab;
}

/** plays until a step is done, saves, plays a while longer, loses the device, and goes on to the end on what is left */
async function expectToSurvive(lab: Loopback, runId: string, spec: RunSpec): Promise<void> {
  const { client } = lab;
  await client.call('run/create', { runId, spec });
  await client.call('run/play', { runId });
  await lab.until('run/metrics', (data) => data.runId === runId);
  await client.call('run/snapshot', { runId });
  await loseDevice();
  const changed = await lab.until('engine/changed', () => true);
  expect(changed.info).toMatchObject({ backend: 'wasm', reason: 'webgpu stopped working' });
  expect(changed.error?.code).toBe('webgpu/lost');
  const stands = stateOf(lab, runId) as RunState;
  expect(stands.status).toBe('paused');
  expect(stands.message).toMatch(/^The graphics device was lost; this run stands at step \d+/);
  expect(stands.step).toBeGreaterThan(0);
  expect(stands.step).toBeLessThan(stands.totalSteps);

  const told = stepsOf(lab, runId).length;
  await client.call('run/play', { runId });
  await lab.until('run/state', (state) => state.runId === runId && state.status === 'done');
  const rest = Array.from({ length: stands.totalSteps - stands.step }, (_, i) => stands.step + 1 + i);
  expect(stepsOf(lab, runId).slice(told)).toEqual(rest);
  expect(lab.of('run/failed')).toEqual([]);
  expect(tf.getBackend()).toBe('wasm');
}

describe('when the device goes away', () => {
  let lab: Loopback;
  beforeEach(async () => {
    lab = await openLab();
  }, SLOW);

  it.each(['fused', 'portable'] as const)(
    'pretraining goes on from its last snapshot and finishes: %s',
    async (executor) => {
      await lab.client.call('engine/start', { backend: 'webgpu', executor });
      await expectToSurvive(lab, 'cut', pretrainSpec({ steps: 60, evalEvery: 200, batchSize: 2 }));
    },
  );

  it.each([
    ['auto', 'fused'],
    ['portable', 'portable'],
  ] as const)('the next path has the executor that was asked for: %s', async (asked, executor) => {
    const kernels = async () => startKernels(await kernelFiles(), null);
    const other = loopback({ kernels });
    await other.client.call('engine/start', { backend: 'webgpu', executor: asked });
    await loseDevice();
    const { info } = await other.until('engine/changed', () => true);
    expect(info).toMatchObject({ backend: 'wasm', executor });
    stopKernels();
  });

  it('PPO goes on from its last whole iteration and finishes', async () => {
    const { client } = lab;
    await client.call('run/create', { runId: 'base', spec: pretrainSpec({ steps: 1 }) });
    const { checkpointId: baseId } = await client.call('run/keep', { runId: 'base' });
    const ask = {
      policyId: baseId,
      rater: { name: 'short' as const },
      count: 12,
      noise: 0,
      seed: 1,
      sampling: SAMPLING,
    };
    const votes = await client.call('compare/simulate', ask);
    await client.call('run/create', { runId: 'judge', spec: rewardSpec(baseId, votes, { steps: 1 }) });
    await client.call('run/step', { runId: 'judge' });
    const rewardId = stateOf(lab, 'judge')?.checkpointId as string;
    await expectToSurvive(lab, 'cut', ppoSpec(baseId, rewardId, { iterations: 6, epochs: 1, completionLength: 6 }));
  });

  it('a call in flight is answered from the next path', async () => {
    const { client } = lab;
    await client.call('run/create', { runId: 'base', spec: pretrainSpec() });
    const { checkpointId: policyId } = await client.call('run/keep', { runId: 'base' });
    const asked = client.call('compare/pairs', { policyId, count: 2, seed: 1, sampling: SAMPLING }).then((pairs) => ({
      pairs: pairs.length,
      moves: lab.of('engine/changed').filter(({ error }) => error !== null).length,
    }));
    await new Promise((resolve) => setImmediate(resolve));
    await loseDevice();
    expect(await asked).toEqual({ pairs: 2, moves: 1 });
  });

  it('nothing is said when it was closed because the engine moves', async () => {
    const device = deviceOf();
    await lab.client.call('run/create', { runId: 'moved', spec: pretrainSpec() });
    await lab.client.call('run/step', { runId: 'moved' });
    await lab.client.call('engine/start', { backend: 'wasm', executor: 'portable' });
    expect((await device.lost).reason).toBe('destroyed');
    expect(await lab.client.call('run/step', { runId: 'moved' })).toMatchObject({ status: 'paused', step: 2 });
    expect(lab.of('engine/changed').filter(({ error }) => error !== null)).toEqual([]);
  });
});
