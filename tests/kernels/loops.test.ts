/** A few steps of every loop on WebGPU, on a batch with left padding and early <eos>. */

import { describe, expect, it } from 'vitest';
import { createNetwork } from '../../src/core/model/createNetwork';
import { Random } from '../../src/core/tensor/random';
import { tf } from '../../src/core/tf';
import { dpo } from '../../src/core/train/dpo';
import { DpoRun } from '../../src/core/train/dpoRun';
import { fineTune } from '../../src/core/train/fineTune';
import { FineTuneRun } from '../../src/core/train/fineTuneRun';
import { ppo } from '../../src/core/train/ppo';
import { PpoRun } from '../../src/core/train/ppoRun';
import { pretrain } from '../../src/core/train/pretrain';
import { PretrainRun } from '../../src/core/train/pretrainRun';
import { trainRewardModel } from '../../src/core/train/rewardModel';
import { RewardRun } from '../../src/core/train/rewardRun';
import { expectSameTensors, LAB, MODEL, take, ticking } from '../core/train/tiny';
import { toyCorpus as corpus } from '../core/train/toy';
import { withBackend } from '../helpers/backend';
import { plainVote } from '../helpers/plainVote';

const model = { ...MODEL, vocabSize: corpus.tokenizer.vocabSize, contextLength: 8 };
const base = () => createNetwork(model, { language: true, scalar: false }, Random.fromSeed(1), 'base');
const votes = ['ab', 'cd', 'ef', 'gh', 'ag', 'bf', 'ce', 'hd'].map((prompt, i) =>
  plainVote(i, { prompt, a: 'aba', b: 'hg', policyId: 'base' }),
);

/** losses on the corpus by executor: the second has to find what the first found */
const MIXED: { portable?: number[]; fused?: number[] } = {};

describe.each(['portable', 'fused'] as const)('the loops on WebGPU, %s', (executor) => {
  withBackend('webgpu', { executor });

  it('pre-train', async () => {
    const config = { ...LAB.pretrain, steps: 6, batchSize: 8, evalEvery: 3, warmupSteps: 0, learningRate: 0.02 };
    const run = new PretrainRun({ seed: 1, config, model, corpus, fixedPrompt: 'a' });
    const reports = await take(pretrain(run, ticking()), 6);
    expect(reports[0]!.metrics['train/loss']).toBeCloseTo(Math.log(model.vocabSize), 0);
    expect(reports[5]!.metrics['eval/loss']!).toBeLessThan(reports[0]!.metrics['eval/loss']!);
    run.dispose();
  });

  it('fine-tune, then DPO from ln 2 and without moving the reference', async () => {
    const reference = base();
    const demonstrations = ['ab', 'cd', 'ef', 'gh', 'ag'].map((prompt, i) => ({
      demonstrationId: `d${i}`,
      prompt,
      completion: 'aba',
      source: 'human' as const,
    }));
    const shared = { seed: 1, base: reference, corpus, rater: null, rewardModel: null };
    const tuneConfig = {
      ...LAB.finetune,
      epochs: 3,
      batchSize: 5,
      warmupSteps: 0,
      learningRate: 0.05,
      heldOutShare: 0,
      evalSamples: 4,
    };
    const tuned = new FineTuneRun({ ...shared, config: tuneConfig, demonstrations, wish: null });
    const losses = (await take(fineTune(tuned, ticking()), 3)).map(({ metrics }) => metrics['train/loss']!);
    expect(losses[2]!).toBeLessThan(0.8 * losses[0]!);

    const weights = await reference.save();
    const config = {
      ...LAB.dpo,
      steps: 3,
      batchSize: 4,
      learningRate: 0.02,
      heldOutShare: 0,
      evalEvery: 9,
      evalSamples: 4,
    };
    const run = new DpoRun({ ...shared, config, opinions: votes });
    const reports = await take(dpo(run, ticking()), 3);
    expect(reports[0]!.metrics).toMatchObject({ 'dpo/loss': Math.fround(Math.LN2), 'rewards/margins': 0 });
    expect(reports[2]!.metrics['rewards/margins']!).toBeGreaterThan(0);
    expect(reports[2]!.metrics['axis/kl']!).toBeGreaterThan(0);
    expectSameTensors(await reference.save(), weights);
    for (const owner of [run, tuned, reference]) owner.dispose();
  });

  for (const valueModel of ['separate', 'shared'] as const) {
    it(`train a reward model from ln 2, then PPO from KL 0, ratio 1 and clip fraction 0 (${valueModel} critic)`, async () => {
      const reference = base();
      const rewardConfig = { ...LAB.reward, steps: 2, batchSize: 4, normalizeSamples: 8 };
      const reward = await RewardRun.create({
        seed: 1,
        config: rewardConfig,
        base: reference,
        corpus,
        opinions: votes,
        taste: null,
      });
      const [first] = await take(trainRewardModel(reward, ticking()), 2);
      expect(first!.metrics['reward/loss']).toBeCloseTo(Math.LN2, 5);

      const config = { ...LAB.ppo, iterations: 2, rollouts: 16, epochs: 1, valueModel };
      const inputs = {
        seed: 1,
        config,
        base: reference,
        rewardModel: reward.network,
        pooling: 'last' as const,
        corpus,
        rater: { name: 'happy' as const },
      };
      const run = new PpoRun(inputs);
      const loop = ppo(run);
      const [, , , iteration] = await take(loop, 4);
      expect(iteration!.metrics).toMatchObject({
        'objective/kl': 0,
        'objective/klExact': 0,
        'val/ratio': 1,
        'policy/clipfrac_avg': 0,
        'policy/approxkl_avg': 0,
      });
      expect(iteration!.metrics!['val/num_eos_tokens']!).toBeGreaterThan(0); // some texts end early
      const before = tf.memory().numTensors;
      await take(loop, 3);
      expect(tf.memory().numTensors).toBe(before);
      for (const owner of [run, reward, reference]) owner.dispose();
    });
  }

  it('mix the corpus into the same step: the policy reads rollouts and texts before it goes back once', async () => {
    const reference = base();
    const rewardModel = base().clone('rewardModel', { language: false, scalar: true });
    const config = {
      ...LAB.ppo,
      iterations: 3,
      rollouts: 8,
      epochs: 2,
      learningRate: 0.02,
      schedule: 'constant' as const,
    };
    const relatives = {
      advantages: 'rloo',
      groupSize: 4,
      klEstimator: 'exact',
      entropyCoef: 0.01,
      ptxCoef: 1,
      ptxRows: 4,
    } as const;
    const inputs = {
      seed: 1,
      base: reference,
      rewardModel,
      pooling: 'last' as const,
      corpus,
      rater: { name: 'happy' as const },
    };
    const run = new PpoRun({ ...inputs, config: { ...config, ...relatives } });
    const reports = (await take(ppo(run), 12)).flatMap(({ metrics }) => metrics ?? []);
    const losses = reports.map((metrics) => metrics['loss/ptx_avg']!);
    expect(losses[0]!).toBeCloseTo(Math.log(model.vocabSize), 0);
    expect(losses[2]!).toBeLessThan(losses[0]!);
    MIXED[executor] = losses;
    if (executor === 'fused')
      for (const [i, loss] of losses.entries()) expect(loss).toBeCloseTo(MIXED.portable![i]!, 4);
    for (const owner of [run, reference, rewardModel]) owner.dispose();
  });
});
