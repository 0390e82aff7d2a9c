import { describe, expect, it } from 'vitest';
import { aloneLock, webLock } from '../../../src/store/persistence/tabLock';

/** As much of the Web Locks standard as one exclusive lock needs. */
class Locks {
  private holder: { abort(): void } | null = null;

  private waiting: Promise<void> = Promise.resolve();

  async request(
    _name: string,
    { signal, steal, ifAvailable }: LockOptions,
    granted: (lock: object | null) => unknown,
  ): Promise<void> {
    if (this.holder && ifAvailable) return void granted(null);
    if (steal) this.holder?.abort();
    else await this.turn(signal);
    await new Promise<void>((resolve, reject) => {
      const mine = { abort: () => reject(new DOMException('The lock was stolen.', 'AbortError')) };
      this.holder = mine;
      this.waiting = Promise.resolve(granted({})).then(() => {
        if (this.holder === mine) this.holder = null;
        resolve();
      });
    });
  }

  private async turn(signal: AbortSignal | undefined): Promise<void> {
    if (!this.holder) return;
    const tooLate = new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    await Promise.race([this.waiting, tooLate]);
  }
}

const never = () => {
  throw new Error('this tab should not lose the lab');
};

describe('the lock of a lab', () => {
  const browser = () => {
    const locks = new Locks() as unknown as LockManager;
    return () => webLock('test', locks, 50);
  };

  it('goes to the first tab only', async () => {
    const tab = browser();
    expect(await tab().acquire(never)).toBe(true);
    expect(await tab().acquire(never)).toBe(false);
  });

  it('goes to the next tab when the first lets go', async () => {
    const tab = browser();
    const first = tab();
    await first.acquire(never);
    first.release();
    await Promise.resolve();
    expect(await tab().acquire(never)).toBe(true);
  });

  it('goes to a tab that comes while the lock of the last one is still being let go', async () => {
    const tab = browser();
    const dying = tab();
    await dying.acquire(never);
    const next = tab().acquire(never);
    dying.release();
    expect(await next).toBe(true);
  });

  it('goes to a page that was too busy to hear so in time', async () => {
    const locks = new Locks();
    const request = locks.request.bind(locks);
    locks.request = async (name, options, granted) => {
      if (options.signal) throw new DOMException('too late', 'TimeoutError');
      return request(name, options, granted);
    };
    expect(await webLock('test', locks as unknown as LockManager, 50).acquire(never)).toBe(true);
  });

  it('is taken over, and the tab that had it is told', async () => {
    const tab = browser();
    let lost = 0;
    await tab().acquire(() => lost++);
    await tab().takeOver(never);
    expect(lost).toBe(1);
    expect(await tab().acquire(never)).toBe(false);
  });

  it('is everyone’s where the browser has no locks', async () => {
    expect(await aloneLock().acquire(never)).toBe(true);
  });
});
