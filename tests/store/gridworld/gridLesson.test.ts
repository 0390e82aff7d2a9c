import { describe, expect, it } from 'vitest';
import { GRID_PRESETS, type GridWorld } from '../../../src/contract/gridworld';
import type { CallKind, Calls } from '../../../src/contract/protocol';
import { painted } from '../../../src/store/gridworld/edit';
import { createGridLesson } from '../../../src/store/gridworld/gridLesson';
import { gridHandlers } from '../../../src/worker/handlers/grid';

const course = {
  breathe: async () => undefined,
  tell: () => undefined,
  orCancelled: <T>(waited: Promise<T>) => waited,
};
const handlers = gridHandlers() as unknown as Record<string, (params: unknown, c: typeof course) => Promise<unknown>>;
const ask = <K extends CallKind>(kind: K, params: Calls[K]['params']): Promise<Calls[K]['result']> =>
  handlers[kind]!(params, course) as Promise<Calls[K]['result']>;

/** a lesson whose timers a test fires by hand */
function lesson() {
  const timers: (() => void)[] = [];
  const store = createGridLesson(ask, (task) => void timers.push(task));
  const settle = async () => {
    for (let turn = 0; turn < 200; turn++) await Promise.resolve();
  };
  const tick = async () => {
    for (const task of timers.splice(0)) task();
    await settle();
  };
  return { store, tick, settle, timers };
}

describe('the lesson on the grid', () => {
  it('pauses where it is, goes on to the same numbers, and a timer of an earlier press does nothing', async () => {
    const { store, tick, settle, timers } = lesson();
    await settle();
    store.getState().changeLearning({ walks: 8 });
    await store.getState().train();
    await tick();
    store.getState().pause();
    const paused = store.getState().run!.learner.update;
    await tick();
    expect(store.getState().run!.learner.update).toBe(paused);
    void store.getState().train();
    store.getState().pause();
    void store.getState().train();
    await settle();
    while (timers.length > 0) await tick();
    expect(store.getState().training).toBe(false);
    const { points } = store.getState().run!;
    expect(points.map(({ update }) => update)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));

    const whole = await ask('grid/learn', {
      world: store.getState().world,
      learning: store.getState().learning,
      learner: null,
      seed: store.getState().seed,
      updates: 80,
    });
    expect(points).toEqual(whole.points);
  });

  it('throws away an answer about a world that is gone', async () => {
    const { store, settle } = lesson();
    await settle();
    const learning = store.getState().step();
    store.getState().choosePreset('cliff');
    await learning;
    await settle();
    expect(store.getState().run).toBeNull();
    expect(store.getState().solution?.cells).toHaveLength(20);
  });

  it('takes both steps that were pressed at once', async () => {
    const { store, settle } = lesson();
    await settle();
    await Promise.all([store.getState().step(), store.getState().step()]);
    expect(store.getState().run?.learner.update).toBe(2);
  });

  it('plays sweeps to the last one and begins again from none', async () => {
    const { store, settle, tick, timers } = lesson();
    await settle();
    store.getState().playSweeps();
    while (timers.length > 0) await tick();
    const { swept, sweeping, solution } = store.getState();
    expect([swept, sweeping]).toEqual([solution!.sweeps.length - 1, false]);
    store.getState().playSweeps();
    expect(store.getState().swept).toBe(0);
    store.getState().sweepTo(5);
    await tick();
    expect(store.getState().swept).toBe(5);
  });
});

describe('what is put on a cell', () => {
  const world: GridWorld = GRID_PRESETS.twoFishes;
  const at = (row: number, column: number) => ({ row, column });

  it('goes away when it is put there again; a fish becomes the near one first', () => {
    const put = (brush: 'wall' | 'fish' | 'dog', times: number) => {
      let grid: GridWorld = world;
      for (let i = 0; i < times; i++) grid = painted(grid, at(0, 1), brush) as GridWorld;
      return grid.layout[0]![1];
    };
    expect([put('wall', 1), put('wall', 2)]).toEqual(['#', '.']);
    expect([put('dog', 1), put('dog', 2)]).toEqual(['X', '.']);
    expect([put('fish', 1), put('fish', 2), put('fish', 3)]).toEqual(['F', 'f', '.']);
  });

  it('leaves one cat, wherever it is put, and nothing on its cell', () => {
    const moved = painted(world, at(0, 3), 'cat') as GridWorld;
    expect(moved.layout.join('').split('S')).toHaveLength(2);
    expect(moved.layout[0]![3]).toBe('S');
    expect(painted(moved, at(0, 3), 'wall')).toMatch(/The cat begins here/);
  });
});
