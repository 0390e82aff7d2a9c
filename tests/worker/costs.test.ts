import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/core/kernels/gpu/account';
import { Costs } from '../../src/worker/costs';

/** an account that is told what it counts */
function scripted(timer: object | null = null) {
  const counts = { dispatches: 0, submits: 0, buffers: 0, bindGroups: 0, bytes: 0, scriptMs: 0 };
  const account = {
    timer,
    get reading() {
      return { ...counts };
    },
  } as unknown as Account;
  const work = (dispatches: number, scriptMs: number) => {
    counts.dispatches += dispatches;
    counts.scriptMs += scriptMs;
  };
  return { account, work };
}

describe('the costs of a run', () => {
  it('are those of its own work, added up until they are told', () => {
    const { account, work } = scripted();
    const costs = new Costs(() => 0);
    for (const dispatches of [30, 20]) {
      costs.begin(account);
      work(dispatches, 2);
      costs.end();
      work(1000, 1000); // somebody looks at the attention between two phases
    }
    expect(costs.take()).toEqual({ 'perf/dispatches': 50, 'perf/jsMs': 4 });
    expect(costs.take()).toEqual({ 'perf/dispatches': 0, 'perf/jsMs': 0 });
  });

  it('begin anew on another card, and end where there is none', () => {
    const [first, second] = [scripted(), scripted()];
    second.work(7, 7);
    const costs = new Costs(() => 0);
    costs.begin(first.account);
    first.work(40, 1);
    costs.end();
    costs.begin(second.account);
    second.work(5, 3);
    costs.end();
    expect(costs.take()).toEqual({ 'perf/dispatches': 5, 'perf/jsMs': 3 });
    costs.begin(null);
    costs.end();
    expect(costs.take()).toEqual({});
  });

  it('have the card look at its clock for plain steps only', () => {
    const asked: string[] = [];
    const timer = {
      isIdle: true,
      run: () => asked.push('run'),
      hold: () => {},
      drop: () => asked.push('drop'),
    };
    const { account, work } = scripted(timer);
    account.readTimer = async () => {
      asked.push('read');
      return 2;
    };
    let now = 0;
    const costs = new Costs(() => now);
    const step = (dispatches: number) => {
      costs.begin(account);
      work(dispatches, 1);
      costs.end();
      costs.take();
      return asked.splice(0);
    };
    expect(step(400)).toEqual(['run', 'drop']); // the first one compiles and is evaluated
    expect(step(100)).toEqual(['run', 'read']);
    now += 499;
    expect(step(100)).toEqual([]);
    now += 1;
    expect(step(900)).toEqual(['run', 'drop']); // evaluated again: the next step is looked at instead
    expect(step(105)).toEqual(['run', 'read']);
  });
});
