/** The batch of PPO on the kernels of the lab, whose plans reuse their memory: what was kept must be a copy. */
import { afterAll, expect, it } from 'vitest';
import type { PpoBatch } from '../../src/contract/ppoBatch';
import { startKernels, stopKernels } from '../../src/core/kernels/wasm/player';
import { kernelFiles } from '../helpers/kernels';
import { byHand, ppoSpec, pretrainSpec, rewardSpec, SLOW } from './specs';
import { finish, startedLab, votesForShorter } from './started';

afterAll(stopKernels);

it(
  'tells on the fused executor what was trained on, pass by pass',
  async () => {
    const lab = await startedLab({ kernels: async () => startKernels(await kernelFiles(), null) });
    const { client } = lab;
    await client.call('run/create', { runId: 'base', spec: pretrainSpec() });
    const policyId = await finish(lab, 'base');
    const votes = byHand(await votesForShorter(lab, policyId));
    await client.call('run/create', { runId: 'judge', spec: rewardSpec(policyId, votes) });
    const spec = ppoSpec(policyId, await finish(lab, 'judge'), { minibatches: 2, learningRate: 0.01 });
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
