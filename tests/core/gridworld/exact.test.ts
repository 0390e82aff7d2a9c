import { describe, expect, it } from 'vitest';
import { GRID_PRESETS, type GridWorld } from '../../../src/contract/gridworld';
import { cannotEnd, hasValue, mdpOf } from '../../../src/core/gridworld/mdp';
import { bestActions, largestChange, optimalValues, sweep, sweeps } from '../../../src/core/gridworld/valueIteration';
import { policyGradient, policyValues, softmaxPolicy, uniformPolicy, visits } from '../../../src/core/gridworld/values';
import { solve } from '../../../src/core/tensor/linearSystem';
import { Random } from '../../../src/core/tensor/random';
import { loadGolden } from '../../helpers/golden';

const THREE_CELLS: GridWorld = {
  layout: ['S.G'],
  rewards: { G: 1 },
  stepReward: 0,
  slip: 0.2,
  slipKind: 'stay',
  wind: [],
  gamma: 0.9,
};
const WORLDS = Object.entries(GRID_PRESETS).map(([name, world]) => ({ name, mdp: mdpOf(world) }));

describe('three cells in a row, solved by hand', () => {
  // V(b) = 0.8 · 1 + 0.2 · 0.9 V(b), so V(b) = 0.8 ÷ 0.82 = 0.97561; V(a) = 0.72 V(b) + 0.18 V(a), so 0.72 ÷ 0.82 of that
  it('are worth 0.85663 and 0.97561, and the goal 0, since nothing follows it', () => {
    const values = optimalValues(mdpOf(THREE_CELLS));
    expect(values[0]).toBeCloseTo((0.72 / 0.82) * (0.8 / 0.82), 12);
    expect(values[1]).toBeCloseTo(0.8 / 0.82, 12);
    expect(values[2]).toBe(0);
  });

  it('learn of the goal one cell a sweep', () => {
    expect([...sweeps(mdpOf(THREE_CELLS))].slice(0, 2)).toEqual([
      [0, 0.8, 0],
      [expect.closeTo(0.576, 12), expect.closeTo(0.944, 12), 0],
    ]);
  });
});

describe('the best values', () => {
  it.each(WORLDS)('are those of the best policy by its linear system, to 1e-9: $name', ({ mdp }) => {
    const best = optimalValues(mdp);
    const greedy = bestActions(mdp, best).map((actions) => [0, 1, 2, 3].map((a) => Number(a === actions[0])));
    expect(largestChange(best, policyValues(mdp, greedy))).toBeLessThan(1e-9);
  });

  it.each(WORLDS)('do not change in one more sweep, and no policy drawn by chance beats them: $name', ({ mdp }) => {
    const best = optimalValues(mdp);
    expect(largestChange(best, sweep(mdp, best))).toBeLessThan(1e-12 * Math.max(...best.map(Math.abs), 1));
    const random = Random.fromSeed(3);
    for (let draw = 0; draw < 20; draw++) {
      const policy = softmaxPolicy(mdp.cells.map(() => [0, 0, 0, 0].map(() => 2 * random.normal())));
      for (const [state, value] of policyValues(mdp, policy).entries()) expect(value).toBeLessThan(best[state]! + 1e-9);
    }
  });

  it('are finite at γ = 1 where every cell can reach an end, and not where one cannot', () => {
    const lost = mdpOf({ ...THREE_CELLS, layout: ['S#G'], gamma: 1 });
    expect(cannotEnd(lost)).toEqual([0]);
    expect(hasValue(lost)).toBe(false);
    expect(hasValue({ ...lost, gamma: 0.99 })).toBe(true);
    const open = mdpOf({ ...THREE_CELLS, gamma: 1 });
    expect(hasValue(open)).toBe(true);
    expect(optimalValues(open)).toEqual([expect.closeTo(1, 9), expect.closeTo(1, 9), 0]);
  });
});

describe('a process', () => {
  it.each(WORLDS)('goes somewhere with probability 1 from every cell and action: $name', ({ mdp }) => {
    for (const [state, actions] of mdp.outcomes.entries())
      for (const list of actions)
        expect(list.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(mdp.isEnd[state] ? 0 : 1, 12);
  });

  it('refuses a grid on which the cat begins nowhere, or twice', () => {
    expect(() => mdpOf({ ...THREE_CELLS, layout: ['..G'] })).toThrow('begins at 0 places');
    expect(() => mdpOf({ ...THREE_CELLS, layout: ['SSG'] })).toThrow('begins at 2 places');
  });

  it('is blown up by the wind of the column that was left, until a wall, the edge or an end stops it', () => {
    const windy = { ...THREE_CELLS, slip: 0, wind: [2, 0, 0] };
    const to = (layout: string[], action: number) => {
      const mdp = mdpOf({ ...windy, layout });
      return mdp.cells[mdp.outcomes[mdp.start]![action]![0]!.next];
    };
    expect(to(['...', '...', 'S.G'], 1)).toEqual({ row: 0, column: 1 });
    expect(to(['...', '.#.', '...', 'S.G'], 1)).toEqual({ row: 2, column: 1 });
    expect(to(['...', '.G.', '...', 'S..'], 1)).toEqual({ row: 1, column: 1 });
    expect(to(['...', '...', 'S.G'], 3)).toEqual({ row: 0, column: 0 });
  });

  it('has the three worlds of the reference file as its presets', () => {
    const cases = loadGolden('r_gridworld').cases.map(({ inputs }) =>
      JSON.stringify([inputs.slip, inputs.gamma, inputs.step_reward, String(inputs.layout).replaceAll('G', 'F')]),
    );
    for (const { slip, gamma, stepReward, layout } of Object.values<GridWorld>(GRID_PRESETS))
      expect(cases).toContain(JSON.stringify([slip, gamma, stepReward, layout.join(',')]));
  });
});

describe('the exact gradient', () => {
  it.each(WORLDS)('is what a small change of a logit does to V(start): $name', ({ mdp }) => {
    const random = Random.fromSeed(1);
    const logits = mdp.cells.map(() => [0, 0, 0, 0].map(() => random.normal()));
    const gradient = policyGradient(mdp, softmaxPolicy(logits));
    const valueAt = (state: number, action: number, change: number) => {
      const moved = logits.map((row, s) => row.map((logit, a) => logit + (s === state && a === action ? change : 0)));
      return policyValues(mdp, softmaxPolicy(moved))[mdp.start]!;
    };
    for (const state of [mdp.start, 1, 5])
      for (const action of [0, 1, 2, 3]) {
        const slope = (valueAt(state, action, 1e-5) - valueAt(state, action, -1e-5)) / 2e-5;
        if (!mdp.isEnd[state]) expect(gradient[state]![action]).toBeCloseTo(slope, 4);
      }
  });

  it('weighs a cell by how often the cat is there: in all 1 ÷ (1 − γ) steps where nothing ends', () => {
    const mdp = mdpOf({ ...THREE_CELLS, layout: ['S.'], slip: 0 });
    expect(visits(mdp, uniformPolicy(mdp)).reduce((a, b) => a + b, 0)).toBeCloseTo(10, 9);
  });
});

describe('a linear system', () => {
  it('is solved where a pivot is 0 at first, and refused where rows say the same', () => {
    expect(
      solve(
        [
          [0, 2],
          [1, 1],
        ],
        [4, 3],
      ),
    ).toEqual([1, 2]);
    expect(() =>
      solve(
        [
          [1, 1],
          [1, 1],
        ],
        [1, 1],
      ),
    ).toThrow('no single solution');
  });
});
