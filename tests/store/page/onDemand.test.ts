import { describe, expect, it } from 'vitest';
import { madeOnDemand, onDemand } from '../../../src/store/page/onDemand';

/** a part that fails to come so often as told */
function aPart(failures = 0) {
  let asked = 0;
  let made = 0;
  const part = onDemand('counts', async () => {
    if (asked++ < failures) throw new Error('no network');
    return (lab: string) => ({ lab, number: ++made });
  });
  return { part, asked: () => asked };
}

describe('what a part makes for a lab', () => {
  it('is made once, also for two who ask before the part has come', async () => {
    const { part, asked } = aPart();
    const acts = madeOnDemand(part, 'mine');
    expect(acts.here()).toBeNull();
    const [first, second] = await Promise.all([acts.get(), acts.get()]);
    expect(second).toBe(first);
    expect(await acts.get()).toBe(first);
    expect(acts.here()).toBe(first);
    expect(first).toEqual({ lab: 'mine', number: 1 });
    expect(asked()).toBe(1);
  });

  it('is another one for another lab', async () => {
    const { part } = aPart();
    const [mine, yours] = [madeOnDemand(part, 'mine'), madeOnDemand(part, 'yours')];
    expect(await mine.get()).not.toBe(await yours.get());
  });

  it('comes at the next asking where the network was away at the first', async () => {
    const { part } = aPart(1);
    const acts = madeOnDemand(part, 'mine');
    await expect(acts.get()).rejects.toThrow(/the network is away/);
    expect(acts.here()).toBeNull();
    expect(await acts.get()).toEqual({ lab: 'mine', number: 1 });
  });
});
