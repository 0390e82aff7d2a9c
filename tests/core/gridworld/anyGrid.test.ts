/** What holds of the three presets holds of every grid: drawn by chance, and the smallest there are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GridWorld } from '../../../src/contract/gridworld';
import { generalisedAdvantages } from '../../../src/core/gridworld/generalisedAdvantages';
import { solutionOf, walkOf } from '../../../src/core/gridworld/lesson';
import { cannotEnd, hasValue, type Mdp, mdpOf } from '../../../src/core/gridworld/mdp';
import { bestActions, largestChange, optimalValues, sweep, sweeps } from '../../../src/core/gridworld/valueIteration';
import {
  actionValues,
  advantages,
  policyGradient,
  policyValues,
  softmaxPolicy,
  uniformPolicy,
  visits,
} from '../../../src/core/gridworld/values';
import { returnsToGo, sampleWalk } from '../../../src/core/gridworld/walk';
import { Random } from '../../../src/core/tensor/random';

const FLAT: GridWorld = {
  layout: ['S'],
  rewards: { F: 1, X: -1 },
  stepReward: 0,
  slip: 0,
  slipKind: 'stay',
  wind: [],
  gamma: 0.9,
};

/** up to four rows of five cells with one cat */
const world: fc.Arbitrary<GridWorld> = fc
  .record({
    rows: fc.integer({ min: 1, max: 4 }),
    columns: fc.integer({ min: 1, max: 5 }),
    seed: fc.integer({ min: 0, max: 1e6 }),
    slip: fc.constantFrom(0, 0.05, 0.3, 0.9, 1),
    slipKind: fc.constantFrom('stay' as const, 'sideways' as const),
    gamma: fc.constantFrom(0.1, 0.5, 0.9, 0.99, 1),
    stepReward: fc.constantFrom(-1, -0.02, 0, 0.5),
    windy: fc.boolean(),
  })
  .map(({ rows, columns, seed, windy, ...rest }) => {
    const random = Random.fromSeed(seed);
    const signs = Array.from({ length: rows * columns }, () => '....#.FX'[Math.floor(8 * random.next())]!);
    signs[Math.floor(signs.length * random.next())] = 'S';
    const layout = Array.from({ length: rows }, (_, row) => signs.slice(row * columns, (row + 1) * columns).join(''));
    const wind = windy ? Array.from({ length: columns }, () => Math.floor(3 * random.next())) : [];
    return { ...FLAT, ...rest, layout, wind };
  });

/** V of a policy by walking the equations so often that nothing moves any more */
function byRepetition(mdp: Mdp, policy: readonly (readonly number[])[]): number[] {
  let values = mdp.cells.map(() => 0);
  for (let turn = 0; turn < 20_000; turn++) {
    const next = mdp.cells.map((_, state) =>
      mdp.outcomes[state]!.reduce(
        (sum, outcomes, action) =>
          sum +
          policy[state]![action]! *
            outcomes.reduce((q, one) => q + one.probability * (one.reward + mdp.gamma * values[one.next]!), 0),
        0,
      ),
    );
    const moved = largestChange(values, next);
    values = next;
    if (moved < 1e-14) break;
  }
  return values;
}

describe('every grid', () => {
  it('has transitions that add up to 1, and ends that nothing leaves', () => {
    fc.assert(
      fc.property(world, (one) => {
        const mdp = mdpOf(one);
        for (const [state, actions] of mdp.outcomes.entries())
          for (const outcomes of actions) {
            expect(mdp.isEnd[state] ? outcomes : []).toEqual([]);
            const total = outcomes.reduce((sum, { probability }) => sum + probability, 0);
            if (!mdp.isEnd[state]) expect(total).toBeCloseTo(1, 12);
          }
      }),
      { numRuns: 200 },
    );
  });

  it('has one V of a policy, by the linear system and by repetition, and A is 0 in the mean', () => {
    fc.assert(
      fc.property(world, fc.integer({ min: 1, max: 99 }), (one, seed) => {
        const mdp = mdpOf(one);
        fc.pre(hasValue(mdp) && one.gamma < 1);
        const random = Random.fromSeed(seed);
        const policy = softmaxPolicy(mdp.cells.map(() => [0, 0, 0, 0].map(() => random.normal())));
        const values = policyValues(mdp, policy);
        expect(largestChange(values, byRepetition(mdp, policy))).toBeLessThan(1e-9);
        for (const [state, a] of advantages(mdp, values).entries())
          if (!mdp.isEnd[state])
            expect(Math.abs(a.reduce((sum, x, i) => sum + policy[state]![i]! * x, 0))).toBeLessThan(1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it('has best values that the best policy is worth, that one more sweep leaves, and that nothing beats', () => {
    fc.assert(
      fc.property(world, (one) => {
        const mdp = mdpOf(one);
        fc.pre(one.gamma < 1);
        const best = optimalValues(mdp);
        const scale = Math.max(1, ...best.map(Math.abs));
        expect(largestChange(best, sweep(mdp, best))).toBeLessThan(1e-11 * scale);
        const greedy = bestActions(mdp, best).map((actions) => [0, 1, 2, 3].map((a) => Number(a === actions[0])));
        expect(largestChange(best, policyValues(mdp, greedy))).toBeLessThan(1e-9 * scale);
        for (const [state, value] of policyValues(mdp, uniformPolicy(mdp)).entries())
          expect(value).toBeLessThanOrEqual(best[state]! + 1e-9 * scale);
      }),
      { numRuns: 60 },
    );
  });

  it('is solved or said to have no value, and walked within the limit, whatever the visitor draws', () => {
    fc.assert(
      fc.property(world, fc.integer({ min: 1, max: 99 }), (one, seed) => {
        const solution = solutionOf(one);
        const mdp = mdpOf(one);
        expect(solution.uniform === null).toBe(!hasValue(mdp));
        expect(solution.best === null || solution.best.values.every(Number.isFinite)).toBe(true);
        if (mdp.isEnd[mdp.start]) return;
        const walk = walkOf(one, { kind: 'uniform' }, seed);
        expect(walk.steps.length).toBeGreaterThan(0);
        expect(walk.steps.length).toBeLessThanOrEqual(40);
        expect(walk.cut).toBe(!mdp.isEnd[walk.steps.at(-1)!.next]);
        const p = walk.steps.reduce((sum, { chosen, landed }) => sum + Math.log(chosen * landed), 0);
        expect(walk.logProbability).toBeCloseTo(p, 9);
      }),
      { numRuns: 40 },
    );
  });

  it('has the gradient that a small change of a logit gives', () => {
    fc.assert(
      fc.property(world, fc.integer({ min: 1, max: 99 }), (one, seed) => {
        const mdp = mdpOf(one);
        fc.pre(one.gamma < 1 && !mdp.isEnd[mdp.start]);
        const random = Random.fromSeed(seed);
        const logits = mdp.cells.map(() => [0, 0, 0, 0].map(() => random.normal()));
        const gradient = policyGradient(mdp, softmaxPolicy(logits));
        const worth = (change: number) => {
          const moved = logits.map((row, s) =>
            row.map((logit, a) => logit + (s === mdp.start && a === 1 ? change : 0)),
          );
          return policyValues(mdp, softmaxPolicy(moved))[mdp.start]!;
        };
        const slope = (worth(1e-5) - worth(-1e-5)) / 2e-5;
        expect(Math.abs(gradient[mdp.start]![1]! - slope)).toBeLessThan(1e-4 * Math.max(1, Math.abs(slope)));
      }),
      { numRuns: 60 },
    );
  });
});

describe('the smallest grids', () => {
  it('of one cell: the cat stays, for 1 ÷ (1 − γ) steps of what a step pays', () => {
    for (const slipKind of ['stay', 'sideways'] as const) {
      const mdp = mdpOf({ ...FLAT, slipKind, slip: 0.4, stepReward: -1, wind: [2] });
      expect(mdp.outcomes[0]).toEqual(
        Array.from({ length: 4 }, () => [{ next: 0, probability: expect.closeTo(1, 12), reward: -1 }]),
      );
      expect(policyValues(mdp, uniformPolicy(mdp))[0]).toBeCloseTo(-10, 9);
      expect(optimalValues(mdp)[0]).toBeCloseTo(-10, 9);
      expect(visits(mdp, uniformPolicy(mdp))[0]).toBeCloseTo(10, 9);
      for (const slope of policyGradient(mdp, uniformPolicy(mdp))[0]!) expect(slope).toBeCloseTo(0, 12);
    }
  });

  it('of one cell at γ 1: it can walk for ever, so there is no value, and no sweep', () => {
    const forever = { ...FLAT, gamma: 1 };
    expect(hasValue(mdpOf(forever))).toBe(false);
    expect(cannotEnd(mdpOf(forever))).toEqual([0]);
    const { best, uniform, sweeps: none } = solutionOf(forever);
    expect([best, uniform, none]).toEqual([null, null, []]);
  });

  it('where one step ends: the best is the reward, a random step a quarter of the way', () => {
    const mdp = mdpOf({ ...FLAT, layout: ['SF'] });
    expect(optimalValues(mdp)).toEqual([expect.closeTo(1, 12), 0]);
    // V = 1/4 · 1 + 3/4 · 0.9 V
    expect(policyValues(mdp, uniformPolicy(mdp))[0]).toBeCloseTo(0.25 / (1 - 0.675), 12);
    expect([...sweeps(mdp)][0]).toEqual([1, 0]);
  });

  it('where the cat begins on an end: it is worth 0, and nothing moves', () => {
    const mdp = mdpOf({ ...FLAT, layout: ['S.'], rewards: { S: 5 } });
    expect(mdp.isEnd[mdp.start]).toBe(true);
    expect(policyValues(mdp, uniformPolicy(mdp))[mdp.start]).toBe(0);
    expect(optimalValues(mdp)[mdp.start]).toBe(0);
    expect(optimalValues(mdp)[1]).toBeCloseTo(5, 9);
    for (const slope of policyGradient(mdp, uniformPolicy(mdp)).flat()) expect(slope).toBeCloseTo(0, 12);
  });

  it('where every step slips: meant and sides change places', () => {
    const sideways = mdpOf({ ...FLAT, layout: ['.', 'S', 'F'], slip: 1, slipKind: 'sideways' });
    // V(S) = 0.5 · 1 + 0.45 V(above), V(above) = 0.45 V(S) + 0.45 V(above)
    expect(optimalValues(sideways)[sideways.start]).toBeCloseTo(0.5 / (1 - (0.45 * 0.45) / 0.55), 9);
    const stays = mdpOf({ ...FLAT, layout: ['SF'], slip: 1, slipKind: 'stay' });
    expect(optimalValues(stays)).toEqual([0, 0]);
  });

  it('where the wind is stronger than the grid is high: it stops at the edge, and at an end on the way', () => {
    const blown = mdpOf({ ...FLAT, layout: ['F', '.', 'S'], wind: [9] });
    expect(blown.outcomes[blown.start]!.map(([one]) => one!.next)).toEqual([0, 0, 0, 0]);
    expect(policyValues(blown, uniformPolicy(blown))[blown.start]).toBeCloseTo(1, 12);
  });
});

describe('the return and the advantage', () => {
  it('of a walk of one step are its reward, whatever γ and λ are; a cut adds what would have followed', () => {
    for (const gamma of [0, 0.5, 1])
      for (const lam of [0, 0.5, 1]) {
        const ended = generalisedAdvantages([2], [0.5], ['terminal'], () => 7, gamma, lam);
        expect(ended.advantages[0]).toBeCloseTo(1.5, 12);
        const cut = generalisedAdvantages([2], [0.5], ['cut'], () => 7, gamma, lam);
        expect(cut.advantages[0]).toBeCloseTo(1.5 + gamma * 7, 12);
      }
  });

  it('with λ 1 is the return less V, with λ 0 one step of it, on any walk', () => {
    const mdp = mdpOf({ ...FLAT, layout: ['S..', '.#F', 'X..'], slip: 0.3, slipKind: 'sideways', stepReward: -0.1 });
    const values = policyValues(mdp, uniformPolicy(mdp));
    for (let seed = 1; seed <= 30; seed++) {
      const walk = sampleWalk(mdp, uniformPolicy(mdp), 12, Random.fromSeed(seed));
      const isCut = !mdp.isEnd[walk.at(-1)!.next];
      const ends = walk.map((_, t) => (t < walk.length - 1 ? null : isCut ? 'cut' : 'terminal') as 'cut' | null);
      const rest = isCut ? values[walk.at(-1)!.next]! : 0;
      const own = walk.map(({ state }) => values[state]!);
      const of = (lam: number) =>
        generalisedAdvantages(
          walk.map(({ reward }) => reward),
          own,
          ends,
          () => rest,
          mdp.gamma,
          lam,
        ).advantages;
      const returns = returnsToGo(walk, mdp.gamma, rest);
      for (const [t, advantage] of of(1).entries()) expect(advantage).toBeCloseTo(returns[t]! - own[t]!, 9);
      for (const [t, advantage] of of(0).entries()) {
        const { reward, next } = walk[t]!;
        expect(advantage).toBeCloseTo(reward + mdp.gamma * values[next]! - own[t]!, 9);
      }
    }
    expect(actionValues(mdp, values)).toHaveLength(mdp.cells.length);
  });
});
