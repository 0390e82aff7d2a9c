import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { firstThread } from '../../src/client/workerClient';

class MadeWorker extends EventTarget {
  static made: MadeWorker[] = [];
  constructor(
    readonly url: URL,
    readonly options: WorkerOptions,
  ) {
    super();
    MadeWorker.made.push(this);
  }
}

/** as the browser does with the page's first script, at an address */
async function open(hash: string): Promise<void> {
  vi.stubGlobal('location', { hash });
  vi.resetModules();
  await import('../../src/client/early');
}

describe('a thread that was asked for before the page was here', () => {
  beforeEach(() => {
    MadeWorker.made = [];
    vi.stubGlobal('Worker', MadeWorker);
  });
  afterEach(() => {
    globalThis.earlyThread = undefined;
    vi.unstubAllGlobals();
  });

  it('is taken by the page, once', async () => {
    await open('#/compare');
    expect(firstThread()).toBe(MadeWorker.made[0]);
    expect(MadeWorker.made).toHaveLength(1);
    expect(firstThread()).toBe(MadeWorker.made[1]);
  });

  it('is the one that the page would start itself', async () => {
    await open('');
    firstThread();
    firstThread();
    const [early, own] = MadeWorker.made;
    expect(early?.url.href).toBe(own?.url.href);
    expect(early?.options).toEqual(own?.options);
  });

  it('is left where it did not come up', async () => {
    await open('');
    MadeWorker.made[0]?.dispatchEvent(new Event('error'));
    expect(firstThread()).toBe(MadeWorker.made[1]);
  });

  it('is not asked for by the second window of a presenter', async () => {
    await open('#/notes/abc');
    expect(MadeWorker.made).toEqual([]);
  });

  it('is not missed where the script never came', () => {
    expect(firstThread()).toBe(MadeWorker.made[0]);
  });
});
