import { describe, expect, it } from 'vitest';
import { MOST_MODELS, type RatedDuel, type RatingOptions } from '../../src/contract/arena';
import type { Course } from '../../src/contract/protocol';
import { arenaHandlers } from '../../src/worker/handlers/arena';

const options: RatingOptions = {
  ties: 'half',
  bothBadTies: false,
  lengthHeldEqual: false,
  prior: null,
  k: 32,
  shuffle: 0,
  seed: 1,
};
const duels: RatedDuel[] = [
  { first: 0, second: 1, choice: 'a', lengths: [7, 9] },
  { first: 1, second: 0, choice: 'a', lengths: [9, 7] },
];
const course = (breathe = async () => undefined): Course => ({
  breathe,
  tell: () => undefined,
  orCancelled: (waited) => waited,
});
const rate = (models: unknown, list: unknown, more: object = {}, breathe?: () => Promise<undefined>) =>
  arenaHandlers()['arena/rate'](
    { models, duels: list, options: { ...options, ...more } } as Parameters<
      ReturnType<typeof arenaHandlers>['arena/rate']
    >[0],
    course(breathe),
  );

describe('the thread about an arena', () => {
  it('rates what it is given, twice the same', async () => {
    const board = await rate(2, duels);
    expect(board).toEqual(await rate(2, duels));
    expect(board.rows.map(({ rating }) => rating)).toEqual([1000, 1000]);
    expect(board.between).toEqual([
      [0, 2],
      [2, 0],
    ]);
  });

  it.each([
    ['nobody', 0, []],
    ['too many models', MOST_MODELS + 1, []],
    ['a model that was not named', 1, duels],
    ['a model against itself', 2, [{ ...duels[0], second: 0 }]],
    ['an unknown outcome', 2, [{ ...duels[0], choice: 'c' }]],
    ['a length that is none', 2, [{ ...duels[0], lengths: [Number.NaN, 3] }]],
  ])('refuses %s', async (_, models, list) => {
    await expect(rate(models, list)).rejects.toThrow();
  });

  it.each([{ k: 0 }, { k: Number.NaN }, { ties: 'none' }, { seed: 0.5 }])('refuses %o', async (more) => {
    await expect(rate(2, duels, more)).rejects.toThrow();
  });

  it('ends where the page no longer waits', async () => {
    const gone = async () => {
      throw new Error('cancelled');
    };
    await expect(rate(2, duels, {}, gone)).rejects.toThrow('cancelled');
  });
});
