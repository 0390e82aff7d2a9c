import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KernelStyleName } from '../../../../src/contract/config';
import { BUDGET_MS, type Entrant, swiftest, type Tryout } from '../../../../src/core/model/fused/tuner';

const ALL: KernelStyleName[] = ['cooperative', 'subgroups', 'broad', 'broadSubgroups'];
const NEVER = Number.POSITIVE_INFINITY;

const pass = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    if (ms < NEVER) setTimeout(resolve, ms);
  });

/**
 * A card on which a step takes so many milliseconds of a clock that a test moves; null is a way that fails.
 * @param compiling milliseconds until kernels are here
 */
function card(
  steps: Partial<Record<KernelStyleName, number | null>>,
  names: readonly KernelStyleName[] = ALL,
  compiling: Partial<Record<KernelStyleName, number>> = {},
) {
  const entered: KernelStyleName[] = [];
  const left: KernelStyleName[] = [];
  /** steps that the card was given */
  const taken: Partial<Record<KernelStyleName, number>> = {};
  const unwanted: KernelStyleName[] = [];
  const entrant = (name: KernelStyleName, ms: number): Entrant => ({
    async time(count) {
      if (left.includes(name)) throw new Error(`${name} is gone`);
      taken[name] = (taken[name] ?? 0) + count;
      await pass(count * ms);
      if (left.includes(name)) throw new Error(`${name} was taken away while it was measured`);
      return ms;
    },
    dispose: () => void left.push(name),
  });
  const tryout: Tryout = {
    names,
    now: () => Date.now(),
    budgetMs: BUDGET_MS,
    async enter(name, isWanted) {
      entered.push(name);
      await pass(compiling[name] ?? 0);
      if (!isWanted()) unwanted.push(name);
      const ms = steps[name];
      return ms == null ? null : entrant(name, ms);
    },
  };
  /** what the tuner takes, and when; then all that it let go of has its end */
  const tuned = async () => {
    const began = Date.now();
    const result = swiftest(tryout).then((name) => ({ name, ms: Date.now() - began }));
    await vi.runAllTimersAsync();
    return result;
  };
  return { tuned, entered, left, taken, unwanted };
}

const nameOf = async (steps: Parameters<typeof card>[0], names = ALL): Promise<KernelStyleName> =>
  (await card(steps, names).tuned()).name;

describe('the tuner', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('keeps to the first way where nothing is swifter, and tries two others', async () => {
    const { tuned, entered, left } = card({ cooperative: 10, subgroups: 10, broad: 12, broadSubgroups: 1 });
    expect((await tuned()).name).toBe('cooperative');
    expect(entered).toEqual(['cooperative', 'subgroups', 'broad']);
    expect(left.sort()).toEqual([...entered].sort());
  });

  it('goes on from what was swifter', async () => {
    const { tuned, entered } = card({ cooperative: 10, subgroups: 8, broad: 1, broadSubgroups: 6 });
    expect((await tuned()).name).toBe('broadSubgroups');
    expect(entered).toEqual(['cooperative', 'subgroups', 'broadSubgroups']);
  });

  it('takes nothing for swifter that is so by three in a hundred or less', async () => {
    expect(await nameOf({ cooperative: 100, subgroups: 98, broad: 97 })).toBe('cooperative');
    expect(await nameOf({ cooperative: 100, subgroups: 96, broad: 99 })).toBe('subgroups');
  });

  it('asks for nothing that the card does not have', async () => {
    const { tuned, entered } = card({ cooperative: 10, broad: 5 }, ['cooperative', 'broad']);
    expect((await tuned()).name).toBe('broad');
    expect(entered).toEqual(['cooperative', 'broad']);
  });

  it('goes past a way that fails here, and asks for no other where that is the first', async () => {
    expect(await nameOf({ cooperative: 10, subgroups: null, broad: 5 })).toBe('broad');
    const first = card({ cooperative: null, subgroups: 1 });
    expect((await first.tuned()).name).toBe('cooperative');
    expect(first.entered).toEqual(['cooperative']);
  });

  it('takes fewer steps where they are long, and leaves time for the third', async () => {
    const quick = card({ cooperative: 20, subgroups: 10, broadSubgroups: 5 });
    expect((await quick.tuned()).name).toBe('broadSubgroups');
    expect(quick.taken).toEqual({ cooperative: 13, subgroups: 25, broadSubgroups: 13 });
    const slow = card({ cooperative: 380, subgroups: 110, broad: 10, broadSubgroups: 10 });
    expect((await slow.tuned()).name).toBe('broadSubgroups');
    expect(slow.taken).toMatchObject({ cooperative: 2, broadSubgroups: 4 });
  });

  it('begins nothing that would not be over after two seconds', async () => {
    const { tuned, taken } = card({ cooperative: 800, subgroups: 100 });
    expect(await tuned()).toEqual({ name: 'cooperative', ms: 800 });
    expect(taken).toEqual({ cooperative: 1 });
  });

  it.each([
    ['in the first look at a card', { cooperative: 5000 }],
    ['in a look at another way', { cooperative: 100, subgroups: 5000 }],
    ['for ever', { cooperative: 100, subgroups: NEVER }],
  ])('ends after two seconds where a step lasts longer, %s', async (_, steps) => {
    const { tuned, left } = card(steps);
    expect(await tuned()).toEqual({ name: 'cooperative', ms: 2000 });
    // what lasts is taken away when it is over, not before
    const names = Object.keys(steps) as KernelStyleName[];
    expect(left.sort()).toEqual(names.filter((name) => (steps as Record<string, number>)[name]! < NEVER).sort());
  });

  it('does not wait for kernels that take longer to compile, and leaves nothing of them behind', async () => {
    const { tuned, left, unwanted, taken } = card({ cooperative: 10, subgroups: 1 }, ['cooperative', 'subgroups'], {
      subgroups: 9000,
    });
    expect(await tuned()).toEqual({ name: 'cooperative', ms: 2000 });
    expect([left, unwanted]).toEqual([['cooperative', 'subgroups'], ['subgroups']]);
    expect(taken).toEqual({ cooperative: 1 });
  });
});
