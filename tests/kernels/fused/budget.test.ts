/**
 * What the fused executor asks of the card beside arithmetic, counted on a card that computes nothing. No time is
 * asserted.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, accountOf, type Reading } from '../../../src/core/kernels/gpu/account';
import { startBackend, tf, type WebGPUBackend } from '../../../src/core/tf';
import { nullGpu } from '../../bench/nullGpu';
import { replaysIn } from '../../bench/replays';
import { M, rollout, S, S_PROMPTS, trainingArena, trainingStep, type Work } from '../../bench/work';

let account: Account;

beforeAll(async () => {
  const { device } = await startBackend('webgpu', { gpu: nullGpu });
  account = accountOf(device as GPUDevice, () => 0);
});

/** of one piece of work, whatever else is there */
async function spent(work: () => Promise<void>): Promise<Reading> {
  const before = account.reading;
  await work();
  const after = account.reading;
  const names = Object.keys(before) as (keyof Reading)[];
  return Object.fromEntries(names.map((name) => [name, after[name] - before[name]])) as unknown as Reading;
}

/** the second run still makes what tf.js keeps for reuse */
async function warm(work: Work): Promise<Work> {
  await work.run();
  await work.run();
  return work;
}

/** compute passes that are begun meanwhile, those of tf.js among them */
async function passes(work: () => Promise<void>): Promise<number> {
  const { device } = tf.backend() as WebGPUBackend;
  const create = device.createCommandEncoder;
  let count = 0;
  device.createCommandEncoder = (descriptor) => {
    const encoder = create.call(device, descriptor);
    const begin = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = (options) => {
      count++;
      return begin(options);
    };
    return encoder;
  };
  await work();
  device.createCommandEncoder = create;
  return count;
}

const times = async (count: number, work: () => Promise<void>): Promise<void> => {
  for (let i = 0; i < count; i++) await work();
};

describe('a training step of 4 layers, width 128', () => {
  it('is at most 110 dispatches, loss, clip and AdamW among them', async () => {
    const { run, dispose } = await warm(trainingStep(S, 'fused'));
    const { dispatches, submits } = await spent(run);
    dispose();
    expect(dispatches).toBeGreaterThan(60); // counted at all
    expect(dispatches).toBeLessThanOrEqual(110);
    expect(submits).toBeLessThanOrEqual(6);
  });

  it('makes no buffer and no bind group while its plans run', async () => {
    const { run, dispose } = await warm(trainingStep(S, 'fused'));
    const replay = await replaysIn(run, account);
    const { bindGroups, dispatches } = await spent(run);
    dispose();
    expect(replay).toMatchObject({ buffers: 0, bindGroups: 0 });
    expect(replay.dispatches).toBeGreaterThan(60);
    expect(bindGroups).toBe(dispatches - replay.dispatches); // tf.js makes one for each of its own: the loss
  });

  it('holds the same bytes after ten more steps as after the first ones', async () => {
    const { run, dispose } = await warm(trainingStep(S, 'fused'));
    const { bytes } = await spent(() => times(10, run));
    dispose();
    expect(bytes).toBe(0);
  });
});

describe('64 completions of 24 tokens', () => {
  it('are at most 34 dispatches a token, prompt and last full pass shared out among them', async () => {
    const { run, dispose } = await warm(rollout(S.config, S_PROMPTS, 'fused'));
    const { dispatches } = await spent(run);
    dispose();
    expect(dispatches).toBeGreaterThan(30); // the last full pass alone
    expect(dispatches / S_PROMPTS.completionLength).toBeLessThanOrEqual(34);
  });

  it('are a submit and a pass for many columns, where they were a submit for five and two passes for each', async () => {
    const { run, dispose } = await warm(rollout(S.config, S_PROMPTS, 'fused'));
    const begun = await passes(run);
    const { submits } = await spent(run);
    dispose();
    expect(begun).toBeGreaterThan(1); // counted at all
    expect(begun).toBeLessThanOrEqual(6); // 51 before
    expect(submits).toBeLessThanOrEqual(8); // 11 before
  });

  it('make no buffer and no bind group while their plans run, and hold the same bytes again and again', async () => {
    const { run, dispose } = await warm(rollout(S.config, S_PROMPTS, 'fused'));
    expect(await replaysIn(run, account)).toMatchObject({ buffers: 0, bindGroups: 0 });
    const { bytes } = await spent(() => times(5, run));
    dispose();
    expect(bytes).toBe(0);
  });
});

describe('memory', () => {
  it('of a training step of 6 layers, width 192, batch 32 is an arena below 200 MB', async () => {
    const megabytes = (await trainingArena(M)) / 2 ** 20;
    expect(megabytes).toBeGreaterThan(20);
    expect(megabytes).toBeLessThan(200);
  });

  it('is given back with the network: weights, gradients, moments and arenas', async () => {
    const { bytes } = await spent(async () => {
      const { run, dispose } = trainingStep(S, 'fused');
      await run();
      dispose();
    });
    expect(bytes).toBeLessThan(2 ** 20); // what tf.js keeps for reuse
  });
});
