import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import type { Calls } from '../../src/contract/protocol';
import { type Loopback, loopback } from './loopback';
import { ppoSpec, pretrainSpec, rewardSpec, SAMPLING, SLOW, STORIES } from './specs';
import { startedLab } from './started';

const text = (value: string) => new TextEncoder().encode(value);
const TEXT_CONFIG = { tokenizer: 'char', vocabSize: 300, heldOutShare: 0.1, textWindow: 0 } as const;

describe('trouble crosses the threads as a typed error', () => {
  let lab: Loopback;
  let baseId: string;

  beforeAll(async () => {
    lab = await startedLab();
    await lab.client.call('run/create', { runId: 'base', spec: pretrainSpec() });
    baseId = (await lab.client.call('run/keep', { runId: 'base' })).checkpointId;
  }, SLOW);

  it.each<[string, keyof Calls, unknown]>([
    ['a run', 'run/play', { runId: 'nobody' }],
    ['a snapshot', 'run/snapshot', { runId: 'nobody' }],
    ['a checkpoint', 'shelf/export', { checkpointId: 'nobody' }],
    ['a model to look into', 'inspect/attention', { checkpointId: 'nobody', text: 'the fox' }],
    ['a live run', 'inspect/attention', { checkpointId: 'live:nobody', text: 'the fox' }],
    ['a policy', 'compare/pairs', { policyId: 'nobody', count: 1, seed: 1, sampling: SAMPLING }],
    ['a base model', 'run/create', { runId: 'x', spec: rewardSpec('nobody', []) }],
    ['a reward model', 'run/create', { runId: 'x', spec: ppoSpec('nobody', 'nobody') }],
  ])('when %s is not there', async (_, kind, params) => {
    await expect(lab.client.call(kind, params as never)).rejects.toMatchObject({
      name: 'LabError',
      code: 'run/missingInput',
    });
  });

  it('when a model is asked for what it has no head for', async () => {
    const { client } = lab;
    await expect(client.call('reward/score', { checkpointId: baseId, text: 'a' })).rejects.toMatchObject({
      code: 'run/missingInput',
    });
    const spec = ppoSpec(baseId, baseId);
    await expect(client.call('run/create', { runId: 'x', spec })).rejects.toMatchObject({ code: 'run/missingInput' });
  });

  it('when there are too few votes', async () => {
    const create = lab.client.call('run/create', { runId: 'x', spec: rewardSpec(baseId, []) });
    await expect(create).rejects.toMatchObject({ code: 'run/tooFewVotes' });
  });

  it('before there is any text', async () => {
    const fresh = loopback();
    await expect(fresh.client.call('corpus/samples', { count: 1, seed: 1 })).rejects.toMatchObject({
      code: 'run/missingInput',
    });
  });

  it('when a file is no checkpoint, and the shelf stays as it was', async () => {
    const { client } = lab;
    const before = await client.call('shelf/list', {});
    const { bytes } = await client.call('shelf/export', { checkpointId: baseId });
    const cut = bytes.slice(0, bytes.length - 5);
    for (const broken of [new Uint8Array(0), text('hello'), cut])
      await expect(client.call('shelf/import', { bytes: broken, name: 'x.safetensors' })).rejects.toMatchObject({
        code: 'file/checkpoint',
        message: expect.stringMatching(/^x\.safetensors: /),
      });
    expect(await client.call('shelf/list', {})).toEqual(before);
  });

  it('when a checkpoint asks for a corpus that no tab survives', async () => {
    const { client } = lab;
    const { bytes } = await client.call('shelf/export', { checkpointId: baseId });
    const hostile = new TextDecoder('latin1').decode(bytes).replace('\\"stories\\":400', '\\"stories\\":9e9');
    const file = Uint8Array.from(hostile, (character) => character.charCodeAt(0));
    await expect(client.call('shelf/import', { bytes: file, name: 'x' })).rejects.toMatchObject({
      code: 'file/checkpoint',
    });
  });

  it('when a stored run is damaged, and the run that lives goes on', async () => {
    const { client } = lab;
    const snapshot = await client.call('run/snapshot', { runId: 'base' });
    const name = 'latin1';
    const swap = (from: string, to: string) =>
      Uint8Array.from(new TextDecoder(name).decode(snapshot).replace(from, to), (character) => character.charCodeAt(0));
    const damaged = [
      new Uint8Array(3),
      snapshot.slice(0, snapshot.length - 4),
      swap('\\"step\\":0', '\\"step\\":x'),
      swap('\\"state\\":{\\"step\\":0}', '\\"state\\":{\\"step\\":-1}'.padEnd(4)),
      swap('\\"layers\\":1', '\\"layers\\":2'),
    ];
    for (const bytes of damaged)
      await expect(client.call('run/restore', { runId: 'base', snapshot: bytes })).rejects.toMatchObject({
        code: 'storage/corrupt',
      });
    expect(await client.call('run/step', { runId: 'base' })).toMatchObject({ status: 'paused', step: 1 });
  });

  it.each([
    ['empty', '', 'text/empty'],
    ['white space', ' \n ', 'text/empty'],
    ['one character', 'a', 'text/tooShort'],
  ])('when the visitor’s text is %s, and the current corpus stays', async (_, value, code) => {
    const call = lab.client.call('corpus/text', {
      bytes: text(value),
      config: TEXT_CONFIG,
      contextLength: 32,
      seed: 1,
    });
    await expect(call).rejects.toMatchObject({ code });
    expect((await lab.client.call('corpus/samples', { count: 1, seed: 1 }))[0]?.attributes).not.toBeNull();
  });

  it.each([
    ['a width no tab survives', { model: { ...pretrainSpec().model, width: 1e6 } }, 'engine/outOfMemory'],
    ['a batch no tab survives', { config: { ...pretrainSpec().config, batchSize: 1e9 } }, 'engine/outOfMemory'],
    ['a rate that is no number', { config: { ...pretrainSpec().config, learningRate: Number.NaN } }, undefined],
    ['heads that do not divide the width', { model: { ...pretrainSpec().model, heads: 3 } }, undefined],
    ['steps that are text', { config: { ...pretrainSpec().config, steps: '5' } }, undefined],
    ['an unknown kind', { kind: 'dance' }, undefined],
  ])('when a run is asked for with %s', async (_, change, code) => {
    const spec = { ...pretrainSpec(), ...change } as never;
    const error = await lab.client.call('run/create', { runId: 'x', spec }).catch((caught) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(error.code).toBe(code);
    expect(await lab.client.call('engine/memory', {})).toHaveProperty('tensors');
  });

  it.each<[keyof Calls, unknown]>([
    ['compare/pairs', { policyId: 'base', count: 1e9, seed: 1, sampling: SAMPLING }],
    ['compare/pairs', { policyId: 'base', count: 1, seed: 1, sampling: { temperature: Number.NaN, topK: 0, topP: 1 } }],
    ['corpus/stories', { config: { ...STORIES, stories: 1e12 }, seed: 1 }],
    ['corpus/samples', { count: -1, seed: 1 }],
    ['model/estimate', { model: { ...presetConfig('tiny').model, vocabSize: -4 }, batchSize: 1 }],
    ['run/adjust', { runId: 'base', knobs: { klCoef: Number.POSITIVE_INFINITY } }],
    ['nonsense' as never, {}],
    ['toString' as never, {}],
    ['run/play', undefined],
  ])('survives %s with hostile params', async (kind, params) => {
    const adapted = params && 'policyId' in (params as object) ? { ...(params as object), policyId: baseId } : params;
    await expect(lab.client.call(kind, adapted as never)).rejects.toBeInstanceOf(Error);
    expect(await lab.client.call('corpus/tokens', { text: 'the' })).toHaveLength(1);
  });
});

describe('a run in trouble', () => {
  let lab: Loopback;
  beforeEach(async () => {
    lab = await startedLab();
  }, SLOW);

  it('stops at the first number that is not finite, names it and keeps the last good snapshot', async () => {
    const spec = pretrainSpec({ steps: 400, evalEvery: 1000, learningRate: 10, schedule: 'constant' });
    spec.config.optimizer = { ...spec.config.optimizer, weightDecay: 10 };
    await lab.client.call('run/create', { runId: 'wild', spec });
    await lab.client.call('run/play', { runId: 'wild' });
    const failed = await lab.until('run/failed', ({ runId }) => runId === 'wild');
    expect(failed.error).toMatchObject({
      code: 'run/nonFinite',
      message: expect.stringMatching(/train\/(loss|gradNorm)\) became/),
    });
    const state = await lab.client.call('run/play', { runId: 'wild' });
    expect(state).toMatchObject({ status: 'failed', message: failed.error.message });
    const snapshot = await lab.client.call('run/snapshot', { runId: 'wild' });
    expect(await lab.client.call('run/restore', { runId: 'wild', snapshot })).toMatchObject({ status: 'paused' });
  });

  it('says nothing more after it was disposed of', async () => {
    await lab.client.call('run/create', { runId: 'gone', spec: pretrainSpec({ steps: 1000 }) });
    await lab.client.call('run/play', { runId: 'gone' });
    await lab.until('run/metrics', ({ runId }) => runId === 'gone');
    await lab.client.call('run/dispose', { runId: 'gone' });
    const told = lab.events.length;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(lab.events.length).toBe(told);
  });

  it('moves to the next path when the device is lost, from its last snapshot', async () => {
    const { client, session } = lab;
    const spec = pretrainSpec({ evalEvery: 100, batchSize: 1 });
    await client.call('run/create', { runId: 'moved', spec });
    await client.call('run/create', { runId: 'untouched', spec });
    for (let i = 0; i < 2; i++) await client.call('run/step', { runId: 'moved' });
    const moving = session.recovery.recover('the driver was reset');
    const pressedMeanwhile = client.call('run/step', { runId: 'untouched' });
    await moving;
    const [changed] = lab.of('engine/changed');
    expect(changed?.info).toMatchObject({ backend: 'cpu', reason: 'wasm stopped working' });
    expect(changed?.error).toMatchObject({ code: 'webgpu/lost' });
    const state = lab.of('run/state').findLast(({ runId }) => runId === 'moved');
    expect(state).toMatchObject({ status: 'paused', step: 2, message: expect.stringContaining('lost') });
    const arrived = lab.of('run/state').find(({ runId, message }) => runId === 'untouched' && message.includes('lost'));
    expect(arrived).toMatchObject({ status: 'idle', step: 0 });
    expect(await pressedMeanwhile, 'a press on the way acts on the run that arrives').toMatchObject({ step: 1 });
    expect(lab.of('run/state').findLast(({ runId }) => runId === 'untouched')).toMatchObject({
      status: 'paused',
      step: 1,
    });
    expect(await client.call('run/step', { runId: 'moved' })).toMatchObject({ status: 'paused', step: 3 });
    expect(lab.of('run/failed')).toEqual([]);
  });
});
