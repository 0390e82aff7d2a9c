import { beforeAll, describe, expect, it } from 'vitest';
import type { RunSpec } from '../../src/contract/domain';
import { decodeSafetensors } from '../../src/formats/safetensors';
import type { Loopback } from './loopback';
import { ANY, dpoSpec, fineTuneSpec, pretrainSpec, rewardSpec, SLOW } from './specs';
import { finish, startedLab, votesForShorter } from './started';

const told = (bytes: Uint8Array) => JSON.parse(decodeSafetensors(bytes).metadata.rlhfLabRun!) as { spec: RunSpec };

describe('what is stored of a run', () => {
  let lab: Loopback;
  let baseId: string;
  let specs: Record<'reward' | 'dpo' | 'finetune', (count: number) => Promise<RunSpec>>;
  /** a run after its first step. @returns its snapshots, whole and without lists, and the one told for storage */
  async function stored(runId: string, spec: RunSpec) {
    const { client } = lab;
    await client.call('run/create', { runId, spec });
    await client.call('run/step', { runId });
    const whole = await client.call('run/snapshot', { runId });
    const changes = await client.call('run/snapshot', { runId, changes: true });
    expect(lab.of('run/snapshot').findLast((one) => one.runId === runId)?.bytes).toEqual(changes);
    return { whole, changes };
  }

  beforeAll(async () => {
    lab = await startedLab();
    const { client } = lab;
    await client.call('run/create', { runId: 'base', spec: pretrainSpec() });
    baseId = await finish(lab, 'base');
    const votes = (count: number) => votesForShorter(lab, baseId, count);
    specs = {
      reward: async (count) => rewardSpec(baseId, await votes(count)),
      dpo: async (count) => dpoSpec(baseId, await votes(count)),
      finetune: async (count) =>
        fineTuneSpec(baseId, await client.call('finetune/demonstrations', { baseId, wish: ANY, count, seed: 1 })),
    };
  }, SLOW);

  it.each(['reward', 'dpo', 'finetune'] as const)('is as large for many opinions as for few: %s', async (kind) => {
    const few = await stored(`${kind} few`, await specs[kind](12));
    const many = await stored(`${kind} many`, await specs[kind](200));
    expect(many.whole.length - few.whole.length).toBeGreaterThan(10_000);
    // the numbers of a step are longer or shorter
    expect(Math.abs(many.changes.length - few.changes.length)).toBeLessThan(500);
  });

  it.each(['reward', 'dpo', 'finetune'] as const)(
    'goes on to the same weights together with what it was made from: %s',
    async (kind) => {
      const { client } = lab;
      const spec = await specs[kind](12);
      const { whole, changes } = await stored(`${kind} first`, spec);
      const expected = await finish(lab, `${kind} first`);
      await client.call('run/restore', { runId: `${kind} whole`, snapshot: whole });
      expect(await finish(lab, `${kind} whole`)).toBe(expected);
      await client.call('run/restore', { runId: `${kind} joined`, snapshot: changes, madeFrom: spec });
      expect(await finish(lab, `${kind} joined`)).toBe(expected);
    },
  );

  it('has the settings that hold now, not those of the beginning', async () => {
    const { client } = lab;
    const spec = await specs.reward(12);
    await client.call('run/create', { runId: 'changed', spec });
    await client.call('run/adjust', { runId: 'changed', knobs: { learningRate: 0 } });
    const snapshot = await client.call('run/snapshot', { runId: 'changed', changes: true });
    await client.call('run/restore', { runId: 'changed again', snapshot, madeFrom: spec });
    await client.call('run/step', { runId: 'changed again' });
    expect(lab.of('run/metrics').at(-1)!.points.at(-1)!.values['train/lr']).toBe(0);
  });

  it('is whole where it stands alone, as it was stored until now', async () => {
    const spec = await specs.reward(12);
    const { whole, changes } = await stored('alone', spec);
    expect(Object.keys(told(whole))).toEqual(['version', 'spec', 'corpus', 'memory', 'state']);
    expect(told(whole).spec).toEqual(spec);
    expect(told(changes).spec).not.toHaveProperty('opinions');
    await expect(lab.client.call('run/restore', { runId: 'x', snapshot: changes })).rejects.toMatchObject({
      code: 'storage/corrupt',
      message: expect.stringContaining('what it was made from is missing'),
    });
  });
});
