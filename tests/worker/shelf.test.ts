import { beforeAll, describe, expect, it } from 'vitest';
import type { CheckpointInfo, RunSpec } from '../../src/contract/domain';
import { type Loopback, loopback, TODAY } from './loopback';
import { dpoSpec, fineTuneSpec, ppoSpec, pretrainSpec, rewardSpec, SAMPLING, SLOW } from './specs';
import { finish, startedLab } from './started';

describe('the shelf of the thread', () => {
  let lab: Loopback;
  let base: CheckpointInfo;
  let tuned: CheckpointInfo;
  let judge: CheckpointInfo;
  let policy: CheckpointInfo;

  const list = () => lab.client.call('shelf/list', {});
  const train = async (runId: string, spec: RunSpec): Promise<CheckpointInfo> => {
    const { client } = lab;
    await client.call('run/create', { runId, spec });
    const made = await finish(lab, runId);
    return (await list()).find(({ checkpointId }) => checkpointId === made)!;
  };

  beforeAll(async () => {
    lab = await startedLab();
    const { client } = lab;
    base = await train('base', pretrainSpec());
    const wish = { happy: true, polite: false, short: false, animal: null };
    const demonstrations = await client.call('finetune/demonstrations', {
      baseId: base.checkpointId,
      wish,
      count: 8,
      seed: 1,
    });
    tuned = await train('tuned', fineTuneSpec(base.checkpointId, demonstrations, { epochs: 1 }));
    const asked = {
      policyId: tuned.checkpointId,
      rater: { name: 'short' } as const,
      count: 12,
      noise: 0,
      seed: 1,
      sampling: SAMPLING,
    };
    const votes = await client.call('compare/simulate', asked);
    judge = await train('judge', rewardSpec(tuned.checkpointId, votes));
    policy = await train('policy', ppoSpec(tuned.checkpointId, judge.checkpointId, { klCoef: 0.05, iterations: 1 }));
  }, SLOW);

  it('knows of every method what a model was made from, with which settings, from which texts and when', () => {
    expect(base).toMatchObject({
      parents: [],
      madeAt: TODAY,
      lineage: { recipe: { kind: 'pretrain', config: { steps: 6 } }, sources: {} },
    });
    expect(tuned.lineage).toMatchObject({ recipe: { kind: 'finetune', demonstrations: 8 }, sources: { grammar: 8 } });
    expect(judge.lineage).toMatchObject({ recipe: { kind: 'reward', votes: 12 }, sources: { simulated: 12 } });
    expect(policy).toMatchObject({
      name: 'PPO β = 0.05',
      lineage: { recipe: { kind: 'ppo', config: { klCoef: 0.05 } } },
    });
    expect(policy.ancestors.map(({ name }) => name)).toEqual([tuned.name, judge.name, base.name]);
    expect(new Set([base, tuned, judge, policy].map(({ tokenizerKey }) => tokenizerKey)).size).toBe(1);
  });

  it('remembers knobs as they were turned while the run went on', async () => {
    const { client } = lab;
    await client.call('run/create', {
      runId: 'turned',
      spec: ppoSpec(tuned.checkpointId, judge.checkpointId, { iterations: 2 }),
    });
    await client.call('run/adjust', { runId: 'turned', knobs: { klCoef: 0.3 } });
    await client.call('run/step', { runId: 'turned' });
    const kept = await client.call('run/keep', { runId: 'turned' });
    expect(kept).toMatchObject({ name: 'PPO β = 0.3', lineage: { recipe: { config: { klCoef: 0.3 } } } });
    await client.call('run/dispose', { runId: 'turned' });
  });

  it('tells two models of one name apart, and makes the same checkpoint from the same run', async () => {
    const votes = await lab.client.call('compare/simulate', {
      policyId: tuned.checkpointId,
      rater: { name: 'happy' },
      count: 12,
      noise: 0,
      seed: 2,
      sampling: SAMPLING,
    });
    const one = await train('dpo', dpoSpec(tuned.checkpointId, votes));
    const other = await train('dpo again', dpoSpec(tuned.checkpointId, votes, { steps: 6 }));
    expect([one.name, other.name]).toEqual(['DPO β = 0.5', 'DPO β = 0.5 (2)']);
    const same = await train('the same', dpoSpec(tuned.checkpointId, votes));
    expect(same).toEqual(one);
  });

  it('gives files away that bring the whole family back, names, dates and all', async () => {
    const { client } = lab;
    const renamed = await client.call('shelf/rename', { checkpointId: judge.checkpointId, name: 'My taste' });
    expect(renamed).toEqual({ ...judge, name: 'My taste' });
    const files = await Promise.all(
      [policy, judge, tuned, base].map(({ checkpointId }) => client.call('shelf/export', { checkpointId })),
    );
    expect(files[1]?.fileName).toBe('My-taste.safetensors');
    const other = loopback();
    for (const { bytes, fileName } of files) await other.client.call('shelf/import', { bytes, name: fileName });
    const there = await other.client.call('shelf/list', {});
    const essence = ({ checkpointId, name, parents, lineage, madeAt, metrics, tokenizerKey }: CheckpointInfo) => ({
      checkpointId,
      name,
      parents,
      lineage,
      madeAt,
      metrics,
      tokenizerKey,
    });
    expect(there.map(essence)).toEqual([policy, renamed, tuned, base].map(essence));
    expect(there[0]?.ancestors.map(({ name }) => name)).toEqual([tuned.name, 'My taste', base.name]);
    expect(there.map(({ importedFrom }) => importedFrom)).toEqual(files.map(({ fileName }) => fileName));
    const again = await client.call('shelf/import', { bytes: files[0]!.bytes, name: 'again.safetensors' });
    expect(again).toMatchObject({ checkpointId: policy.checkpointId, name: policy.name, importedFrom: null });
  });

  it('calls a file by its content when it claims to be another model of the shelf', async () => {
    const { client } = lab;
    const { bytes } = await client.call('shelf/export', { checkpointId: tuned.checkpointId });
    const text = Buffer.from(bytes)
      .toString('latin1')
      .replace(tuned.checkpointId, base.checkpointId.padEnd(tuned.checkpointId.length, '0'));
    const forged = Uint8Array.from(Buffer.from(text, 'latin1'));
    const other = loopback();
    const claimed = await other.client.call('shelf/import', { bytes: forged.slice(), name: 'forged' });
    const { bytes: real } = await client.call('shelf/export', { checkpointId: base.checkpointId });
    await other.client.call('shelf/import', { bytes: real, name: 'real', checkpointId: claimed.checkpointId });
    const second = await other.client.call('shelf/import', { bytes: forged, name: 'forged' });
    expect(second.checkpointId).not.toBe(claimed.checkpointId);
  });

  it('duplicates a model that then stands for itself', async () => {
    const { client } = lab;
    const { info, bytes } = await client.call('shelf/duplicate', {
      checkpointId: policy.checkpointId,
      copyId: 'policy-copy',
      name: 'Twin',
    });
    expect(info).toMatchObject({
      checkpointId: 'policy-copy',
      name: 'Twin',
      parents: policy.parents,
      lineage: policy.lineage,
    });
    const asked = { prompts: ['the fox found a kite .'], sampling: SAMPLING, seed: 5 };
    const [first, twin] = await client.call('inspect/complete', {
      checkpointIds: [policy.checkpointId, 'policy-copy'],
      ...asked,
    });
    expect(twin).toEqual(first);
    const later = loopback();
    const back = await later.client.call('shelf/import', { bytes, name: 'Twin', checkpointId: 'policy-copy' });
    expect(back).toMatchObject({ checkpointId: 'policy-copy', name: 'Twin' });
    await expect(
      client.call('shelf/duplicate', { checkpointId: policy.checkpointId, copyId: 'live:x', name: 'x' }),
    ).rejects.toMatchObject({
      code: 'file/checkpoint',
    });
  });

  it('lets children work on when their parents are gone', async () => {
    const { client } = lab;
    await client.call('shelf/remove', { checkpointId: base.checkpointId });
    const spec = ppoSpec(tuned.checkpointId, judge.checkpointId, { klCoef: 0.2, iterations: 1 });
    const orphan = await train('orphan', spec);
    expect(orphan.ancestors.map(({ checkpointId }) => checkpointId)).toContain(base.checkpointId);
    await expect(client.call('corpus/checkpoint', { checkpointId: orphan.checkpointId })).resolves.toMatchObject({
      kind: 'stories',
    });
  });

  it('begins the critic where it is told to, and refuses one that has no head for values', async () => {
    const { client } = lab;
    const spec = ppoSpec(tuned.checkpointId, judge.checkpointId, { iterations: 1, learningRate: 0 });
    const other = await train('other judge', rewardSpec(tuned.checkpointId, await votesBy('happy'), { steps: 6 }));
    const firstValueLoss = async (runId: string, valueId?: string) => {
      await train(runId, { ...spec, ...(valueId !== undefined && { valueId }) });
      return lab.of('run/metrics').flatMap((data) => (data.runId === runId ? data.points : []))[0]?.values[
        'loss/value_avg'
      ];
    };
    const usual = await firstValueLoss('usual critic');
    expect(await firstValueLoss('named critic', judge.checkpointId)).toBe(usual);
    expect(await firstValueLoss('other critic', other.checkpointId)).not.toBe(usual);
    await expect(
      client.call('run/create', { runId: 'x', spec: { ...spec, valueId: tuned.checkpointId } }),
    ).rejects.toMatchObject({
      code: 'run/missingInput',
    });
  });

  const votesBy = (name: 'happy' | 'short') =>
    lab.client.call('compare/simulate', {
      policyId: tuned.checkpointId,
      rater: { name },
      count: 12,
      noise: 0,
      seed: 3,
      sampling: SAMPLING,
    });
});
