import { beforeAll, describe, expect, it } from 'vitest';
import { RUN_KINDS, type RunKind, type RunSpec } from '../../src/contract/domain';
import type { Loopback } from './loopback';
import {
  ANY,
  bestOfSpec,
  byHand,
  dpoSpec,
  fineTuneSpec,
  ppoSpec,
  pretrainSpec,
  rewardSpec,
  SAMPLING,
  SLOW,
} from './specs';
import { finish, startedLab, votesForShorter } from './started';

describe('what is made is freed', () => {
  let lab: Loopback;
  let baseId: string;
  let rewardId: string;
  let specs: Record<RunKind, RunSpec>;

  const memory = () => lab.client.call('engine/memory', {});

  beforeAll(async () => {
    lab = await startedLab();
    const { client } = lab;
    const pretrain = pretrainSpec();
    await client.call('run/create', { runId: 'base', spec: pretrain });
    baseId = await finish(lab, 'base');
    const votes = await votesForShorter(lab, baseId);
    const reward = { ...rewardSpec(baseId, byHand(votes)), useRule: true };
    await client.call('run/create', { runId: 'judge', spec: reward });
    rewardId = await finish(lab, 'judge');
    const demonstrations = await client.call('finetune/demonstrations', { baseId, wish: ANY, count: 10, seed: 1 });
    specs = {
      pretrain,
      finetune: { ...fineTuneSpec(baseId, demonstrations), rewardId },
      reward,
      ppo: ppoSpec(baseId, rewardId),
      dpo: { ...dpoSpec(baseId, votes), rewardId },
      bestOf: bestOfSpec(baseId, rewardId),
    };
    for (const runId of ['base', 'judge']) await client.call('run/dispose', { runId });
  }, SLOW);

  it.each(RUN_KINDS)('by a %s run, also one that is dropped in the middle', async (kind) => {
    const { client } = lab;
    const before = await memory();
    await client.call('run/create', { runId: kind, spec: specs[kind] });
    for (let i = 0; i < 2; i++) await client.call('run/step', { runId: kind });
    if (kind !== 'bestOf') await client.call('run/keep', { runId: kind }); // it trains nothing
    const snapshot = await client.call('run/snapshot', { runId: kind });
    await client.call('run/dispose', { runId: kind });
    expect(await memory()).toEqual(before);
    await client.call('run/restore', { runId: kind, snapshot });
    await client.call('run/play', { runId: kind });
    await client.call('run/dispose', { runId: kind });
    expect(await memory()).toEqual(before);
  });

  it('by a run that could not be built', async () => {
    const { client } = lab;
    const before = await memory();
    const tooFew = { ...rewardSpec(baseId, []), useRule: true };
    await expect(client.call('run/create', { runId: 'x', spec: tooFew })).rejects.toThrow();
    const noVotes = { ...dpoSpec(baseId, []), rewardId };
    await expect(client.call('run/create', { runId: 'x', spec: noVotes })).rejects.toMatchObject({
      code: 'run/tooFewVotes',
    });
    const nothingShown = { ...fineTuneSpec(baseId, []), rewardId };
    await expect(client.call('run/create', { runId: 'x', spec: nothingShown })).rejects.toMatchObject({
      code: 'run/tooFewDemonstrations',
    });
    const snapshots = await Promise.all(
      (['pretrain', 'finetune', 'ppo', 'dpo'] as const).map(async (kind) => {
        await client.call('run/create', { runId: kind, spec: specs[kind] });
        const bytes = await client.call('run/snapshot', { runId: kind });
        await client.call('run/dispose', { runId: kind });
        return bytes;
      }),
    );
    for (const snapshot of snapshots) {
      const wrong = new TextDecoder('latin1').decode(snapshot).replaceAll('optimizer/policy/', 'optimizer/nobody/');
      const bytes = Uint8Array.from(wrong, (character) => character.charCodeAt(0));
      await expect(client.call('run/restore', { runId: 'x', snapshot: bytes })).rejects.toMatchObject({
        code: 'storage/corrupt',
      });
    }
    expect(await memory()).toEqual(before);
  });

  it('by looking, writing, scoring and measuring, again and again', async () => {
    const { client } = lab;
    const look = async () => {
      await client.call('inspect/attention', { checkpointId: baseId, text: 'the fox' });
      await client.call('inspect/next', { checkpointId: baseId, text: 'the fox', sampling: SAMPLING });
      await client.call('compare/pairs', { policyId: baseId, count: 3, seed: 1, sampling: SAMPLING });
      await client.call('reward/score', { checkpointId: rewardId, text: 'the fox found a kite . she was glad .' });
      await client.call('engine/probe', {});
    };
    await look();
    const before = await memory();
    for (let i = 0; i < 3; i++) await look();
    expect(await memory()).toEqual(before);
  });

  it('by networks that others have pushed off the shelf', async () => {
    const { client, session } = lab;
    const { bytes } = await client.call('shelf/export', { checkpointId: baseId });
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const checkpointId of ids) await client.call('shelf/import', { bytes, name: checkpointId, checkpointId });
    session.shelf.rest();
    const { tensors: before } = await memory();
    await client.call('inspect/attention', { checkpointId: 'a', text: 'the' });
    const one = (await memory()).tensors - before;
    for (const checkpointId of ids) await client.call('inspect/attention', { checkpointId, text: 'the' });
    expect((await memory()).tensors - before).toBe(4 * one);
    for (const checkpointId of ids) await client.call('shelf/remove', { checkpointId });
    expect((await memory()).tensors).toBe(before);
  });
});
