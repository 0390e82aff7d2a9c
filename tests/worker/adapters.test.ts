import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckpointKind, RunSpec } from '../../src/contract/domain';
import { currentKernels, startKernels, stopKernels } from '../../src/core/kernels/wasm/player';
import { flatLayout } from '../../src/core/model/fused/flatWeights';
import { parameterList } from '../../src/core/model/layout';
import { decodeRun } from '../../src/worker/storedRun';
import { kernelFiles } from '../helpers/kernels';
import { type NodeThreads, sharingThreads } from '../helpers/threads';
import type { Loopback } from './loopback';
import { ANY, dpoSpec, fineTuneSpec, ppoSpec, pretrainSpec, rewardSpec, SLOW } from './specs';
import { ended, finish, startedLab, votesForShorter } from './started';

const LORA = { loraRank: 2 };
const LANGUAGE = { language: true, scalar: false };

describe('runs of which a part learns', () => {
  let lab: Loopback;
  let specs: Record<'finetune' | 'reward' | 'dpo' | 'ppo', RunSpec>;
  let baseId: string;
  const pools: NodeThreads[] = [];

  beforeAll(async () => {
    lab = await startedLab({ kernels: async () => startKernels(await kernelFiles(), sharingThreads(1, pools)) });
    const { client } = lab;
    await client.call('run/create', { runId: 'base', spec: pretrainSpec() });
    baseId = await finish(lab, 'base');
    const votes = await votesForShorter(lab, baseId);
    await client.call('run/create', { runId: 'judge', spec: rewardSpec(baseId, votes) });
    const rewardId = await finish(lab, 'judge');
    const samples = await client.call('finetune/demonstrations', { baseId, wish: ANY, count: 12, seed: 1 });
    specs = {
      finetune: fineTuneSpec(baseId, samples, LORA),
      reward: rewardSpec(baseId, votes, LORA),
      dpo: dpoSpec(baseId, votes, LORA),
      ppo: ppoSpec(baseId, rewardId, LORA),
    };
  }, SLOW);
  afterAll(stopKernels);
  /** the reward model, or whatever has this kind */
  const made = async (kind: CheckpointKind) =>
    (await lab.client.call('shelf/list', {})).findLast((one) => one.kind === kind)!;

  for (const method of ['finetune', 'reward', 'dpo', 'ppo'] as const) {
    it(
      `leave a plain model, and go on from a snapshot of their adapters to it: ${method}`,
      async () => {
        const { client } = lab;
        await client.call('run/create', { runId: method, spec: specs[method] });
        const whole = await finish(lab, method);
        const cut = `${method} cut`;
        await client.call('run/create', { runId: cut, spec: specs[method] });
        await client.call('run/step', { runId: cut });
        const snapshot = await client.call('run/snapshot', { runId: cut });
        const stored = decodeRun(snapshot);
        expect(stored.memory.arithmetic).toBe('wasm');
        const learning = Object.keys(stored.saved.tensors).filter(
          (name) => !/optimizer|scalarHead|scoreScale/.test(name),
        );
        expect(learning.every((name) => /\/lora[AB]$/.test(name))).toBe(true);
        await client.call('run/restore', { runId: `${method} again`, snapshot });
        expect(await finish(lab, `${method} again`), 'checkpoints are named by their content').toBe(whole);
        const made = (await client.call('shelf/list', {})).find(({ checkpointId }) => checkpointId === whole)!;
        expect(made.lineage?.recipe).toMatchObject({ config: LORA });
        expect(made.parameters).toBeGreaterThan(0);
      },
      SLOW,
    );
  }

  it(
    'have their trunk once in memory, also where the reward model learned on it',
    async () => {
      const { client } = lab;
      const judged = { ...specs.ppo, rewardId: (await made('reward')).checkpointId } as RunSpec;
      const whole = { ...specs.ppo, config: { ...specs.ppo.config, loraRank: 0 } } as RunSpec;
      const bytesOf = async (runId: string, spec: RunSpec) => {
        const { heap } = currentKernels()!;
        const before = heap.bytes;
        await client.call('run/create', { runId, spec });
        const held = heap.bytes - before;
        expect(await ended(lab, runId)).toMatchObject({ status: 'done' });
        return held;
      };
      const trunk = 4 * flatLayout(parameterList((await made('base')).model, LANGUAGE)).elements;
      const all = await bytesOf('all', whole);
      const [apart, together] = [await bytesOf('apart', specs.ppo), await bytesOf('together', judged)];
      expect(apart - together).toBeGreaterThan(0.8 * trunk);
      expect(all).toBeGreaterThan(3 * together); // moments and gradients of all weights
    },
    SLOW,
  );

  it(
    'leave adapters that can be saved for peft, and become a plain model by merging',
    async () => {
      const { client } = lab;
      const { checkpointId, adapter, parameters, parents } = await made('policy');
      expect(Object.keys(adapter!.changes)).toHaveLength(4);
      const { bytes, fileName } = await client.call('shelf/adapter', { checkpointId });
      expect(fileName).toMatch(/adapter\.zip$/);
      const files = unzipSync(bytes);
      expect(Object.keys(files)).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
      const config = JSON.parse(new TextDecoder().decode(files['adapter_config.json']));
      expect(config).toMatchObject({ peft_type: 'LORA', r: 2, base_model_name_or_path: parents[0] });
      const copy = { checkpointId, copyId: 'plain', name: 'Plain' };
      const { info } = await client.call('shelf/duplicate', { ...copy, merged: true });
      expect(info).toMatchObject({ parameters, parents, name: 'Plain' });
      expect(info.adapter).toBeUndefined();
      const asked = { prompts: ['the fox found a kite .'], seed: 5, sampling: { temperature: 0.7, topK: 0, topP: 1 } };
      const [first, plain] = await client.call('inspect/complete', {
        checkpointIds: [checkpointId, 'plain'],
        ...asked,
      });
      expect(plain).toEqual(first);
      await expect(client.call('shelf/adapter', { checkpointId: 'plain' })).rejects.toMatchObject({
        code: 'file/checkpoint',
      });
    },
    SLOW,
  );

  it('are refused where nothing would be left to learn', async () => {
    const spec = { ...specs.dpo, config: { ...specs.dpo.config, frozenLayers: 1 } } as RunSpec;
    await expect(lab.client.call('run/create', { runId: 'none', spec })).rejects.toMatchObject({
      code: 'run/missingInput',
      message: '1 frozen layer of a model that has 1: at least one has to learn.',
    });
  });

  it('learn all where they were stored before they could learn in part', async () => {
    const {
      loraRank: _,
      loraAlpha: __,
      loraStable: ___,
      loraTargets: ____,
      frozenLayers: _____,
      ...config
    } = dpoSpec(baseId, []).config;
    const spec = { ...specs.dpo, config } as RunSpec;
    await lab.client.call('run/create', { runId: 'earlier', spec });
    expect(await ended(lab, 'earlier')).toMatchObject({ status: 'done' });
    const snapshot = await lab.client.call('run/snapshot', { runId: 'earlier' });
    expect(decodeRun(snapshot).memory.arithmetic).toBe('wasm');
  });
});
