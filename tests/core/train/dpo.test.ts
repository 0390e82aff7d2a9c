import { describe, expect, it } from 'vitest';
import type { DpoConfig } from '../../../src/contract/config';
import type { CausalNetwork } from '../../../src/core/model/causalNetwork';
import { tf } from '../../../src/core/tf';
import { dpo } from '../../../src/core/train/dpo';
import { type DpoInputs, DpoRun } from '../../../src/core/train/dpoRun';
import { logpsOfPairs } from '../../../src/core/train/pairLogps';
import { withBackend } from '../../helpers/backend';
import {
  corpus,
  expectNoLeak,
  expectSameTensors,
  freedAfterEach,
  LAB,
  rankingsForLonger,
  sharedBase,
  take,
  throughStorage,
  ticking,
  votesForLonger,
} from './tiny';

withBackend('wasm');

const base = sharedBase();
const freed = freedAfterEach<DpoRun>();
const inputs = (config: Partial<DpoConfig> = {}, rest: Partial<DpoInputs> = {}): DpoInputs => ({
  seed: 1,
  config: {
    ...LAB.dpo,
    steps: 40,
    batchSize: 4,
    learningRate: 0.01,
    evalEvery: 20,
    evalSamples: 4,
    heldOutShare: 0.2,
    ...config,
  },
  base: base(),
  corpus,
  opinions: votesForLonger(20),
  rater: { name: 'short' },
  rewardModel: null,
  ...rest,
});
function create(config: Partial<DpoConfig> = {}, rest: Partial<DpoInputs> = {}): DpoRun {
  return freed(new DpoRun(inputs(config, rest)));
}
const stepsOf = (run: DpoRun, count: number) => take(dpo(run, ticking()), count);

describe('DPO', () => {
  it('starts where policy and reference agree: ln 2, no margin, no distance', async () => {
    const [first] = await stepsOf(create({ learningRate: 0 }), 1);
    const { metrics } = first!;
    expect(metrics['dpo/loss']).toBe(Math.fround(Math.LN2));
    for (const id of ['rewards/chosen', 'rewards/rejected', 'rewards/margins'] as const) expect(metrics[id]).toBe(0);
    expect(metrics['axis/kl']).toBe(0);
    expect(metrics['gold/winRate']).toBe(0.5);
    for (const { before, after } of first!.beforeAfter!) expect(after).toBe(before);
  });

  it('starts at ln 2 with any label smoothing, and IPO at (1/(2β))²', async () => {
    const start = async (config: Partial<DpoConfig>) => (await stepsOf(create(config), 1))[0]!.metrics['dpo/loss']!;
    expect(await start({ labelSmoothing: 0.2 })).toBeCloseTo(Math.LN2, 6);
    expect(await start({ loss: 'robust', labelSmoothing: 0.2 })).toBeCloseTo(Math.LN2, 6);
    expect(await start({ loss: 'sigmoidMean' })).toBeCloseTo(Math.LN2, 6);
    expect(await start({ loss: 'hinge' })).toBe(1);
    for (const loss of ['ipo', 'ipoMean'] as const) expect(await start({ loss, beta: 0.25 })).toBeCloseTo(4, 5);
  });

  for (const loss of ['sigmoid', 'sigmoidMean', 'robust', 'ipo', 'ipoMean', 'hinge'] as const) {
    it(`learns to prefer the chosen side, seen or not: ${loss}`, async () => {
      const reports = await stepsOf(create({ loss, steps: 60 }, { opinions: votesForLonger(60) }), 99);
      const [first, last] = [reports[0]!.metrics, reports.at(-1)!.metrics];
      expect(last['dpo/loss']!).toBeLessThan(0.9 * first['dpo/loss']!);
      expect(last['rewards/margins']!).toBeGreaterThan(0);
      expect(last['eval_rewards/accuracies']!).toBeGreaterThan(0.6); // of 12 pairs
      expect(last['axis/kl']!).toBeGreaterThan(0);
    });
  }

  it('believes smoothed labels less', async () => {
    const margin = async (labelSmoothing: number) =>
      (await stepsOf(create({ labelSmoothing }), 40)).at(-1)!.metrics['rewards/margins']!;
    expect(await margin(0.3)).toBeLessThan(0.8 * (await margin(0)));
  });

  it('holds the chosen side likely with the fine-tuning term', async () => {
    const surprise = async (rpoAlpha: number) =>
      (await stepsOf(create({ rpoAlpha }), 40)).at(-1)!.metrics['dpo/nll_loss']!;
    expect(await surprise(1)).toBeLessThan(await surprise(0));
  });

  it('reports logps summed over the completion, and rewards that are β times their drift', async () => {
    const run = create({ batchSize: 20, heldOutShare: 0, beta: 0.3 }); // every pair in every step
    const loop = dpo(run, ticking());
    const sides = async (network: CausalNetwork) => {
      const { logps } = await logpsOfPairs(network, corpus, run.train);
      return [logps.slice(0, 20), logps.slice(20)].map((side) => side.reduce((sum, x) => sum + x, 0) / 20) as [
        number,
        number,
      ];
    };
    const [refChosen, refRejected] = await sides(run.reference);
    const [first] = await take(loop, 1);
    expect(first!.metrics['logps/chosen']).toBeCloseTo(refChosen, 3);
    expect(first!.metrics['logps/rejected']).toBeCloseTo(refRejected, 3);
    const [chosen, rejected] = await sides(run.policy);
    const { metrics } = (await take(loop, 1))[0]!;
    expect(metrics['rewards/chosen']).toBeCloseTo(0.3 * (chosen - refChosen), 3);
    expect(metrics['rewards/rejected']).toBeCloseTo(0.3 * (rejected - refRejected), 3);
    expect(metrics['rewards/margins']).toBeCloseTo(metrics['rewards/chosen']! - metrics['rewards/rejected']!, 5);
    expect(Math.abs(metrics['rewards/margins']!)).toBeGreaterThan(0.01);
    await loop.return(undefined);
  });

  it('learns from every pair of a ranking, and splits none of them', () => {
    const run = create({}, { opinions: rankingsForLonger(10, 4) });
    expect(run.train.length + run.heldOut.length).toBeGreaterThan(40);
    const trained = new Set(run.train.map(({ prompt }) => prompt));
    expect(run.heldOut.filter(({ prompt }) => trained.has(prompt))).toEqual([]);
  });

  it('reads votes twice beside pairs that a rule labelled, holds out some of both, and counts only what somebody chose', () => {
    const labelled = votesForLonger(60).map(({ prompt, completions: [a, b] }) => ({
      prompt: `${prompt} .`,
      chosen: a,
      rejected: b,
      source: 'rule' as const,
    }));
    const run = create({}, { opinions: votesForLonger(20), rulePairs: labelled });
    const count = (list: readonly { source: string }[], source: string) =>
      list.filter((pair) => pair.source === source).length;
    expect(count(run.train, 'human') + count(run.heldOut, 'human')).toBe(20);
    expect(count(run.train, 'rule') + count(run.heldOut, 'rule')).toBe(60);
    expect(run.heldOut.length).toBeGreaterThanOrEqual(16); // a fifth of 80
    expect(count(run.curriculum, 'human')).toBe(2 * count(run.train, 'human'));
    expect(count(run.curriculum, 'rule')).toBe(count(run.train, 'rule'));
    expect(create().curriculum, 'votes alone are read once').toEqual(create().train);
    expect(() => new DpoRun(inputs({}, { opinions: votesForLonger(7), rulePairs: labelled }))).toThrow('there are 7');
  });

  it('says what is missing with fewer than eight usable votes', () => {
    expect(() => new DpoRun(inputs({}, { opinions: votesForLonger(7) }))).toThrow('there are 7');
  });

  it('leaves the reference identical to the last bit', async () => {
    const before = await base().save();
    await stepsOf(create({ learningRate: 0.1 }), 5);
    expectSameTensors(await base().save(), before);
  });

  it('goes on to the same numbers after it was stored and restored', async () => {
    const config = { steps: 8, evalEvery: 3, rpoAlpha: 0.2 };
    const [through, interrupted] = [create(config), create(config)];
    const expected = await stepsOf(through, 8);
    await stepsOf(interrupted, 5);
    const resumed = create(config);
    resumed.load(throughStorage(await interrupted.save()));
    const rest = await stepsOf(resumed, 8);
    const numbers = ({ metrics }: { metrics: object }) => ({ ...metrics, 'perf/stepMs': 0 });
    expect(rest.map(numbers)).toEqual(expected.slice(5).map(numbers));
    expectSameTensors((await resumed.save()).tensors, (await through.save()).tensors);
  });

  it('keeps no tensors over fifty steps, and none after it is disposed of', async () => {
    base();
    const before = tf.memory().numTensors;
    const run = create({ steps: 60, evalEvery: 10 });
    await expectNoLeak(dpo(run, ticking()), 2, 55);
    freed.now(run);
    expect(tf.memory().numTensors).toBe(before);
  });
});
