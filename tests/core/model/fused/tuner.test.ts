import { describe, expect, it } from 'vitest';
import type { KernelStyleName } from '../../../../src/contract/config';
import { type Entrant, swiftest, type Tryout } from '../../../../src/core/model/fused/tuner';

const ALL: KernelStyleName[] = ['cooperative', 'subgroups', 'broad', 'broadSubgroups'];

/** A card on which a step takes so many milliseconds of a clock that only steps move; null is a way that fails. */
function card(steps: Partial<Record<KernelStyleName, number | null>>, names: readonly KernelStyleName[] = ALL) {
  let clock = 0;
  const entered: KernelStyleName[] = [];
  const left: KernelStyleName[] = [];
  const entrant = (name: KernelStyleName, ms: number): Entrant => ({
    async time() {
      clock += ms;
      return ms;
    },
    dispose: () => void left.push(name),
  });
  const tryout: Tryout = {
    names,
    now: () => clock,
    async enter(name) {
      entered.push(name);
      const ms = steps[name];
      return ms == null ? null : entrant(name, ms);
    },
  };
  const pass = (ms: number) => {
    clock += ms;
  };
  return { tryout, entered, left, pass, clock: () => clock };
}

describe('the tuner', () => {
  it('keeps to the first way where nothing is swifter, and tries two others', async () => {
    const { tryout, entered, left } = card({ cooperative: 10, subgroups: 10, broad: 12, broadSubgroups: 1 });
    expect(await swiftest(tryout)).toBe('cooperative');
    expect(entered).toEqual(['cooperative', 'subgroups', 'broad']);
    expect(left.sort()).toEqual([...entered].sort());
  });

  it('goes on from what was swifter', async () => {
    const { tryout, entered } = card({ cooperative: 10, subgroups: 8, broad: 1, broadSubgroups: 6 });
    expect(await swiftest(tryout)).toBe('broadSubgroups');
    expect(entered).toEqual(['cooperative', 'subgroups', 'broadSubgroups']);
  });

  it('takes nothing for swifter that is so by three in a hundred or less', async () => {
    expect(await swiftest(card({ cooperative: 100, subgroups: 98, broad: 97 }).tryout)).toBe('cooperative');
    expect(await swiftest(card({ cooperative: 100, subgroups: 96, broad: 99 }).tryout)).toBe('subgroups');
  });

  it('asks for nothing that the card does not have', async () => {
    const { tryout, entered } = card({ cooperative: 10, broad: 5 }, ['cooperative', 'broad']);
    expect(await swiftest(tryout)).toBe('broad');
    expect(entered).toEqual(['cooperative', 'broad']);
  });

  it('goes past a way that fails here, also where it is the first', async () => {
    expect(await swiftest(card({ cooperative: 10, subgroups: null, broad: 5 }).tryout)).toBe('broad');
    expect(await swiftest(card({ cooperative: null, subgroups: 1 }).tryout)).toBe('cooperative');
  });

  it('ends after two seconds with the best that it has compared by then', async () => {
    const slow = card({ cooperative: 380, subgroups: 110, broad: 10, broadSubgroups: 10 });
    expect(await swiftest(slow.tryout)).toBe('subgroups');
    expect(slow.entered).toContain('broadSubgroups');
    expect(slow.clock()).toBeLessThan(2000);
    const slower = card({ cooperative: 800, subgroups: 100 });
    expect(await swiftest(slower.tryout)).toBe('cooperative');
    expect(slower.entered).toEqual(['cooperative', 'subgroups']);
  });

  it('does not wait for kernels that take longer to compile, and leaves nothing of them behind', async () => {
    const { tryout, left, pass } = card({ cooperative: 10 }, ['cooperative', 'subgroups']);
    let arrive = (_: Entrant | null): void => {};
    const late = new Promise<Entrant | null>((resolve) => {
      arrive = resolve;
    });
    const enter: Tryout['enter'] = (name) => {
      if (name === 'subgroups') return late;
      pass(1490);
      return tryout.enter(name);
    };
    expect(await swiftest({ ...tryout, enter })).toBe('cooperative');
    expect(left).toEqual(['cooperative']);
    arrive({ time: async () => 1, dispose: () => void left.push('subgroups') });
    await new Promise((resolve) => setImmediate(resolve));
    expect(left).toEqual(['cooperative', 'subgroups']);
  });
});
