import { afterAll, describe, expect, it } from 'vitest';
import type { PpoConfig } from '../../../src/contract/config';
import type { PpoBatch, TokenNumbers } from '../../../src/contract/ppoBatch';
import type { CausalNetwork } from '../../../src/core/model/causalNetwork';
import { tf } from '../../../src/core/tf';
import { disposeExperience, disposeRollout, type Experience } from '../../../src/core/train/experience';
import { evaluate, optimise, ppo, rollOut } from '../../../src/core/train/ppo';
import { drawPrompts } from '../../../src/core/train/ppoRelatives';
import { exactKlOf } from '../../../src/core/train/ppoReport';
import { PpoRun } from '../../../src/core/train/ppoRun';
import { withBackend } from '../../helpers/backend';
import { corpus, expectSameTensors, freedAfterEach, LAB, take, untrained } from './tiny';

withBackend('wasm');

let networks: { base: CausalNetwork; rewardModel: CausalNetwork } | null = null;
const made = () => {
  networks ??= {
    base: untrained(1),
    rewardModel: untrained(2).clone('rewardModel', { language: false, scalar: true }),
  };
  return networks;
};
const freed = freedAfterEach<PpoRun>();
function create(changes: Partial<PpoConfig> = {}): PpoRun {
  const config = {
    ...LAB.ppo,
    iterations: 4,
    rollouts: 6,
    epochs: 2,
    temperature: 0.7,
    learningRate: 0.01,
    ...changes,
  };
  return freed(new PpoRun({ seed: 1, config, ...made(), pooling: 'last', corpus, rater: { name: 'happy' } }));
}
afterAll(() => {
  networks?.base.dispose();
  networks?.rewardModel.dispose();
});

/** one iteration by hand, and what the record tells of it beside what the loop learned from and reported */
async function iterate(run: PpoRun) {
  const knobs = { ...run.currentKnobs, learningRate: 0.01 };
  const prompts = drawPrompts(run);
  const rollout = await rollOut(run, prompts);
  const experience = await evaluate(run, prompts, rollout, knobs);
  const exactKl = await exactKlOf(run, experience);
  const texts = rollout.completionMask.arraySync().map(() => ({ prompt: 'a', tokens: [] }));
  run.record.begin({ iteration: 1, config: run.inputs.config, texts }, experience, exactKl);
  const metrics = await optimise(run, experience, knobs);
  const batch = (await run.record.read()) as PpoBatch;
  const free = () => {
    exactKl.dispose();
    disposeExperience(experience);
    disposeRollout(rollout);
  };
  return { experience, exactKl, metrics, batch, free };
}

const maskOf = ({ completionMask }: Experience): number[] => [...completionMask.dataSync()];
const meanOver = (table: Float32Array, mask: readonly number[]): number =>
  table.reduce((sum, value, i) => sum + value * mask[i]!, 0) / mask.reduce((sum, one) => sum + one, 0);

const SETTINGS: Partial<PpoConfig>[] = [
  {},
  { minibatches: 3, whitenRewards: true, klEstimator: 'k3' },
  { valueModel: 'shared', klEstimator: 'exact', whitenAdvantages: false },
  { advantages: 'grpo', groupSize: 3, klPlacement: 'loss', klEstimator: 'k3' },
  { advantages: 'rloo', groupSize: 2, clipRange: 0 },
];

describe('the record of an iteration', () => {
  it.each(SETTINGS)('holds the batch that was trained on, %j', async (changes) => {
    const { experience, exactKl, metrics, batch, free } = await iterate(create(changes));
    const mask = maskOf(experience);
    const masked = (table: tf.Tensor2D) => [...table.dataSync()].map((value, i) => value * mask[i]!);
    const kept = [
      'logprobs',
      'refLogprobs',
      'kl',
      'rewards',
      'values',
      'rawAdvantages',
      'advantages',
      'returns',
    ] as const;
    for (const name of kept) expect([name, [...batch.tokens[name]]]).toEqual([name, [...experience[name].dataSync()]]);
    expect([...batch.tokens.exactKl]).toEqual([...exactKl.dataSync()]);
    expect(batch.rollouts.map(({ score }) => score)).toEqual([...experience.scores.dataSync()]);
    expect(batch.equalShare).toBe(experience.equalShare?.dataSync()[0] ?? null);
    expect(masked(experience.advantages)).toEqual([...batch.tokens.advantages]);
    const losses = batch.epochs.flatMap(({ updates }) => updates.map(({ loss }) => loss));
    expect(losses.reduce((sum, loss) => sum + loss, 0) / losses.length).toBeCloseTo(metrics['loss/policy_avg']!, 6);
    free();
  });

  it('tells of the first pass that no ratio has moved, and of each what its loss was', async () => {
    const { experience, batch, free } = await iterate(create({ epochs: 3 }));
    const mask = maskOf(experience);
    expect(batch.epochs).toHaveLength(3);
    expect([...batch.epochs[0]!.ratio]).toEqual(mask);
    expect([...batch.epochs[0]!.newLogprobs]).toEqual([...batch.tokens.logprobs]);
    for (const { loss, updates } of batch.epochs) expect(meanOver(loss, mask)).toBeCloseTo(updates[0]!.loss, 5);
    expect(batch.epochs[0]!.updates[0]!.loss).toBeCloseTo(0, 5); // whitened advantages have mean 0
    expect(batch.epochs[0]!.updates[0]!.gradNorm).toBeGreaterThan(1e-3); // and still they pull
    free();
  });

  it('has the log-probabilities of the second pass from the policy that one update has made', async () => {
    const once = create({ epochs: 1 });
    const twice = create({ epochs: 2 });
    const first = await iterate(once);
    const second = await iterate(twice);
    const { batch, promptLength, completionMask } = first.experience;
    const { logprobs } = once.policy.logprobs(batch, promptLength, once.inputs.config.temperature);
    expect([...second.batch.epochs[1]!.newLogprobs]).toEqual([...tf.mul(logprobs, completionMask).dataSync()]);
    first.free();
    second.free();
  });

  it('puts the rows of minibatches in their places again', async () => {
    const run = create({ epochs: 1, minibatches: 3, learningRate: 0 });
    const { experience, batch, free } = await iterate(run);
    const distances = batch.epochs[0]!.newLogprobs.map((value, i) => Math.abs(value - batch.tokens.logprobs[i]!));
    // the first of the three saw the policy that wrote: its rows have not moved at all
    const rows = experience.completionMask.shape[0];
    const moved = Array.from({ length: rows }, (_, row) =>
      Math.max(...distances.slice(row * batch.length, (row + 1) * batch.length)),
    );
    expect(moved.filter((distance) => distance === 0)).toHaveLength(2);
    expect(batch.epochs[0]!.updates).toHaveLength(3);
    free();
  });

  it('adds up: δ from reward and values, the chain from δ, whitening from the chain', async () => {
    const { experience, batch, free } = await iterate(create({ gamma: 0.9, lam: 0.8 }));
    const mask = maskOf(experience);
    const { rewards, values, tdErrors, rawAdvantages, advantages } = batch.tokens;
    const at = (table: TokenNumbers[keyof TokenNumbers], i: number) =>
      i % batch.length === 0 || !mask[i] ? 0 : table[i]!;
    mask.forEach((real, i) => {
      if (!real) return;
      expect(tdErrors[i]).toBeCloseTo(rewards[i]! + 0.9 * at(values, i + 1) - values[i]!, 5);
      expect(rawAdvantages[i]).toBeCloseTo(tdErrors[i]! + 0.72 * at(rawAdvantages, i + 1), 5);
      expect(advantages[i]).toBeCloseTo((rawAdvantages[i]! - batch.whitening!.mean) / batch.whitening!.spread, 4);
    });
    free();
  });

  it('is that of the iteration before while the next one is under way, and its texts and knobs are those', async () => {
    const run = create();
    const loop = ppo(run);
    await take(loop, 3);
    const first = (await run.record.read())!;
    run.adjust({ klCoef: 0.5 });
    await take(loop, 3);
    expect(await run.record.read()).toEqual(first);
    expect(first.iteration).toBe(1);
    expect(first.config.klCoef).toBe(LAB.ppo.klCoef);
    expect(first.rollouts).toHaveLength(6);
    for (const [row, { prompt, tokens }] of first.rollouts.entries()) {
      expect(prompt).not.toBe('');
      const logprobs = first.tokens.logprobs.slice(row * first.length, (row + 1) * first.length);
      expect(logprobs.filter((value) => value !== 0).length).toBeLessThanOrEqual(tokens.length);
    }
    await take(loop, 1);
    expect(await run.record.read()).toMatchObject({ iteration: 2, config: { klCoef: 0.5 } });
    await loop.return(undefined);
  });

  it('holds what an adaptive β becomes, which is the β of the next iteration', async () => {
    const run = create({ klControl: 'adaptive', klTarget: 0.001, klHorizon: 100 });
    const loop = ppo(run);
    await take(loop, 4);
    const { adapted, config, rollouts } = (await run.record.read())!;
    const error = Math.min(0.2, Math.max(-0.2, adapted!.kl / 0.001 - 1));
    expect(adapted!.next).toBeCloseTo(config.klCoef * (1 + (error * rollouts.length) / 100), 9);
    await take(loop, 4);
    expect((await run.record.read())!.config.klCoef).toBe(adapted!.next);
    await loop.return(undefined);
    const fixed = create();
    await take(ppo(fixed), 4);
    expect((await fixed.record.read())!.adapted).toBeNull();
  });

  it('is empty before the first iteration, and what was broken off is not told', async () => {
    const run = create();
    expect(await run.record.read()).toBeNull();
    const loop = ppo(run);
    await take(loop, 2);
    await loop.return(undefined);
    expect(await run.record.read()).toBeNull();
  });

  it('changes no bit of what is learned, and leaves nothing behind', async () => {
    const [asked, alone] = [create({ minibatches: 2 }), create({ minibatches: 2 })];
    await take(ppo(alone), 8);
    const loop = ppo(asked);
    await take(loop, 4);
    const before = tf.memory().numTensors;
    await asked.record.read();
    expect(tf.memory().numTensors).toBe(before);
    await take(loop, 1);
    await asked.record.read();
    await take(loop, 3);
    expectSameTensors((await asked.save()).tensors, (await alone.save()).tensors);
    await loop.return(undefined);
  });
});
