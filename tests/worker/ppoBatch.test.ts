/** The batch of PPO on the kernels of the lab, whose plans reuse their memory: what was kept must be a copy. */
import { afterAll, expect, it } from 'vitest';
import type { PpoBatch } from '../../src/contract/ppoBatch';
import { startKernels, stopKernels } from '../../src/core/kernels/wasm/player';
import { kernelFiles } from '../helpers/kernels';
import { loopback } from './loopback';
import { byHand, ppoSpec, pretrainSpec, rewardSpec, SAMPLING, SLOW, STORIES } from './specs';

afterAll(stopKernels);

it(
  'tells on the fused executor what was trained on, pass by pass',
  async () => {
    const lab = loopback({ kernels: async () => startKernels(await kernelFiles(), null) });
    const { client } = lab;
    const finish = async (runId: string) => {
      await client.call('run/play', { runId });
      const state = await lab.until('run/state', (one) => one.runId === runId && one.status === 'done');
      return state.checkpointId as string;
    };
    await client.call('engine/start', { backend: 'wasm', executor: 'auto' });
    await client.call('corpus/stories', { config: STORIES, seed: 1 });
    await client.call('run/create', { runId: 'base', spec: pretrainSpec() });
    const policyId = await finish('base');
    const simulated = { policyId, rater: { name: 'short' as const }, count: 12, noise: 0, seed: 1, sampling: SAMPLING };
    const votes = byHand(await client.call('compare/simulate', simulated));
    await client.call('run/create', { runId: 'judge', spec: rewardSpec(policyId, votes) });
    const spec = ppoSpec(policyId, await finish('judge'), { minibatches: 2, learningRate: 0.01 });
    await client.call('run/create', { runId: 'ppo', spec });
    expect(lab.session.engine.info).toMatchObject({ backend: 'wasm', executor: 'fused' });
    for (let i = 0; i < 3; i++) await client.call('run/step', { runId: 'ppo' });
    const { tokens, epochs, length, rollouts } = (await client.call('run/batch', { runId: 'ppo' })) as PpoBatch;
    const moved = epochs.map(({ newLogprobs }) =>
      rollouts.map((_, row) =>
        Math.max(
          ...Array.from({ length }, (_, t) =>
            Math.abs(newLogprobs[row * length + t]! - tokens.logprobs[row * length + t]!),
          ),
        ),
      ),
    );
    expect(
      moved[0]!.filter((distance) => distance === 0),
      'rows of the first update',
    ).toHaveLength(2);
    expect(moved[1]!.filter((distance) => distance > 0)).toHaveLength(4);
    const { values } = lab.of('run/metrics').flatMap(({ runId, points }) => (runId === 'ppo' ? points : []))[0]!;
    const losses = epochs.flatMap(({ updates }) => updates.map(({ loss }) => loss));
    expect(losses).toHaveLength(4);
    expect(losses.reduce((sum, loss) => sum + loss, 0) / 4).toBeCloseTo(values['loss/policy_avg']!, 6);
  },
  SLOW,
);
