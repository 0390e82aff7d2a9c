import { beforeAll, describe, expect, it } from 'vitest';
import type { Loopback } from './loopback';
import { bestOfSpec, ppoSpec, pretrainSpec, SLOW } from './specs';
import { ended, startedLab } from './started';

describe('runs that a rule pays', () => {
  let lab: Loopback;
  let baseId: string;

  const valuesOf = (runId: string) =>
    lab.of('run/metrics').flatMap((data) => (data.runId === runId ? data.points.map(({ values }) => values) : []));

  beforeAll(async () => {
    lab = await startedLab();
    const { client } = lab;
    await client.call('run/create', { runId: 'base', spec: pretrainSpec() });
    baseId = (await ended(lab, 'base')).checkpointId!;
  }, SLOW);

  it.each(['gae', 'rloo', 'grpo'] as const)('train %s without a reward model', async (advantages) => {
    const changes = { rewardFrom: 'rule', rewardRule: 'fresh', advantages, groupSize: 2 } as const;
    await lab.client.call('run/create', { runId: advantages, spec: ppoSpec(baseId, null, changes) });
    expect(await ended(lab, advantages)).toMatchObject({ status: 'done', step: 3 });
    const values = valuesOf(advantages);
    expect(values.map((one) => typeof one['objective/scores'])).toEqual(['number', 'number', 'number']);
    expect(values.map((one) => one['axis/score'])).toEqual([undefined, undefined, undefined]);
    const made = (await lab.client.call('shelf/list', {})).at(-1)!;
    expect(made.parents).toEqual([baseId]);
    expect(made.lineage?.recipe).toMatchObject({ rewardId: null, config: { rewardFrom: 'rule' } });
  });

  it('go on from a snapshot to the same numbers', async () => {
    const spec = ppoSpec(baseId, null, { rewardFrom: 'rule', rewardRule: 'ends' });
    const { client } = lab;
    await client.call('run/create', { runId: 'whole', spec });
    await ended(lab, 'whole');
    await client.call('run/create', { runId: 'cut', spec });
    await client.call('run/play', { runId: 'cut', until: 1 });
    await lab.until('run/state', (state) => state.runId === 'cut' && state.step === 1 && state.status === 'paused');
    const snapshot = await client.call('run/snapshot', { runId: 'cut' });
    await client.call('run/restore', { runId: 'again', snapshot });
    await ended(lab, 'again');
    const scores = (runId: string) => valuesOf(runId).map((one) => one['objective/scores']);
    expect(scores('again')).toEqual(scores('whole').slice(1));
  });

  it('choose the best of N', async () => {
    const spec = bestOfSpec(baseId, null, { rewardFrom: 'rule', rewardRule: 'length', ruleLength: 3 });
    await lab.client.call('run/create', { runId: 'best', spec });
    expect(await ended(lab, 'best')).toMatchObject({ status: 'done' });
    const { result } = lab.of('run/bestOf').at(-1)!;
    const scores = result.prompts.flatMap(({ samples }) => samples.map(({ score }) => score));
    expect(scores.every((score) => score === 0 || score === 1)).toBe(true);
  });

  it('are refused without a reward model where one has a say', async () => {
    const why = { code: 'run/missingInput', message: expect.stringContaining('let a rule pay') };
    for (const rewardFrom of ['model', 'mix'] as const) {
      const ppo = ppoSpec(baseId, null, { rewardFrom });
      await expect(lab.client.call('run/create', { runId: 'x', spec: ppo })).rejects.toMatchObject(why);
      const best = bestOfSpec(baseId, null, { rewardFrom });
      await expect(lab.client.call('run/create', { runId: 'x', spec: best })).rejects.toMatchObject(why);
    }
  });

  it('mean the reward model where they say nothing', async () => {
    const { rewardFrom: _, ...earlier } = ppoSpec(baseId, null).config;
    const spec = { ...ppoSpec(baseId, null), config: earlier } as ReturnType<typeof ppoSpec>;
    await expect(lab.client.call('run/create', { runId: 'x', spec })).rejects.toMatchObject({
      message: expect.stringContaining('There is no reward model'),
    });
  });
});
