/**
 * How kernels are written on a card that counts as a real one: which way networks get, which are dropped, and what a run
 * keeps. The card computes nothing, so both executors agree on it whatever is asked; what the kernels compute is tested
 * one by one in `tests/kernels/gpu`, and whole networks in `trial.test.ts`.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import type { KernelStyleName } from '../../../src/contract/config';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import { createNetwork } from '../../../src/core/model/createNetwork';
import { keepingTo, preferExecutor, prepareExecutor, styleOf, tuneKernels } from '../../../src/core/model/executor';
import { Random } from '../../../src/core/tensor/random';
import { startBackend, tf } from '../../../src/core/tf';
import { decodeRun, encodeRun } from '../../../src/worker/storedRun';
import { MODEL } from '../../core/train/tiny';
import { standInNullCard } from '../../helpers/nullCard';
import { type Loopback, loopback } from '../../worker/loopback';
import { pretrainSpec, STORIES } from '../../worker/specs';

standInNullCard();

const CONFIG = { ...MODEL, vocabSize: 11, contextLength: 12 };
const gpuOf = (): Gpu => currentGpu() as Gpu;
const namesOf = ({ styles }: Gpu): KernelStyleName[] => styles.map(({ name }) => name);

/** of a network that is made now */
function styleNow(): KernelStyleName | undefined {
  const network = createNetwork(CONFIG, { language: true, scalar: false }, Random.fromSeed(1), 'policy');
  network.dispose();
  return styleOf(network);
}

/** pipelines of code with this in it cannot be made */
function refuse(part: string): void {
  const { device } = gpuOf();
  const [module, pipeline] = [device.createShaderModule.bind(device), device.createComputePipelineAsync.bind(device)];
  const refused = new Set<GPUShaderModule>();
  device.createShaderModule = (descriptor) => {
    const made = module(descriptor);
    if (descriptor.code.includes(part)) refused.add(made);
    return made;
  };
  device.createComputePipelineAsync = async (descriptor) => {
    if (refused.has(descriptor.compute.module)) throw new Error('no such instruction');
    return pipeline(descriptor);
  };
}

describe('the kernels of a real card', () => {
  beforeEach(async () => {
    await startBackend('webgpu');
    preferExecutor('auto');
  });

  it('can be written in four ways where it has subgroups, and are written in the plainest', () => {
    expect(namesOf(gpuOf())).toEqual(['cooperative', 'subgroups', 'broad', 'broadSubgroups']);
    expect(styleNow()).toBe('cooperative');
  });

  it('are written as is preferred on the card, or as a run asks', () => {
    expect(gpuOf().prefer('broad')).toBe(true);
    expect(styleNow()).toBe('broad');
    expect(keepingTo({ style: 'subgroups' }, styleNow)).toBe('subgroups');
    expect(styleNow()).toBe('broad');
  });

  it('are not written as only an emulated card wants it', () => {
    expect(gpuOf().prefer('solitary')).toBe(false);
    expect(keepingTo({ style: 'solitary' }, styleNow)).toBe('cooperative');
  });

  it('are never written again in a way that does not compile; the next has its turn', async () => {
    gpuOf().prefer('subgroups');
    refuse('subgroupShuffleXor(');
    expect(await prepareExecutor(CONFIG)).toEqual({ executor: 'fused', reason: null });
    expect(namesOf(gpuOf())).toEqual(['cooperative', 'broad', 'broadSubgroups']);
    expect(styleNow()).toBe('cooperative');
    expect(await prepareExecutor(CONFIG, { style: 'broadSubgroups' })).toMatchObject({ executor: 'fused' });
    expect(namesOf(gpuOf())).toEqual(['cooperative', 'broad']);
  });

  it('leave the networks to the portable executor where no way compiles', async () => {
    refuse('fn main(');
    const { executor, reason } = await prepareExecutor({ ...CONFIG, vocabSize: 13 });
    expect(executor).toBe('portable');
    expect(reason).toBe('a kernel does not compile here: no such instruction');
  });

  it('are written in the way that the tuner found, of those that are left', async () => {
    await prepareExecutor(CONFIG);
    refuse('subgroupShuffleXor(');
    const { numTensors } = tf.memory();
    let clock = 0;
    const found = await tuneKernels(CONFIG, () => clock++, 600_000); // an emulated card compiles for seconds
    expect(found).toBe('cooperative'); // every step takes the same, by this clock
    expect(namesOf(gpuOf())).toEqual(['cooperative', 'broad', 'broadSubgroups']);
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

describe('a run on a real card', () => {
  let lab: Loopback;
  const start = (swiftest: Record<string, KernelStyleName> = {}) =>
    lab.client.call('engine/start', { backend: 'webgpu', executor: 'auto', swiftest });
  const kernels = async (runId: string) => decodeRun(await lab.client.call('run/snapshot', { runId })).memory.kernels;
  const adapter = (): string => lab.session.engine.info!.adapter!;

  beforeEach(async () => {
    lab = loopback();
    await start();
    await start({ [adapter()]: 'subgroups' }); // known, so nothing is timed
    await lab.client.call('corpus/stories', { config: STORIES, seed: 1 });
  });

  const stored = async (runId: string): Promise<Uint8Array> => {
    await lab.client.call('run/create', { runId, spec: pretrainSpec() });
    await lab.client.call('run/step', { runId });
    return lab.client.call('run/snapshot', { runId });
  };

  it('is computed by the kernels that were found before on this card, says so, and keeps them when it goes on', async () => {
    const snapshot = await stored('run');
    expect(decodeRun(snapshot).memory).toMatchObject({ arithmetic: 'webgpu', kernels: 'subgroups' });
    expect(lab.of('engine/tuned')).toEqual([]);
    await start({ [adapter()]: 'broad' });
    await lab.client.call('run/restore', { runId: 'again', snapshot });
    await lab.client.call('run/step', { runId: 'again' });
    expect(await kernels('again')).toBe('subgroups');
    await lab.client.call('run/create', { runId: 'new', spec: pretrainSpec() });
    await lab.client.call('run/step', { runId: 'new' });
    expect(await kernels('new')).toBe('broad');
  });

  it('goes on in another way where the card cannot be asked for its own', async () => {
    const { memory, ...run } = decodeRun(await stored('run'));
    for (const before of ['solitary', undefined] as const) {
      const snapshot = encodeRun({ ...run, memory: { ...memory, kernels: before } });
      await lab.client.call('run/restore', { runId: 'moved', snapshot });
      await lab.client.call('run/step', { runId: 'moved' });
      expect(await kernels('moved')).toBe('subgroups');
    }
  });

  it('is begun once the card has been tried out, and that is told once, to be remembered', async () => {
    await start();
    await lab.client.call('run/create', { runId: 'run', spec: pretrainSpec() });
    await lab.client.call('run/create', { runId: 'other', spec: pretrainSpec() });
    const [tuning, ...more] = lab.of('engine/tuned');
    expect(more).toEqual([]);
    expect(tuning).toEqual({ adapter: adapter(), style: gpuOf().styled().name });
    expect(tuning!.style).not.toBe('solitary');
  });
});
