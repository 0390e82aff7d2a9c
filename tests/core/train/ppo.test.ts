import { afterAll, describe, expect, it, vi } from 'vitest';
import type { PpoConfig } from '../../../src/contract/config';
import { METRICS, type MetricId } from '../../../src/contract/metrics';
import type { BaseNetwork } from '../../../src/core/model/baseNetwork';
import type { CausalNetwork } from '../../../src/core/model/causalNetwork';
import { tf } from '../../../src/core/tf';
import { disposeExperience, disposeRollout } from '../../../src/core/train/experience';
import { evaluate, optimise, ppo, rollOut } from '../../../src/core/train/ppo';
import { drawPrompts, readExactKl } from '../../../src/core/train/ppoRelatives';
import { exactKlOf, objectiveMetrics, type PpoReport } from '../../../src/core/train/ppoReport';
import { PpoRun } from '../../../src/core/train/ppoRun';
import { winRate } from '../../../src/core/train/textHealth';
import { withBackend } from '../../helpers/backend';
import { corpus, expectNoLeak, expectSameTensors, freedAfterEach, LAB, take, throughStorage, untrained } from './tiny';

withBackend('wasm');

let networks: { base: CausalNetwork; rewardModel: CausalNetwork } | null = null;
/** a reward model whose head is not 0, with a normalisation of its own */
function made(): { base: CausalNetwork; rewardModel: CausalNetwork } {
  if (networks) return networks;
  const base = untrained(1);
  const rewardModel = untrained(2).clone('rewardModel', { language: false, scalar: true });
  const optimizer = rewardModel.createOptimizer(LAB.reward.optimizer);
  const batch = { tokens: tf.tensor2d([[1, 2, 3, 4]], [1, 4], 'int32'), leftPad: null };
  const { loss, gradNorm } = optimizer.minimize(() => ({ loss: tf.sum(rewardModel.values(batch, 1)) }), 0.05);
  tf.dispose([loss, gradNorm, batch.tokens]);
  optimizer.dispose();
  rewardModel.setScoreScale(2, 0.5);
  networks = { base, rewardModel };
  return networks;
}

const freed = freedAfterEach<PpoRun>();
function create(changes: Partial<PpoConfig> = {}, seed = 1): PpoRun {
  const config = { ...LAB.ppo, iterations: 4, rollouts: 6, epochs: 2, temperature: 0.7, ...changes };
  return freed(new PpoRun({ seed, config, ...made(), pooling: 'last', corpus, rater: { name: 'happy' } }));
}
afterAll(() => {
  networks?.base.dispose();
  networks?.rewardModel.dispose();
});

const finished = (reports: PpoReport[]) => reports.filter(({ phase }) => phase === null);
/** everything but the clock */
const numbersOf = (reports: PpoReport[]) =>
  finished(reports).map(({ metrics }) => Object.entries(metrics!).filter(([id]) => !id.startsWith('perf/')));

describe('a batch of experience', () => {
  it('has KL exactly 0 before the first update, with padding and early <eos>', async () => {
    const run = create({ rollouts: 32 });
    const rollout = await rollOut(run, drawPrompts(run));
    const experience = await evaluate(run, drawPrompts(run), rollout, run.knobs);
    const lengths = [...tf.sum(rollout.completionMask, 1).dataSync()];
    expect(Math.min(...lengths)).toBeLessThan(Math.max(...lengths)); // some texts end early
    expect(Math.max(...(rollout.batch.leftPad?.dataSync() ?? [0]))).toBeGreaterThanOrEqual(0);
    expect([...experience.logprobs.dataSync()]).toEqual([...experience.refLogprobs.dataSync()]);
    const exactKl = await exactKlOf(run, experience);
    const objective = await objectiveMetrics(experience, exactKl, run.knobs.klCoef);
    exactKl.dispose();
    expect(objective['objective/kl']).toBe(0);
    expect(objective['objective/klExact']).toBe(0);
    expect(objective['objective/non_score_reward']).toBeCloseTo(0, 12);
    disposeExperience(experience);
    disposeRollout(rollout);
  });

  for (const klEstimator of ['k1', 'exact'] as const)
    it(`reads the reference once, for log-probabilities and exact KL (${klEstimator}), to the bits of two readings`, async () => {
      const run = create({ rollouts: 16, klEstimator, learningRate: 1e-2 });
      const prompts = drawPrompts(run);
      const first = await rollOut(run, prompts);
      const begun = await evaluate(run, prompts, first, run.knobs);
      await optimise(run, begun, { ...run.knobs, learningRate: 1e-2 });
      disposeExperience(begun);
      disposeRollout(first);
      const rollout = await rollOut(run, prompts);
      const readings = vi.spyOn(run.reference as BaseNetwork & { read(): unknown }, 'read');
      const experience = await evaluate(run, prompts, rollout, run.knobs);
      const exactKl = await exactKlOf(run, experience);
      expect(readings).toHaveBeenCalledTimes(1);
      readings.mockRestore();
      const { temperature } = run.inputs.config;
      const twice = await readExactKl(run, rollout, { refLogits: null });
      const { logprobs } = run.reference.logprobs(rollout.batch, rollout.promptLength, temperature);
      expect([...exactKl.dataSync()]).toEqual([...twice.dataSync()]);
      expect(Math.max(...exactKl.dataSync())).toBeGreaterThan(1e-4);
      expect([...experience.refLogprobs.dataSync()]).toEqual([...tf.mul(logprobs, rollout.completionMask).dataSync()]);
      disposeExperience(experience);
      disposeRollout(rollout);
    });

  for (const valueModel of ['separate', 'shared'] as const) {
    it(`has ratio exactly 1 and clip fraction exactly 0 in the first pass (${valueModel} critic)`, async () => {
      const run = create({ epochs: 1, rollouts: 16, valueModel });
      const rollout = await rollOut(run, drawPrompts(run));
      const experience = await evaluate(run, drawPrompts(run), rollout, run.knobs);
      const metrics = await optimise(run, experience, { ...run.knobs, learningRate: 1e-3 });
      expect(metrics).toMatchObject({
        'val/ratio': 1,
        'policy/clipfrac_avg': 0,
        'policy/approxkl_avg': 0,
        'val/skipped': 0,
      });
      disposeExperience(experience);
      disposeRollout(rollout);
    });
  }

  it('pays the score at the last real token and nothing after it', async () => {
    const run = create({ rollouts: 16, klCoef: 0 });
    const rollout = await rollOut(run, drawPrompts(run));
    const experience = await evaluate(run, drawPrompts(run), rollout, run.knobs);
    const [rewards, mask, scores] = [experience.rewards, rollout.completionMask, experience.scores].map((x) =>
      x.arraySync(),
    ) as [number[][], number[][], number[]];
    mask.forEach((row, i) => {
      const last = row.lastIndexOf(1);
      for (const [t, reward] of rewards[i]!.entries()) expect(reward).toBeCloseTo(t === last ? scores[i]! : 0, 6);
    });
    disposeExperience(experience);
    disposeRollout(rollout);
  });

  it('starts the separate critic as the reward model, head and normalisation included, and the shared one at 0', () => {
    const separate = create();
    expect(separate.valueModel!.scoreScale).toEqual(made().rewardModel.scoreScale);
    const batch = { tokens: tf.tensor2d([[1, 2, 3, 4]], [1, 4], 'int32'), leftPad: null };
    expect([...separate.valueModel!.values(batch, 1).dataSync()]).toEqual([
      ...made().rewardModel.values(batch, 1).dataSync(),
    ]);
    expect([...create({ valueModel: 'shared' }).policy.values(batch, 1).dataSync()]).toEqual([0, 0, 0]);
  });
});

describe('rollouts from the top k', () => {
  /** log-probabilities as they were recorded beside those of the whole distribution, and the ratio of the first pass */
  async function written(rolloutTopK: number) {
    const run = create({ rollouts: 16, epochs: 1, rolloutTopK, temperature: 1 });
    const rollout = await rollOut(run, drawPrompts(run));
    const { batch, promptLength, completionMask, logprobs } = rollout;
    const whole = run.policy.logprobs(batch, promptLength, 1).logprobs;
    const found = {
      said: [...logprobs.dataSync()],
      whole: [...tf.mul(whole, completionMask).dataSync()],
      ratio: 0,
      tokens: [...batch.tokens.dataSync()],
    };
    whole.dispose();
    const experience = await evaluate(run, drawPrompts(run), rollout, run.knobs);
    found.ratio = (await optimise(run, experience, run.knobs))['val/ratio']!;
    disposeExperience(experience);
    disposeRollout(rollout);
    return found;
  }

  it('draw from k tokens alone while log-probabilities and ratio stay those of all', async () => {
    const [one, all] = [await written(1), await written(0)];
    expect(one.tokens).not.toEqual(all.tokens);
    expect([one.ratio, all.ratio]).toEqual([1, 1]);
    for (const { said, whole } of [one, all])
      for (const [i, value] of said.entries()) expect(value).toBeCloseTo(whole[i]!, 4);
    // of one token alone a filtered distribution would say 0 everywhere
    expect(Math.min(...one.said)).toBeLessThan(-0.1);
  });

  it('of as many as there are tokens are those without any', async () => {
    const [most, all] = [await written(65_536), await written(0)];
    expect(most).toEqual(all);
  });
});

describe('the PPO loop', () => {
  it('goes through three phases and reports every metric at the end of each iteration', async () => {
    const reports = await take(ppo(create({ iterations: 2 })), 99);
    expect(reports.map(({ phase, step }) => `${phase} ${step}`)).toEqual([
      'rollout 0',
      'evaluation 0',
      'optimisation 1',
      'null 1',
      'rollout 1',
      'evaluation 1',
      'optimisation 2',
      'null 2',
    ]);
    const own = /^(objective|gold|policy|loss|val|completion)\/|^train\/(lr|gradNorm)$/;
    // of other loops and other settings
    const elsewhere = /^(train\/(loss|epoch|keptEpoch)|loss\/(kl|ptx)_avg|objective\/frac_)/;
    const expected = (Object.keys(METRICS) as MetricId[]).filter((id) => own.test(id) && !elsewhere.test(id));
    for (const { metrics } of finished(reports))
      expect(Object.keys(metrics!)).toEqual(expect.arrayContaining(expected));
  });

  it('shows rollouts token by token, and fixed prompts before and after', async () => {
    const run = create({ iterations: 1 });
    const [, evaluation, , iteration] = await take(ppo(run), 4);
    const [row] = evaluation!.rollouts!;
    expect(row!.tokens.map(({ text }) => text)).toContain(row!.tokens[0]!.text);
    expect(row!.tokens.reduce((sum, { logRatio }) => sum + logRatio, 0)).toBeCloseTo(row!.kl, 5);
    expect(row!.tokens.at(-1)!.reward).toBeCloseTo(row!.score, 5); // no KL yet
    expect(row!.gold).not.toBeNull();
    expect(iteration!.beforeAfter).toHaveLength(6);
  });

  it('makes the rewarded likelier', async () => {
    const reports = finished(
      await take(ppo(create({ iterations: 10, rollouts: 24, learningRate: 0.01, klCoef: 0, epochs: 4 })), 99),
    );
    const scores = reports.map(({ metrics }) => metrics!['objective/scores']!);
    expect(scores.at(-1)!).toBeGreaterThan(scores[0]! + 0.1);
    expect(reports.at(-1)!.metrics!['objective/kl']!).toBeGreaterThan(0);
  });

  it('leaves reference and reward model identical to the last bit', async () => {
    const { base, rewardModel } = made();
    const before = [await base.save(), await rewardModel.save()] as const;
    await take(ppo(create()), 99);
    expectSameTensors(await base.save(), before[0]);
    expectSameTensors(await rewardModel.save(), before[1]);
  });

  for (const changes of [
    {},
    { valueModel: 'shared' },
    { minibatches: 3, klControl: 'adaptive', whitenRewards: true, klEstimator: 'k3' },
  ] as Partial<PpoConfig>[]) {
    it(`goes on to the same numbers after it was stored and restored, ${JSON.stringify(changes)}`, async () => {
      const [through, interrupted, resumed] = [create(changes), create(changes), create(changes)];
      const expected = await take(ppo(through), 16);
      await take(ppo(interrupted), 8);
      resumed.load(throughStorage(await interrupted.save()));
      const rest = await take(ppo(resumed), 8);
      expect(numbersOf(rest)).toEqual(numbersOf(expected).slice(2));
      expectSameTensors((await resumed.save()).tensors, (await through.save()).tensors);
    });
  }

  it('forgets an iteration that was broken off, and does it again to the same numbers', async () => {
    const [through, broken] = [create(), create()];
    const expected = await take(ppo(through), 4);
    const loop = ppo(broken);
    await take(loop, 2);
    await loop.return(undefined);
    expect(broken.iteration).toBe(0);
    expect(numbersOf(await take(ppo(broken), 4))).toEqual(numbersOf(expected));
  });

  it('lets the knobs act from the next iteration on', async () => {
    const run = create({ schedule: 'constant', iterations: 3 });
    const loop = ppo(run);
    await take(loop, 1);
    run.adjust({ klCoef: 0.5, learningRate: 1e-4 });
    const reports = finished(await take(loop, 99)).map(({ metrics }) => [
      metrics!['objective/kl_coef'],
      metrics!['train/lr'],
    ]);
    expect(reports).toEqual([
      [LAB.ppo.klCoef, LAB.ppo.learningRate],
      [0.5, 1e-4],
      [0.5, 1e-4],
    ]);
  });

  it('lowers the KL coefficient while the policy stays nearer than the target, when control is adaptive', async () => {
    const reports = finished(await take(ppo(create({ klControl: 'adaptive', klTarget: 50, klHorizon: 100 })), 99));
    const coefficients = reports.map(({ metrics }) => metrics!['objective/kl_coef']!);
    expect(coefficients[1]).toBeCloseTo(LAB.ppo.klCoef * (1 - (0.2 * 6) / 100), 9);
    expect(coefficients[3]!).toBeLessThan(coefficients[2]!);
  });

  it('stops above the KL ceiling with a sentence that says how far it was', async () => {
    const run = create({ learningRate: 0.1, klCoef: 0, klCeiling: 0.5, iterations: 20 });
    await expect(take(ppo(run), 99)).rejects.toMatchObject({
      code: 'run/klCeiling',
      message: expect.stringContaining('objective/kl'),
    });
  });

  it('stops at the first number that is not one', async () => {
    const run = create({ learningRate: 1e30, iterations: 20 });
    await expect(take(ppo(run), 99)).rejects.toMatchObject({
      code: 'run/nonFinite',
      message: expect.stringMatching(/\(\w+\/\w+\) became/),
    });
  });

  it('skips minibatches whose ratio is beyond the limit, and ends epochs early when asked to', async () => {
    const skipped = finished(await take(ppo(create({ maxRatio: 0.5, iterations: 1 })), 99));
    expect(skipped[0]!.metrics!['val/skipped']).toBe(2);
    const far = { learningRate: 0.05, epochs: 8, iterations: 1 };
    const all = finished(await take(ppo(create(far)), 99))[0]!.metrics!['policy/approxkl_avg']!;
    const early = finished(await take(ppo(create({ ...far, earlyStopKl: 1e-6 })), 99))[0]!.metrics![
      'policy/approxkl_avg'
    ]!;
    expect(early).toBeLessThan(all);
  });

  for (const valueModel of ['separate', 'shared'] as const) {
    it(`keeps no tensors over fifty iterations, and none after it is disposed of (${valueModel} critic)`, async () => {
      made();
      const before = tf.memory().numTensors;
      const run = create({ iterations: 60, rollouts: 2, epochs: 1, valueModel });
      await expectNoLeak(ppo(run), 4, 200);
      freed.now(run);
      expect(tf.memory().numTensors).toBe(before);
    });
  }
});

describe('winRate', () => {
  it('counts ties as one half', () => {
    expect(winRate([1, 2, 3, 0], [0, 2, 4, -1])).toBe(0.625);
  });
});
