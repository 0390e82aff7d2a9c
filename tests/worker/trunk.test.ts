/** Models that learned by adapters on one whose weights are stored once: its own file, asked for where it is absent. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { CheckpointInfo, RunSpec } from '../../src/contract/domain';
import { openCheckpoint } from '../../src/core/model/checkpoint';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/formats/checkpoint';
import { decodeRun, encodeRun } from '../../src/worker/storedRun';
import type { Loopback } from './loopback';
import { ANY, fineTuneSpec, ppoSpec, pretrainSpec, rewardSpec, SLOW } from './specs';
import { finish, startedLab, votesForShorter } from './started';

const LORA = { loraRank: 2 };
const ASKED = { prompts: ['the fox found a kite .'], seed: 5, sampling: { temperature: 0.7, topK: 0, topP: 1 } };

const exported = (lab: Loopback, checkpointId: string) => lab.client.call('shelf/export', { checkpointId });
const written = (lab: Loopback, ...checkpointIds: string[]) =>
  lab.client.call('inspect/complete', { checkpointIds, ...ASKED });

describe('a model whose trunk is stored once', () => {
  let lab: Loopback;
  let base: CheckpointInfo;
  let tuned: CheckpointInfo;
  let judge: CheckpointInfo;
  const train = async (runId: string, spec: RunSpec): Promise<CheckpointInfo> => {
    await lab.client.call('run/create', { runId, spec });
    const made = await finish(lab, runId);
    return (await lab.client.call('shelf/list', {})).find(({ checkpointId }) => checkpointId === made)!;
  };

  beforeAll(async () => {
    lab = await startedLab({ storedOnce: 1 });
    base = await train('base', pretrainSpec());
    const baseId = base.checkpointId;
    const samples = await lab.client.call('finetune/demonstrations', { baseId, wish: ANY, count: 12, seed: 1 });
    tuned = await train('tuned', fineTuneSpec(baseId, samples, LORA));
    judge = await train('judge', rewardSpec(baseId, await votesForShorter(lab, baseId), LORA));
  }, SLOW);

  it('has a file of adapters and heads, with the name and the hash of the trunk', async () => {
    expect(tuned.trunk).toEqual({
      checkpointId: base.checkpointId,
      name: base.name,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(judge.trunk).toEqual(tuned.trunk);
    const [own, ofJudge] = await Promise.all(
      [tuned, judge].map(async ({ checkpointId }) => decodeCheckpoint((await exported(lab, checkpointId)).bytes)),
    );
    expect(Object.keys(own!.tensors)).toEqual([]);
    expect(Object.keys(ofJudge!.tensors).sort()).toEqual(['score.bias', 'score.weight']);
    expect(Object.keys(own!.adapterTensors!).every((name) => name.includes('.lora_'))).toBe(true);
    expect(() => openCheckpoint(own!)).toThrow(`it holds changes of ${base.name} alone`);
    expect(base.trunk).toBeUndefined();
    expect(tuned.parameters).toBe(base.parameters);
  });

  it(
    'writes what the plain model writes that it becomes by merging, and runs begin from it',
    async () => {
      const { client } = lab;
      await client.call('shelf/duplicate', {
        checkpointId: tuned.checkpointId,
        copyId: 'plain',
        name: 'Plain',
        merged: true,
      });
      const plain = decodeCheckpoint((await exported(lab, 'plain')).bytes);
      expect(plain.meta.trunk).toBeUndefined();
      const [own, merged, trunk] = await written(lab, tuned.checkpointId, 'plain', base.checkpointId);
      expect(own).toEqual(merged);
      expect(own).not.toEqual(trunk);
      const policy = await train('policy', ppoSpec(tuned.checkpointId, judge.checkpointId, { ...LORA, iterations: 1 }));
      expect(policy.trunk?.checkpointId).toBe(tuned.checkpointId);
      await written(lab, policy.checkpointId); // its trunk has one itself
      const whole = await client.call('shelf/export', { checkpointId: policy.checkpointId, whole: true });
      expect(decodeCheckpoint(whole.bytes).meta.trunk).toBeUndefined();
      await client.call('shelf/transformers', { checkpointId: tuned.checkpointId });
      await client.call('shelf/adapter', { checkpointId: tuned.checkpointId });
    },
    SLOW,
  );

  it(
    'asks for the trunk in a lab where it is absent, and takes that one alone',
    async () => {
      const elsewhere = await startedLab({ storedOnce: 1 });
      const take = async (bytes: Uint8Array, name: string, trunkOf?: string) =>
        elsewhere.client.call('shelf/import', { bytes, name, ...(trunkOf !== undefined && { trunkOf }) });
      const { bytes } = await exported(lab, tuned.checkpointId);
      const { checkpointId, trunk } = await take(bytes, 'tuned.safetensors');
      expect(trunk).toEqual(tuned.trunk);
      await expect(written(elsewhere, checkpointId)).rejects.toMatchObject({
        code: 'run/missingInput',
        message: expect.stringContaining(base.name),
      });
      const other = (await exported(lab, 'plain')).bytes;
      await expect(take(other, 'plain.safetensors', checkpointId)).rejects.toMatchObject({
        code: 'file/checkpoint',
        message: expect.stringContaining('another model'),
      });
      const renamed = decodeCheckpoint((await exported(lab, base.checkpointId)).bytes);
      const file = encodeCheckpoint({ ...renamed, meta: { ...renamed.meta, name: 'Other', checkpointId: null } });
      expect((await take(file, 'other.safetensors', checkpointId)).checkpointId).toBe(base.checkpointId);
      expect(await written(elsewhere, checkpointId)).toEqual(await written(lab, tuned.checkpointId));
    },
    SLOW,
  );

  it('is named in the snapshots of a run that learns on it, which go on where it is', async () => {
    const { client } = lab;
    const samples = await client.call('finetune/demonstrations', {
      baseId: base.checkpointId,
      wish: ANY,
      count: 12,
      seed: 1,
    });
    await client.call('run/create', { runId: 'cut', spec: fineTuneSpec(base.checkpointId, samples, LORA) });
    await client.call('run/step', { runId: 'cut' });
    const snapshot = await client.call('run/snapshot', { runId: 'cut' });
    const stored = decodeRun(snapshot);
    expect(stored.memory.trunk).toEqual(tuned.trunk);
    const other = { ...stored, memory: { ...stored.memory, trunk: { ...tuned.trunk!, hash: '0'.repeat(64) } } };
    await expect(client.call('run/restore', { runId: 'cut', snapshot: encodeRun(other) })).rejects.toMatchObject({
      code: 'run/missingInput',
    });
    await client.call('run/restore', { runId: 'cut', snapshot });
    expect(await finish(lab, 'cut')).toBe(tuned.checkpointId);
  });

  it('is refused when the adapter is not whole', async () => {
    const file = decodeCheckpoint((await exported(lab, tuned.checkpointId)).bytes);
    const [first] = Object.keys(file.adapterTensors!);
    const { [first!]: _, ...rest } = file.adapterTensors!;
    const bytes = encodeCheckpoint({ ...file, adapterTensors: rest });
    await expect(lab.client.call('shelf/import', { bytes, name: 'cut' })).rejects.toMatchObject({
      code: 'file/checkpoint',
      message: expect.stringContaining(first!),
    });
  });
});

describe('a small model', () => {
  it(
    'is stored again in what learned on it, as before',
    async () => {
      const lab = await startedLab();
      await lab.client.call('run/create', { runId: 'base', spec: pretrainSpec() });
      const baseId = await finish(lab, 'base');
      const samples = await lab.client.call('finetune/demonstrations', { baseId, wish: ANY, count: 12, seed: 1 });
      await lab.client.call('run/create', { runId: 'tuned', spec: fineTuneSpec(baseId, samples, LORA) });
      const tunedId = await finish(lab, 'tuned');
      const { meta, tensors } = decodeCheckpoint((await exported(lab, tunedId)).bytes);
      expect(meta.adapter).toBeDefined();
      expect(meta.trunk).toBeUndefined();
      expect(Object.keys(tensors)).toContain('wte.weight');
    },
    SLOW,
  );
});
