import { beforeEach, describe, expect, it, vi } from 'vitest';
import { workerVersions } from '../../../src/store/persistence/versions';

/** a service worker's registration with what happens to it by hand */
class FakeRegistration extends EventTarget {
  waiting: { postMessage: ReturnType<typeof vi.fn> } | null = null;
  installing: EventTarget | null = null;
  update = vi.fn(async () => undefined);
  /** a newer version has come and waits */
  arrive(): void {
    const worker = new EventTarget();
    this.installing = worker;
    this.dispatchEvent(new Event('updatefound'));
    this.installing = null;
    this.waiting = { postMessage: vi.fn() };
    worker.dispatchEvent(new Event('statechange'));
  }
}

function page(controller: object | null) {
  const registration = new FakeRegistration();
  const container = Object.assign(new EventTarget(), {
    controller,
    register: vi.fn(async (_: URL) => registration),
    ready: Promise.resolve({ active: {} }),
  });
  const reload = vi.fn();
  const offered = vi.fn();
  const versions = workerVersions(container as never, reload);
  return { registration, container, reload, offered, versions };
}

const notes = new Map<string, string>();
beforeEach(() => {
  notes.clear();
  vi.useFakeTimers();
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => notes.get(key) ?? null,
    setItem: (key: string, value: string) => notes.set(key, value),
    removeItem: (key: string) => notes.delete(key),
  });
});

describe('versions of the page', () => {
  it('are not kept where a browser has no service worker, or the page is served without one', async () => {
    expect(await workerVersions(null).keep(() => undefined)).toBe(false);
    const { container, versions, offered } = page(null);
    container.register.mockRejectedValueOnce(new Error('404'));
    expect(await versions.keep(offered)).toBe(false);
  });

  it.each([
    ['Chromium', { userAgent: 'AppleWebKit/537.36 Chrome/156.0 Safari/537.36', userAgentData: {} }, true],
    ['Firefox', { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0' }, true],
    ['WebKit', { userAgent: 'AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15' }, false],
    ['Firefox on WebKit', { userAgent: 'AppleWebKit/605.1.15 FxiOS/153.0 Mobile/15E148 Safari/605.1.15' }, false],
  ])('are kept in %s or not', async (_, browser, isKept) => {
    const { container } = page(null);
    vi.stubGlobal('navigator', { ...browser, serviceWorker: container });
    expect(await workerVersions().keep(() => undefined)).toBe(isKept);
    expect(container.register).toHaveBeenCalledTimes(isKept ? 1 : 0);
  });

  it('are offered when a newer one waits, and not when the first one has come', async () => {
    const first = page(null);
    expect(await first.versions.keep(first.offered)).toBe(true);
    first.registration.arrive();
    expect(first.offered).not.toHaveBeenCalled();
    const later = page({});
    await later.versions.keep(later.offered);
    expect(later.offered).not.toHaveBeenCalled();
    later.registration.arrive();
    expect(later.offered).toHaveBeenCalledTimes(1);
  });

  it('change when the newer one has taken over, and not before', async () => {
    const { registration, container, reload, offered, versions } = page({});
    await versions.keep(offered);
    registration.arrive();
    expect(reload).not.toHaveBeenCalled();
    expect(versions.take(1000)).toBe(true);
    expect(registration.waiting?.postMessage).toHaveBeenCalledWith('take over');
    expect(reload).not.toHaveBeenCalled();
    container.dispatchEvent(new Event('controllerchange'));
    container.dispatchEvent(new Event('controllerchange'));
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it('load the page again at most once in ten seconds', async () => {
    const { reload, offered, versions } = page({});
    await versions.keep(offered);
    expect([1000, 2000, 10_999, 11_000].map((now) => versions.take(now))).toEqual([true, false, false, true]);
    expect(reload).toHaveBeenCalledTimes(2);
  });

  it('load the page though the clock was set back an hour since', async () => {
    const { reload, offered, versions } = page({});
    await versions.keep(offered);
    const HOUR = 60 * 60 * 1000;
    expect([2 * HOUR, HOUR, HOUR + 9999].map((now) => versions.take(now))).toEqual([true, true, false]);
    expect(reload).toHaveBeenCalledTimes(2);
  });

  it('are looked for every hour', async () => {
    const { registration, offered, versions } = page({});
    await versions.keep(offered);
    vi.advanceTimersByTime(60 * 60 * 1000);
    expect(registration.update).toHaveBeenCalledTimes(1);
  });
});
