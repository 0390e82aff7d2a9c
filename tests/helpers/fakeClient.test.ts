import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import type { RunSpec } from '../../src/contract/domain';
import { LabError } from '../../src/contract/errors';
import type { MetricPoint } from '../../src/contract/observations';
import type { RunState } from '../../src/contract/protocol';
import { FakeClient } from './fakeClient';

const config = presetConfig('tiny');
const pretrain: RunSpec = {
  kind: 'pretrain',
  seed: 1,
  config: { ...config.pretrain, steps: 20, evalEvery: 5 },
  model: { ...config.model, vocabSize: 60 },
  fixedPrompt: 'the fox found a lamp .',
};

async function ppoLab(): Promise<FakeClient> {
  const fake = new FakeClient();
  const base = await fake.call('shelf/shipped', { preset: 'tiny' });
  const votes = await fake.call('compare/simulate', {
    policyId: base.checkpointId,
    rater: { name: 'happy' },
    count: 12,
    noise: 0,
    seed: 1,
    sampling: config.sampling,
  });
  const reward: RunSpec = {
    kind: 'reward',
    seed: 1,
    config: config.reward,
    baseId: base.checkpointId,
    opinions: votes,
    vetoed: [],
    useRule: true,
  };
  await fake.call('run/create', { runId: 'reward', spec: reward });
  await fake.call('run/play', { runId: 'reward' });
  fake.advance(1000);
  const rewardId = fake.lab.runs.get('reward')?.state.checkpointId ?? '';
  const spec: RunSpec = {
    kind: 'ppo',
    seed: 1,
    config: config.ppo,
    baseId: base.checkpointId,
    rewardId,
    rater: { name: 'happy' },
  };
  await fake.call('run/create', { runId: 'ppo', spec });
  return fake;
}

describe('the scripted client', () => {
  it('moves a playing run only when it is advanced, and ends with a checkpoint', async () => {
    const fake = new FakeClient();
    const points: MetricPoint[] = [];
    fake.on('run/metrics', (data) => points.push(...data.points));
    await fake.call('run/create', { runId: 'r', spec: pretrain });
    fake.advance(3);
    expect(points).toHaveLength(0);
    await fake.call('run/play', { runId: 'r' });
    fake.advance(3);
    expect(points.map((point) => point.step)).toEqual([1, 2, 3]);
    fake.advance(1000);
    expect(fake.lab.runs.get('r')?.state.status).toBe('done');
    expect((await fake.call('shelf/list', {})).map((info) => info.kind)).toEqual(['base']);
  });

  it('gives the same answers twice', async () => {
    const ask = () => new FakeClient().call('corpus/samples', { count: 3, seed: 5 });
    expect(await ask()).toEqual(await ask());
  });

  it('goes through PPO phase by phase', async () => {
    const fake = await ppoLab();
    const phases: RunState['phase'][] = [];
    for (let i = 0; i < 3; i++) phases.push((await fake.call('run/step', { runId: 'ppo' })).phase);
    expect(phases).toEqual(['evaluation', 'optimisation', 'rollout']);
    expect(fake.lab.runs.get('ppo')?.state.step).toBe(1);
  });

  it('restores a run where its snapshot was taken', async () => {
    const fake = new FakeClient();
    await fake.call('run/create', { runId: 'r', spec: pretrain });
    await fake.call('run/step', { runId: 'r' });
    const snapshot = await fake.call('run/snapshot', { runId: 'r' });
    expect(await fake.call('run/restore', { runId: 'again', snapshot })).toMatchObject({ step: 1, status: 'paused' });
    await expect(fake.call('run/restore', { runId: 'bad', snapshot: new Uint8Array(4) })).rejects.toMatchObject({
      code: 'storage/corrupt',
    });
  });

  it('fails once when asked to, then answers again', async () => {
    const fake = new FakeClient();
    fake.fail('engine/probe', new LabError('engine/outOfMemory', 'No room.'));
    await expect(fake.call('engine/probe', {})).rejects.toMatchObject({ code: 'engine/outOfMemory' });
    await expect(fake.call('engine/probe', {})).resolves.toHaveProperty('stepMs');
  });

  it('holds an answer back until released', async () => {
    const fake = new FakeClient();
    const release = fake.hold('engine/probe');
    let answered = false;
    const call = fake.call('engine/probe', {}).then(() => (answered = true));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(answered).toBe(false);
    release();
    await call;
    expect(answered).toBe(true);
  });

  it('rejects what is pending and what comes later when it crashes', async () => {
    const fake = new FakeClient();
    let told = 0;
    fake.onCrash(() => told++);
    fake.hold('engine/probe');
    const pending = fake.call('engine/probe', {});
    fake.crash();
    await expect(pending).rejects.toMatchObject({ code: 'engine/crashed' });
    await expect(fake.call('shelf/list', {})).rejects.toMatchObject({ code: 'engine/crashed' });
    expect(told).toBe(1);
  });
});
