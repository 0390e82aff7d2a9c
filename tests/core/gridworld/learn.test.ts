import { describe, expect, it } from 'vitest';
import {
  GRID_LEARNING,
  GRID_METHODS,
  GRID_PRESETS,
  type GridLearning,
  type GridWorld,
} from '../../../src/contract/gridworld';
import { freshLearner, learnOnce, type Update } from '../../../src/core/gridworld/learn';
import { mdpOf } from '../../../src/core/gridworld/mdp';
import { cosine, reinforceGradient, weighted } from '../../../src/core/gridworld/reinforce';
import { optimalValues } from '../../../src/core/gridworld/valueIteration';
import { policyGradient, policyValues, softmaxPolicy, uniformPolicy } from '../../../src/core/gridworld/values';
import { isCut, returnsToGo, sampleWalk } from '../../../src/core/gridworld/walk';
import { Random } from '../../../src/core/tensor/random';

const WORLDS = Object.entries<GridWorld>(GRID_PRESETS).map(([name, world]) => ({ name, mdp: mdpOf(world) }));
const CLIFF = mdpOf(GRID_PRESETS.cliff);

function learned(mdp: typeof CLIFF, learning: GridLearning, seed: number, updates: number): Update {
  const random = Random.fromSeed(seed);
  let learner = learnOnce(mdp, freshLearner(mdp), learning, random);
  while (learner.update < updates) learner = learnOnce(mdp, learner, learning, random);
  return learner;
}
/** (V − V of the uniform policy) ÷ (V* − that) at the start */
function shareOfBest(mdp: typeof CLIFF, value: number): number {
  const least = policyValues(mdp, uniformPolicy(mdp))[mdp.start]!;
  return (value - least) / (optimalValues(mdp)[mdp.start]! - least);
}

describe('PPO', () => {
  it.each(WORLDS)('reaches 0.95 of the way from the uniform policy to the best over ten seeds: $name', ({ mdp }) => {
    const shares = Array.from({ length: 10 }, (_, seed) =>
      shareOfBest(mdp, learned(mdp, GRID_LEARNING.ppo, seed + 1, GRID_LEARNING.ppo.updates).value),
    );
    expect(Math.min(...shares), shares.map((share) => share.toFixed(3)).join(' ')).toBeGreaterThanOrEqual(0.95);
  });

  it('stays near the best with the clip where the same steps without it do not', () => {
    const mdp = mdpOf(GRID_PRESETS.twoFishes);
    const far = { ...GRID_LEARNING.ppo, epochs: 40 };
    const mean = (clipRange: number | null) =>
      [1, 2, 3].reduce(
        (sum, seed) => sum + shareOfBest(mdp, learned(mdp, { ...far, clipRange }, seed, 80).value) / 3,
        0,
      );
    expect(mean(0.2)).toBeGreaterThan(0.9);
    expect(mean(null)).toBeLessThan(0.7);
  });

  it('begins each update at ratio 1 and silences nothing there', () => {
    const { samples } = learned(CLIFF, { ...GRID_LEARNING.ppo, epochs: 1 }, 1, 1);
    expect(samples.every(({ ratio, silenced }) => ratio === 1 && !silenced)).toBe(true);
  });

  it('silences only steps outside the band, on the side to which their advantage pulls', () => {
    const { samples } = learned(CLIFF, { ...GRID_LEARNING.ppo, epochs: 10 }, 1, 3);
    expect(samples.some(({ silenced }) => silenced)).toBe(true);
    for (const { silenced, ratio, advantage } of samples)
      expect(silenced).toBe(advantage > 0 ? ratio > 1.2 : ratio < 0.8);
  });
});

describe('every method', () => {
  it.each(GRID_METHODS)('%s gets better, and the same seed gives the same numbers, cut into steps or not', (method) => {
    const learning = { ...GRID_LEARNING[method], walks: 16 };
    const twenty = learned(CLIFF, learning, 5, 20);
    expect(shareOfBest(CLIFF, twenty.value)).toBeGreaterThan(0.1);
    const ten = learned(CLIFF, learning, 5, 10);
    let resumed: Update = ten;
    while (resumed.update < 20) resumed = learnOnce(CLIFF, structuredClone(resumed), learning, Random.fromSeed(5));
    expect(resumed.logits).toEqual(twenty.logits);
    expect(learned(CLIFF, learning, 6, 20).logits).not.toEqual(twenty.logits);
  });
});

describe('the sampled gradient', () => {
  const world = { ...GRID_PRESETS.twoFishes, gamma: 0.7 };
  const mdp = mdpOf(world);
  const logits = mdp.cells.map(() => [0, 0, 0, 0]);
  const policy = softmaxPolicy(logits);
  const exact = policyGradient(mdp, policy);
  const random = Random.fromSeed(11);
  const walks = Array.from({ length: 6000 }, () => sampleWalk(mdp, policy, 400, random));
  const baseline = policyValues(mdp, policy);

  it.each([null, baseline])('is the exact one in the mean when step t is weighed by γ^t', (b) => {
    const parts = Array.from({ length: 20 }, (_, i) =>
      reinforceGradient(mdp, logits, walks.slice(300 * i, 300 * (i + 1)), { byTime: true, baseline: b }),
    );
    for (const [state, row] of exact.entries())
      for (const [action, value] of row.entries()) {
        const drawn = parts.map((part) => part[state]![action]!);
        const mean = drawn.reduce((a, b) => a + b, 0) / 20;
        const error = Math.sqrt(drawn.reduce((a, x) => a + (x - mean) ** 2, 0) / 19 / 20);
        expect(Math.abs(mean - value), `${state}, ${action}`).toBeLessThan(5 * error + 1e-9);
      }
  });

  it('aims elsewhere as usually written, by far more than chance', () => {
    const usual = reinforceGradient(mdp, logits, walks, { byTime: false, baseline });
    const weighed = reinforceGradient(mdp, logits, walks, { byTime: true, baseline });
    expect(cosine(weighed, exact)).toBeGreaterThan(0.98);
    expect(cosine(usual, exact)).toBeLessThan(0.9);
  });

  it('has less noise with a baseline', () => {
    const noise = (b: readonly number[] | null) => {
      const parts = Array.from({ length: 30 }, (_, i) =>
        reinforceGradient(mdp, logits, walks.slice(10 * i, 10 * (i + 1)), { byTime: true, baseline: b }),
      );
      return parts.flatMap((part) => part.flat().map((x, i) => (x - exact.flat()[i]!) ** 2)).reduce((a, x) => a + x, 0);
    };
    expect(noise(baseline)).toBeLessThan(noise(null));
  });

  it('has no direction where nothing was learned', () => expect(cosine([[0, 0]], [[1, 0]])).toBe(0));
});

describe('a walk', () => {
  it('that the step limit cuts is given what would have followed; one that ends is not', () => {
    const policy = uniformPolicy(CLIFF);
    const long = sampleWalk(CLIFF, policy, 1000, Random.fromSeed(2));
    const short = long.slice(0, 1);
    expect(isCut(CLIFF, long)).toBe(false);
    expect(isCut(CLIFF, short)).toBe(true);
    expect(returnsToGo(short, 0.5)).toEqual([-0.02]);
    expect(returnsToGo(short, 0.5, 0.8)).toEqual([-0.02 + 0.4]);
    expect(weighted(CLIFF, short, { byTime: false, baseline: null }, 1)[0]!.advantage).toBeCloseTo(-0.02 + 0.99, 12);
  });

  it('is the same for the same seed', () => {
    const take = () => sampleWalk(CLIFF, uniformPolicy(CLIFF), 50, Random.fromSeed(9));
    expect(take()).toEqual(take());
  });
});
