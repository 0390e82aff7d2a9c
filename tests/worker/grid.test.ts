import { describe, expect, it } from 'vitest';
import { GRID_LEARNING, GRID_PRESETS, type GridWorld } from '../../src/contract/gridworld';
import type { Course } from '../../src/contract/protocol';
import { gridHandlers } from '../../src/worker/handlers/grid';

const course: Course = { breathe: async () => undefined, tell: () => undefined, orCancelled: (waited) => waited };
const handlers = gridHandlers();
const world: GridWorld = GRID_PRESETS.twoFishes;
const solve = (changed: Partial<GridWorld>) => handlers['grid/solve']({ world: { ...world, ...changed } }, course);
const { updates: _, ...learning } = { ...GRID_LEARNING.ppo, walks: 8 };
const learn = (
  updates: number,
  learner: Awaited<ReturnType<(typeof handlers)['grid/learn']>>['learner'] | null = null,
) => handlers['grid/learn']({ world, learning, learner, seed: 4, updates }, course);

describe('the thread about a grid', () => {
  it('shows sweeps until they change by less than 0.0001, and a best policy whose rows sum to 1', async () => {
    const { sweeps, best, isEnd } = await solve({});
    const change = (i: number) =>
      Math.max(...sweeps[i]!.values.map((value, s) => Math.abs(value - sweeps[i - 1]!.values[s]!)));
    expect(change(sweeps.length - 1)).toBeLessThan(1e-4);
    expect(change(sweeps.length - 2)).toBeGreaterThan(1e-4);
    for (const [state, row] of best!.policy.entries())
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(isEnd[state] ? 0 : 1, 12);
  });

  it('knows no value at γ 1 on a grid that the cat may never leave, and says from where', async () => {
    const { best, uniform, sweeps, cannotEnd } = await solve({ layout: ['S#F'], gamma: 1 });
    expect([best, uniform, sweeps]).toEqual([null, null, []]);
    expect(cannotEnd).toEqual([0]);
  });

  it('goes on with what a policy has learned to the same numbers as in one go', async () => {
    const whole = await learn(5);
    const part = await learn(2);
    const rest = await learn(3, part.learner);
    expect(rest.learner).toEqual(whole.learner);
    expect([...part.points, ...rest.points]).toEqual(whole.points);
    expect(whole.points.map(({ update }) => update)).toEqual([1, 2, 3, 4, 5]);
  });

  it('takes the same walk for the same seed, and its product is its factors', async () => {
    const walk = (seed: number) => handlers['grid/walk']({ world, policy: { kind: 'uniform' }, seed }, course);
    expect(await walk(1)).toEqual(await walk(1));
    const { steps, logProbability } = await walk(1);
    expect(Math.exp(logProbability)).toBeCloseTo(
      steps.reduce((p, { chosen, landed }) => p * chosen * landed, 1),
      12,
    );
  });

  it('holds sampled gradients against the exact one: with γ^t it points nearer', async () => {
    const found = await handlers['grid/gradient'](
      { world: { ...world, gamma: 0.7 }, logits: null, seed: 1, walks: 1000 },
      course,
    );
    expect(found.byTime).toBeGreaterThan(0.9);
    expect(found.usual).toBeLessThan(found.byTime);
  });

  it.each<[string, Partial<GridWorld>]>([
    ['no cat', { layout: ['..F'] }],
    ['two cats', { layout: ['SSF'] }],
    ['rows of different lengths', { layout: ['S.', 'F'] }],
    ['an end without a reward', { layout: ['S.Q'] }],
    ['too large', { layout: Array(13).fill('.............') }],
    ['a slip of 2', { slip: 2 }],
    ['γ above 1', { gamma: 1.01 }],
    ['a reward that is no number', { rewards: { ...world.rewards, F: Number.NaN } }],
  ])('refuses a grid with %s', async (_name, changed) => {
    await expect(solve(changed)).rejects.toThrow();
  });

  it('refuses a policy of another grid', async () => {
    const logits = [[0, 0, 0, 0]];
    await expect(
      handlers['grid/walk']({ world, policy: { kind: 'learned', logits }, seed: 1 }, course),
    ).rejects.toThrow('the policy has 1 rows, the grid 21 states');
  });
});
